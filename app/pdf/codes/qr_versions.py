"""The forty versions of QR: their capacities, and where each bit stands (ISO/IEC 18004:2015, 6.3 and 7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from app.domain.template import ErrorLevel
from app.pdf.codes.modules import Modules, Octets
from app.pdf.codes.qr_mask import Lines, lines_of

LARGEST_VERSION = 40
MASKS = 8
_Grid = NDArray[np.intp]
_FREE, _LIGHT, _DARK = range(3)
_TIMING = 6
"""The line and the column of the timing patterns."""
_FIRST_WITH_VERSION = 7
"""From here on, a code tells its version."""

_LEVEL_BITS: dict[ErrorLevel, int] = {"L": 1, "M": 0, "Q": 3, "H": 2}
# Table 9: check words a block, and blocks, by version from 1.
_CHECK_WORDS: dict[ErrorLevel, str] = {
    "L": "7 10 15 20 26 18 20 24 30 18 20 24 26 30 22 24 28 30 28 28 28 28 30 30 26 28" + 14 * " 30",
    "M": "10 16 26 18 24 16 18 22 22 26 30 22 22 24 24 28 28 26 26 26 26" + 19 * " 28",
    "Q": "13 22 18 26 18 24 18 22 20 24 28 26 24 20 30 24 28 28 26 30 28 30 30 30 30 28" + 14 * " 30",
    "H": "17 28 22 16 22 28 26 26 24 28 24 28 22 24 24 30 28 28 26 28 30 24" + 18 * " 30",
}
_BLOCKS: dict[ErrorLevel, str] = {
    "L": "1 1 1 1 1 2 2 2 2 4 4 4 4 4 6 6 6 6 7 8 8 9 9 10 12 12 12 13 14 15 16 17 18 19 19 20 21 22 24 25",
    "M": "1 1 1 2 2 4 4 4 5 5 5 8 9 9 10 10 11 13 14 16 17 17 18 20 21 23 25 26 28 29 "
    "31 33 35 37 38 40 43 45 47 49",
    "Q": "1 1 2 2 4 4 6 6 8 8 8 10 12 16 12 17 16 18 21 20 23 23 25 27 29 34 34 35 38 40 "
    "43 45 48 51 53 56 59 62 65 68",
    "H": "1 1 2 4 4 4 5 6 8 8 11 11 16 16 18 16 19 21 25 25 25 34 30 32 35 37 40 42 45 48 "
    "51 54 57 60 63 66 70 74 77 81",
}


@dataclass(frozen=True, slots=True)
class Blocks:
    """How the words of one version and level are divided for their checks."""

    data: tuple[int, ...]
    """Data words of each block."""
    check: int
    """Check words of each."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the bits stand, by module, row by row.

    A module under mask m is `(words[word] & bit != 0) ^ flips[m]`.
    """

    size: int
    word: _Grid
    """Into the data words of all blocks followed by their check words, block by block."""
    bit: Octets
    """0 where the module is part of a pattern."""
    flips: Modules
    """Mask × module: what each mask turns, or how a pattern is; the format's modules differ by mask, too."""
    lines: Lines
    """The same as lines, with an axis for codes."""


def size_of(version: int) -> int:
    """Modules a side."""
    return 17 + 4 * version


@cache  # at most 160
def blocks_of(version: int, level: ErrorLevel) -> Blocks:
    """The blocks: the longer ones, by one word, come last."""
    check = int(_CHECK_WORDS[level].split()[version - 1])
    count = int(_BLOCKS[level].split()[version - 1])
    short, longer = divmod(_words(version), count)
    return Blocks((*[short - check] * (count - longer), *[short - check + 1] * longer), check)


def _words(version: int) -> int:
    """Whole words in the free modules of a version."""
    modules = (16 * version + 128) * version + 64
    if version > 1:
        lines = version // 7 + 2
        modules -= (25 * lines - 10) * lines - 55
    return (modules - 36 * (version >= _FIRST_WITH_VERSION)) // 8


