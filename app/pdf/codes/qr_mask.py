"""Chooses the mask that reads best, by the standard's penalties (ISO/IEC 18004:2015, 7.8.3).

A row or a column is a word of bits, and its neighbours are the same word shifted. So each rule is a handful
of bitwise operations for all lines of all codes under all masks at once. Words have 32 bits, of larger codes
64; of the largest, a line has several. Axes are rows or columns, word, mask, line, code.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.pdf.codes.modules import Modules, Octets

Lines = NDArray[np.unsignedinteger[Any]]
_Counts = NDArray[np.int64]

_RUN_POINTS = 2
"""A run of n ≥ 5 alike holds n - 4 fives, one of them the last, and costs n - 2 (N1)."""
_SQUARE_POINTS, _FINDER_POINTS = 3, 40
"""N2 and N3."""
_SHARE_POINTS = 10
"""N4, for each whole 5 % that the dark modules are off one half."""


def lines_of(grids: Modules) -> Lines:
    """Rows and columns as words.

    Args:
        grids: codes (or masks) × size × size.

    Gives:
        2 × words × size × codes; module i of a line is bit i.
    """
    count, size, _ = grids.shape
    kind = np.dtype("<u4" if size <= 32 else "<u8")  # noqa: PLR2004 - bits
    room = -(-size // (8 * kind.itemsize)) * 8 * kind.itemsize
    bits = np.zeros((2, size, count, room), dtype=np.bool_)
    bits[0, :, :, :size] = grids.swapaxes(0, 1)
    bits[1, :, :, :size] = grids.transpose(2, 0, 1)
    words = (
        np.packbits(bits, axis=-1, bitorder="little").view(kind).astype(kind.newbyteorder("="), copy=False)
    )
    lines: Lines = np.ascontiguousarray(np.moveaxis(words, -1, 1))
    return lines


def best_masks(lines: Lines) -> Octets:
    """The mask with the least penalty for each code; the lowest of equals. `lines` as for `penalties`."""
    best: Octets = penalties(lines).argmin(axis=0).astype(np.uint8)
    return best


def penalties(lines: Lines) -> _Counts:
    """The penalty of each mask and code: shape (masks, codes).

    Args:
        lines: 2 × words × masks × size × codes.
    """
    size = lines.shape[3]
    steps = (lines ^ _on(lines, 1)) & _first(size - 1, lines)
    points = _judge_lines(lines, steps, size)
    rows, across = lines[0], steps[0]
    unlike = rows[:, :, 1:] ^ rows[:, :, :-1]
    unlike |= across[:, :, 1:]
    unlike |= across[:, :, :-1]
    points += _SQUARE_POINTS * _count(~unlike & _first(size - 1, rows))
    area = size * size
    points += _SHARE_POINTS * (np.abs(20 * _count(rows) - 10 * area) // area)
    return points


def _judge_lines(lines: Lines, steps: Lines, size: int) -> _Counts:
    """The points for runs of five alike and more, and for what looks like a finder pattern.

    That is dark, light, three dark, light, dark, with four light before or after it. A step is a module
    unlike the next one.
    """
    in_two = _on(steps, 1)
    two_steps = steps & in_two
    in_two |= steps
    in_four = _on(in_two, 2)
    finders = _on(two_steps, 4)
    finders &= two_steps
    finders &= lines
    finders &= ~in_four
    in_four |= in_two
    fives = ~in_four
    fives &= _first(size - 4, lines)
    last = fives & ~_on(fives, 1)
    dark = lines | _on(lines, 1)
    dark |= _on(dark, 2)
    four_light = ~dark
    four_light &= _first(size - 3, lines)
    finders &= _on(four_light, 7) | _on(four_light, -4)
    points: _Counts = _count(fives) + _RUN_POINTS * _count(last) + _FINDER_POINTS * _count(finders)
    return points


def _on(lines: Lines, places: int) -> Lines:
    """Each module's neighbour so many places further on in its line, or back."""
    bits = 8 * lines.itemsize
    several = lines.shape[-4] > 1
    if places < 0:
        shifted = np.left_shift(lines, -places, dtype=lines.dtype)
        if several:
            shifted[..., 1:, :, :, :] |= lines[..., :-1, :, :, :] >> bits + places
        return shifted
    shifted = np.right_shift(lines, places, dtype=lines.dtype)
    if several:
        shifted[..., :-1, :, :, :] |= lines[..., 1:, :, :, :] << bits - places
    return shifted


def _first(modules: int, lines: Lines) -> Lines:
    """The first so many places of a line, for each of its words."""
    return _places(modules, lines.shape[-4], lines.dtype)


@lru_cache(maxsize=256)
def _places(modules: int, words: int, kind: np.dtype[np.unsignedinteger[Any]]) -> Lines:
    bits = 8 * kind.itemsize
    left = (min(max(modules - bits * word, 0), bits) for word in range(words))
    first: Lines = np.array([(1 << each) - 1 for each in left], dtype=kind)
    first.flags.writeable = False  # all calls share it
    return first.reshape(words, 1, 1, 1)


def _count(bits: Lines) -> _Counts:
    """How many bits are set for each mask and code, over words and lines."""
    counted = np.bitwise_count(bits).sum(axis=-2, dtype=np.uint16)
    counts: _Counts = counted.reshape(-1, *counted.shape[-2:]).sum(axis=0, dtype=np.int64)
    return counts
