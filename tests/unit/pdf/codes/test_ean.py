from __future__ import annotations

from itertools import pairwise
from typing import Literal

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import ArtworkUnusable
from app.pdf.codes.ean import read_ean
from tests.barcodes import read_bars

FORMATS = {
    "EAN-13": zxingcpp.BarcodeFormat.EAN13,
    "EAN-8": zxingcpp.BarcodeFormat.EAN8,
    "UPC-A": zxingcpp.BarcodeFormat.EAN13,
}


@settings(deadline=None)
@given(st.from_regex(r"[0-9]{7}|[0-9]{11}|[0-9]{12}", fullmatch=True))
def test_all_digits_read_back_with_their_check_digit(text: str) -> None:
    ean = read_ean(text, "added")
    found = read_bars(ean.widths)
    assert ean.digits[:-1] == text
    assert found.text.lstrip("0") == ean.digits.lstrip("0")
    assert found.format in {FORMATS[ean.kind], zxingcpp.BarcodeFormat.UPCA}
    assert read_ean(ean.digits, "given") == ean
    assert sum(map(int, ean.widths)) == ean.modules


@pytest.mark.parametrize(
    ("text", "check", "says"),
    [
        ("4006381333932", "given", "the check digit of 4006381333932 should be 1, not 2"),
        ("400638133393", "given", "the check digit of 400638133393 should be"),
        ("40063813339", "given", "no EAN: it needs 8 (EAN-8), 12 (UPC-A), 13 (EAN-13) digits"),
        ("4006381333931", "added", "no EAN: it needs 7 (EAN-8), 11 (UPC-A), 12 (EAN-13) digits"),
        ("400638133393x", "given", "no EAN"),
        ("٤٠٠٦٣٨١٣٣٣٩٣١", "given", "no EAN"),
        ("", "added", "no EAN"),
    ],
)
def test_wrong_digits_are_refused(text: str, check: Literal["given", "added"], says: str) -> None:
    with pytest.raises(ArtworkUnusable) as caught:
        read_ean(text, check)
    assert says in caught.value.detail
    assert caught.value.mend


@pytest.mark.parametrize(
    ("digits", "groups"),
    [
        ("4006381333931", ["4", "006381", "333931"]),
        ("96385074", ["9638", "5074"]),
        ("036000291452", ["0", "36000", "29145", "2"]),
    ],
)
def test_all_digits_are_written_below_beside_each_other(digits: str, groups: list[str]) -> None:
    ean = read_ean(digits, "given")
    written = sorted(ean.written, key=lambda group: group[1])
    assert [group for group, _, _ in written] == groups
    assert all(before[2] <= after[1] for before, after in pairwise(written))
    left, right = ean.quiet
    assert -left <= written[0][1]
    assert written[-1][2] <= ean.modules + right
    assert not any(set(modules) & set(range(start, end)) for modules in ean.long for _, start, end in written)
