"""The square sizes of Data Matrix ECC 200, and where each bit stands (ISO/IEC 16022:2006, 5.5 and annex F).

144 × 144 is left out: makers and readers disagree on the order of its check words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from app.pdf.codes.modules import Octets


@dataclass(frozen=True, slots=True)
class Size:
    """One size: data words, check words, blocks, and regions a side, each with a frame of its own."""

    data: int
    check: int
    blocks: int = 1
    regions: int = 1


SIZES = {
    10: Size(3, 5),
    12: Size(5, 7),
    14: Size(8, 10),
    16: Size(12, 12),
    18: Size(18, 14),
    20: Size(22, 18),
    22: Size(30, 20),
    24: Size(36, 24),
    26: Size(44, 28),
    32: Size(62, 36, regions=2),
    36: Size(86, 42, regions=2),
    40: Size(114, 48, regions=2),
    44: Size(144, 56, regions=2),
    48: Size(174, 68, regions=2),
    52: Size(204, 84, 2, 2),
    64: Size(280, 112, 2, 4),
    72: Size(368, 144, 4, 4),
    80: Size(456, 192, 4, 4),
    88: Size(576, 224, 4, 4),
    96: Size(696, 272, 4, 4),
    104: Size(816, 336, 6, 4),
    120: Size(1050, 408, 6, 6),
    132: Size(1304, 496, 8, 6),
}
"""By modules a side."""
_Cells = tuple[tuple[int, int], ...]
# Row and column of a word's bits, the highest first. From its last bit's place:
_NEAR: _Cells = ((-2, -2), (-2, -1), (-1, -2), (-1, -1), (-1, 0), (0, -2), (0, -1), (0, 0))
# … and in the corners, from the grid's top left, or where negative from its bottom right.
_CORNER_1: _Cells = ((-1, 0), (-1, 1), (-1, 2), (0, -2), (0, -1), (1, -1), (2, -1), (3, -1))
_CORNER_2: _Cells = ((-3, 0), (-2, 0), (-1, 0), (0, -4), (0, -3), (0, -2), (0, -1), (1, -1))
_CORNER_3: _Cells = ((-3, 0), (-2, 0), (-1, 0), (0, -2), (0, -1), (1, -1), (2, -1), (3, -1))


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the bits stand; all arrays have one entry a module, row by row.

    A module is dark where `words[word] & bit`, or where `dark` says so.
    """

    word: NDArray[np.intp]
    """Into the data words followed by the check words."""
    bit: Octets
    """0 where the module is part of a pattern."""
    dark: NDArray[np.bool_]


@cache  # at most one a size
def placement_of(side: int) -> Placement:
    """Every module of a size."""
    regions = SIZES[side].regions
    inner = side - 2 * regions
    word = np.zeros((side, side), dtype=np.intp)
    bit = np.zeros((side, side), dtype=np.uint8)
    dark = np.zeros((side, side), dtype=np.bool_)
    region = side // regions
    lines = np.arange(side)
    dark[:, lines % region == 0] = dark[lines % region == region - 1] = True
    dark[np.ix_(lines % region == 0, lines % 2 == 0)] = True
    dark[np.ix_(lines % 2 == 1, lines % region == region - 1)] = True
    inside = lines[(lines % region > 0) & (lines % region < region - 1)]
    free = np.ix_(inside, inside)
    dark[free] = False
    filled = np.zeros((inner, inner), dtype=np.bool_)
    for number, cells in enumerate(_words(inner, filled)):
        for place, (row, column) in enumerate(cells):
            word[inside[row], inside[column]] = number
            bit[inside[row], inside[column]] = 0x80 >> place
    if not filled[-1, -1]:  # four modules are left over: a small chequer
        dark[inside[-1], inside[-1]] = dark[inside[-2], inside[-2]] = True
    return Placement(word.ravel(), bit.ravel(), dark.ravel())


def _words(inner: int, filled: NDArray[np.bool_]) -> Iterator[_Cells]:
    """The cells of each word in turn, in slanting lines up and down over the grid without frames."""
    row, column, step = 4, 0, -2
    while row < inner or column < inner:
        if corner := _corner(inner, row, column):
            yield _taken(filled, tuple((r % inner, c % inner) for r, c in corner))
        while True:
            if 0 <= row < inner and 0 <= column < inner and not filled[row, column]:
                yield _taken(filled, tuple(_wrapped(inner, row + r, column + c) for r, c in _NEAR))
            row, column = row + step, column - step
            if not (row >= 0 and column < inner if step < 0 else row < inner and column >= 0):
                break
        row, column, step = (row + 1, column + 3, 2) if step < 0 else (row + 3, column + 1, -2)


def _corner(inner: int, row: int, column: int) -> _Cells | None:
    """The word that stands in the corners when a line begins here."""
    if column == 0 and row == inner:
        return _CORNER_1
    if column == 0 and row == inner - 2 and inner % 4:
        return _CORNER_2
    if column == 0 and row == inner - 2 and inner % 8 == 4:  # noqa: PLR2004 - as the standard writes it
        return _CORNER_3
    return None


def _wrapped(inner: int, row: int, column: int) -> tuple[int, int]:
    """A cell over the top or left edge comes in on the other side."""
    shift = 4 - (inner + 4) % 8
    if row < 0:
        row, column = row + inner, column + shift
    if column < 0:
        row, column = row + shift, column + inner
    return row, column


def _taken(filled: NDArray[np.bool_], cells: _Cells) -> _Cells:
    rows, columns = zip(*cells, strict=True)
    filled[list(rows), list(columns)] = True
    return cells
