from __future__ import annotations

import string
from collections.abc import Callable

import numpy as np
import pytest
import qrcode
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from app.errors import ArtworkUnusable
from app.pdf.codes import (
    DATA_MATRIX_QUIET_ZONE,
    QR_QUIET_ZONE,
    ErrorLevel,
    Modules,
    data_matrix_modules,
    merged_rectangles,
    qr_modules,
)

LINK = "https://fernweh.example/o/7ZK3M5A1B2C3D"
LEVELS: tuple[ErrorLevel, ...] = ("L", "M", "Q", "H")


def read(modules: Modules, quiet: int) -> str:
    ink = np.pad(modules, quiet).repeat(4, axis=0).repeat(4, axis=1)
    found = zxingcpp.read_barcodes(np.where(ink, 0, 255).astype(np.uint8))
    assert len(found) == 1
    return found[0].bytes.decode("ascii")


def by_another_maker(text: str, error: ErrorLevel, mask: int) -> Modules:
    level = getattr(qrcode.constants, f"ERROR_CORRECT_{error}")
    code = qrcode.QRCode(error_correction=level, mask_pattern=mask, border=0)
    code.add_data(text, optimize=0)
    code.make(fit=True)
    return np.array(code.get_matrix(), dtype=np.bool_)


@pytest.mark.parametrize("error", LEVELS)
@pytest.mark.parametrize("text", [LINK.lower(), "A", "HTTPS://EXAMPLE.COM/1", "0123456789", "x" * 300])
def test_a_qr_is_module_by_module_what_another_maker_makes(text: str, error: ErrorLevel) -> None:
    # Texts of one kind of character: a mix is split into segments, and there makers rightly differ.
    # Each of the eight masks is a right code; which of them reads best is the maker's choice.
    ours = qr_modules(text, error)
    assert sum(np.array_equal(ours, by_another_maker(text, error, mask)) for mask in range(8)) == 1


@given(st.text(alphabet=string.printable, min_size=1, max_size=200))
def test_a_qr_reads_back(text: str) -> None:
    assert read(qr_modules(text), QR_QUIET_ZONE) == text


@given(st.text(alphabet=string.ascii_letters + string.digits + "-:/.", min_size=1, max_size=80))
def test_a_data_matrix_reads_back(text: str) -> None:
    assert read(data_matrix_modules(text), DATA_MATRIX_QUIET_ZONE) == text


def test_a_bench_code_is_a_small_square() -> None:
    assert data_matrix_modules("FW7ZK3M5A1B2C3D0ABCDEF").shape == (18, 18)


@pytest.mark.parametrize("make", [qr_modules, data_matrix_modules])
@pytest.mark.parametrize("text", ["", "https://münchen.example/", "x" * 5000])
def test_what_no_code_can_hold_is_refused(make: Callable[[str], Modules], text: str) -> None:
    with pytest.raises(ArtworkUnusable) as caught:
        make(text)
    assert caught.value.mend


@given(arrays.arrays(np.bool_, st.tuples(st.integers(1, 12), st.integers(1, 12))))
def test_merged_rectangles_cover_each_inked_module_once(modules: Modules) -> None:
    count = np.zeros(modules.shape, dtype=int)
    for x, y, width, height in merged_rectangles(modules):
        count[y : y + height, x : x + width] += 1
    assert np.array_equal(count, modules.astype(int))


def test_a_block_is_one_rectangle() -> None:
    modules = np.zeros((5, 6), dtype=np.bool_)
    modules[1:4, 2:6] = True
    assert merged_rectangles(modules) == [(2, 1, 4, 3)]


def test_a_qr_needs_less_than_half_as_many_rectangles_as_modules() -> None:
    modules = qr_modules(LINK)
    assert len(merged_rectangles(modules)) < modules.sum() / 2
