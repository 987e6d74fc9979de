from __future__ import annotations

import string

import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import ArtworkUnusable
from app.pdf.codes.code_128 import code_128_widths
from tests.barcodes import read_bars

ASCII = "".join(map(chr, range(128)))


def by_another_maker(text: str) -> str:
    """The widths that zxing-cpp makes."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128)
    row = np.asarray(zxingcpp.write_barcode_to_image(code, scale=1, add_quiet_zones=False))[0] == 0
    edges = np.flatnonzero(np.diff(row, prepend=False, append=False))
    return "".join(map(str, np.diff(edges)))


@settings(deadline=None)
@given(st.text(ASCII, min_size=1, max_size=40))
def test_any_ascii_reads_back(text: str) -> None:
    found = read_bars(code_128_widths(text))
    assert found.format == zxingcpp.BarcodeFormat.Code128
    assert found.text == text


@settings(deadline=None)
@given(st.text("0123456789aB-\t", min_size=1, max_size=24))
def test_none_is_shorter_by_another_maker(text: str) -> None:
    ours, theirs = (sum(map(int, widths)) for widths in (code_128_widths(text), by_another_maker(text)))
    assert ours <= theirs


@pytest.mark.parametrize("text", ["A1", "x" * 9, string.ascii_uppercase, "123456", "00000000"])
def test_where_there_is_one_shortest_it_is_another_makers(text: str) -> None:
    def symbols(widths: str) -> list[str]:
        return [widths[start : start + 6] for start in range(0, len(widths), 6)]

    ours, theirs = symbols(code_128_widths(text)), symbols(by_another_maker(text))
    assert len(ours) == len(theirs)
    # Capitals are the same in sets A and B: makers differ in start and so in check.
    assert ours[1:-3] == theirs[1:-3]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("(01)09501101530003", "0109501101530003"),
        ("(01)09501101530003(10)AB-1(21)77", "010950110153000310AB-1\x1d2177"),
        ("(10)A1(17)260304", "10A1\x1d17260304"),
    ],
)
def test_element_strings_are_parted_where_their_length_is_not_fixed(text: str, said: str) -> None:
    found = read_bars(code_128_widths(text, gs1=True))
    assert found.content_type == zxingcpp.ContentType.GS1
    assert found.text == said


@pytest.mark.parametrize("text", ["", "Zoë", "1" * 81])
def test_what_it_cannot_say_is_refused(text: str) -> None:
    with pytest.raises(ArtworkUnusable) as caught:
        code_128_widths(text)
    assert caught.value.mend


@pytest.mark.parametrize("text", ["", "0109501101530003", "(01)123(", "(10)", "(10)" + "A" * 47, "(1)2"])
def test_what_is_no_element_string_is_refused(text: str) -> None:
    with pytest.raises(ArtworkUnusable) as caught:
        code_128_widths(text, gs1=True)
    assert caught.value.mend
