from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from app.pdf.codes.modules import Modules
from app.pdf.codes.qr import qr_batch, qr_modules
from app.pdf.codes.rectangles import rectangle_paths

LINK = "https://fernweh.example/o/7ZK3M5A1B2C3D"


def rectangles(path: bytes) -> list[tuple[int, ...]]:
    return [tuple(map(int, line.split())) for line in path.split(b"re")[:-1]]


@given(arrays.arrays(np.bool_, st.tuples(st.integers(1, 12), st.integers(1, 12))))
def test_each_inked_module_is_covered_once(modules: Modules) -> None:
    count = np.zeros(modules.shape, dtype=int)
    for x, y, width, height in rectangles(rectangle_paths([modules])[0]):
        count[y : y + height, x : x + width] += 1
    assert np.array_equal(count, modules.astype(int))


def test_a_block_is_one_rectangle() -> None:
    modules = np.zeros((5, 6), dtype=np.bool_)
    modules[1:4, 2:6] = True
    assert rectangle_paths([modules]) == [b"\n2 1 4 3 re"]


def test_nothing_is_an_empty_path() -> None:
    assert rectangle_paths([np.zeros((3, 3), dtype=np.bool_)]) == [b""]
    assert rectangle_paths([]) == []


def test_many_sizes_are_each_what_one_alone_is() -> None:
    codes = qr_batch(["a" * length for length in range(1, 170)])
    assert rectangle_paths(codes) == [rectangle_paths([modules])[0] for modules in codes]


def test_a_qr_needs_less_than_half_as_many_rectangles_as_modules() -> None:
    modules = qr_modules(LINK)
    assert len(rectangles(rectangle_paths([modules])[0])) < modules.sum() / 2