@lru_cache(maxsize=16)  # of a large version: 0.3 MB
def placement_of(version: int, level: ErrorLevel) -> Placement:
    """Every module of a version and level."""
    size = size_of(version)
    patterns = _patterns(version)
    flips = np.where(patterns == _DARK, 0xFF, 0).astype(np.uint8)
    free = patterns == _FREE
    flips[free] = _masks(size)[free]
    for row, column, value in _format_modules(size, level):
        flips[row, column] = value
    word = np.zeros((size, size), dtype=np.intp)
    bit = np.zeros((size, size), dtype=np.uint8)
    order = _interleaved(blocks_of(version, level))
    rows, columns = _snake(free)
    places = np.arange(8 * len(order))  # the few modules left over stay light, but are masked
    word[rows[places], columns[places]] = order[places // 8]
    bit[rows[places], columns[places]] = 0x80 >> (places % 8)
    under_masks = (flips >> np.arange(MASKS, dtype=np.uint8)[:, None, None] & 1).astype(np.bool_)
    lines = lines_of(under_masks).swapaxes(2, 3)[..., None]
    return Placement(size, word.ravel(), bit.ravel(), under_masks.reshape(MASKS, -1), lines)


def _interleaved(blocks: Blocks) -> _Grid:
    """The order in which words are placed: the first of each block, the second of each, and so on."""
    starts = np.cumsum((0, *blocks.data))
    order = [
        int(start) + place
        for place in range(max(blocks.data))
        for start, length in zip(starts[:-1], blocks.data, strict=True)
        if place < length
    ]
    total, count = int(starts[-1]), len(blocks.data)
    checks = (total + block * blocks.check + place for place in range(blocks.check) for block in range(count))
    return np.array([*order, *checks], dtype=np.intp)


def _snake(free: NDArray[np.bool_]) -> tuple[_Grid, _Grid]:
    """Rows and columns of the free modules in the order of their bits: up and down in columns two wide."""
    size = len(free)
    pairs = (*range(size - 1, _TIMING, -2), *range(_TIMING - 1, 0, -2))
    rows, columns = [], []
    for turn, right in enumerate(pairs):
        downwards = np.arange(size) if turn % 2 else np.arange(size)[::-1]
        rows.append(downwards.repeat(2))
        columns.append(np.tile((right, right - 1), size))
    row, column = np.concatenate(rows), np.concatenate(columns)
    chosen = free[row, column]
    return row[chosen], column[chosen]


def _patterns(version: int) -> Octets:
    """What each module is before any data: free, or of a pattern. The format's modules are light here."""
    size = size_of(version)
    grid = np.full((size, size), _FREE, dtype=np.uint8)
    for row, column in _alignments(version):
        grid[row - 2 : row + 3, column - 2 : column + 3] = _rings(5)
    grid[:9, :9] = grid[:9, -8:] = grid[-8:, :9] = _LIGHT
    grid[:7, :7] = grid[:7, -7:] = grid[-7:, :7] = _rings(7)
    grid[_TIMING, 8:-8] = grid[8:-8, _TIMING] = np.where(np.arange(8, size - 8) % 2, _LIGHT, _DARK)
    grid[-8, 8] = _DARK
    if version >= _FIRST_WITH_VERSION:
        told = _with_check(version, 12, 0x1F25)
        square = np.array([_DARK if told >> place & 1 else _LIGHT for place in range(18)]).reshape(6, 3)
        grid[:6, -11:-8], grid[-11:-8, :6] = square, square.T
    return grid


def _alignments(version: int) -> Iterator[tuple[int, int]]:
    """Middles of the alignment patterns: where their lines cross, save in the corners (annex E)."""
    if version == 1:
        return
    count = version // 7 + 2
    step = (version * 8 + count * 3 + 5) // (count * 4 - 4) * 2
    last = size_of(version) - 7
    lines = (_TIMING, *(last - step * place for place in reversed(range(count - 1))))
    corners = {(_TIMING, _TIMING), (_TIMING, last), (last, _TIMING)}
    yield from ((row, column) for row in lines for column in lines if (row, column) not in corners)


def _rings(size: int) -> Octets:
    """A dark ring, a light one, and a dark middle."""
    rings = np.full((size, size), _DARK, dtype=np.uint8)
    rings[1:-1, 1:-1] = _LIGHT
    rings[2:-2, 2:-2] = _DARK
    return rings


def _masks(size: int) -> Octets:
    """The eight masks, mask m in bit m (table 10)."""
    i, j = np.indices((size, size), dtype=np.int32)
    zero_where_dark = (
        (i + j) % 2,
        i % 2,
        j % 3,
        (i + j) % 3,
        (i // 2 + j // 3) % 2,
        i * j % 2 + i * j % 3,
        (i * j % 2 + i * j % 3) % 2,
        ((i + j) % 2 + i * j % 3) % 2,
    )
    dark = np.array([each == 0 for each in reversed(zero_where_dark)])
    packed: Octets = np.packbits(dark, axis=0)[0]
    return packed


def _format_modules(size: int, level: ErrorLevel) -> Iterator[tuple[int, int, int]]:
    """Row, column and value under each mask of the modules that tell level and mask (7.9)."""
    told = [_with_check(_LEVEL_BITS[level] << 3 | mask, 10, 0x537) ^ 0x5412 for mask in range(MASKS)]
    for place in range(15):
        value = sum((told[mask] >> place & 1) << mask for mask in range(MASKS))
        across = place if place < 6 else place + 1 if place < 8 else size - 15 + place  # noqa: PLR2004 - round the finder
        down = size - 1 - place if place < 8 else 15 - place if place == 8 else 14 - place  # noqa: PLR2004 - as above
        yield across, 8, value
        yield 8, down, value


def _with_check(value: int, bits: int, generator: int) -> int:
    """A value followed by the `bits` of its BCH check."""
    remainder = value
    for _ in range(bits):
        remainder = (remainder << 1) ^ (remainder >> (bits - 1)) * generator
    return value << bits | remainder
