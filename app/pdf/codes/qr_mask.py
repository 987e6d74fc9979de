"""Chooses the mask that reads best, by the standard's penalties (ISO/IEC 18004:2015, 7.8.3).

All eight masks are judged at once: a module is a byte, and bit m of it is the module under mask m. Neighbours
are slices, so each rule is a handful of bitwise operations on whole arrays: axes are row, column, code.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.pdf.codes.modules import Octets

_Counts = NDArray[np.int64]
_Fields = NDArray[np.uint64]

_POINTS = np.array([1, 1, 2, 2, 3, 40, 40])
"""A run of n ≥ 5 alike holds n - 4 fives, one of them the first, and costs n - 2 (N1). Then N2 and N3."""
_SHARE_POINTS = 10
"""N4, for each whole 5 % that the dark modules are off one half."""
_TOGETHER = 8 * 3 * 5
"""Eight places are a word; three bits are summed in a field of two bits, five of those in one of four."""
_MOST_IN_BYTE = 17
"""Fields of four bits that one of eight can sum."""


def best_masks(modules: Octets) -> Octets:
    """The mask with the least penalty for each code; the lowest of equals.

    Args:
        modules: size × size × codes; bit m is the module under mask m.
    """
    best: Octets = penalties(modules).argmin(axis=0).astype(np.uint8)
    return best


def penalties(modules: Octets) -> _Counts:
    """The penalty of each mask and code: shape (8, codes); `modules` as for `best_masks`."""
    size, _, codes = modules.shape
    area = size * size
    hits = np.zeros((len(_POINTS) + 1, -(-area // _TOGETHER) * _TOGETHER, codes), dtype=np.uint8)
    planes = hits[:, :area].reshape(-1, size, size, codes)
    _judge_rows(modules, five=planes[0], first=planes[2], finder=planes[5])
    columns = np.ascontiguousarray(modules.swapaxes(0, 1))
    _judge_rows(columns, five=planes[1], first=planes[3], finder=planes[6])
    _judge_squares(modules, planes[4])
    planes[7] = modules
    counts = _count(hits)
    off_half = np.abs(20 * counts[7] - 10 * area) // area
    points: _Counts = np.tensordot(_POINTS, counts[:7], axes=1) + _SHARE_POINTS * off_half
    return points


def _judge_rows(modules: Octets, *, five: Octets, first: Octets, finder: Octets) -> None:
    """Note where five alike stand, where the first five of a run do, and what looks like a finder pattern.

    That is dark, light, three dark, light, dark, with four light before or after it.
    """
    size = modules.shape[1]
    step = modules[:, 1:] ^ modules[:, :-1]
    step_in_two = step[:, 1:] | step[:, :-1]
    unlike = step_in_two[:, 2:] | step_in_two[:, :-2]
    np.invert(unlike, out=five[:, : size - 4])
    first[:, 0] = five[:, 0]
    np.bitwise_and(five[:, 1 : size - 4], unlike[:, :-1], out=first[:, 1 : size - 4])
    two_steps = step[:, 1:] & step[:, :-1]
    pattern = two_steps[:, :-4] & two_steps[:, 4:] & modules[:, :-6]
    pattern &= ~step_in_two[:, 2:-2]
    dark_in_two = modules[:, 1:] | modules[:, :-1]
    four_light = ~(dark_in_two[:, 2:] | dark_in_two[:, :-2])
    finder[:, : size - 10] = four_light[:, 7:]
    finder[:, 4 : size - 6] |= four_light[:, : size - 10]
    finder[:, : size - 6] &= pattern


def _judge_squares(modules: Octets, squares: Octets) -> None:
    """Note where two by two modules are alike."""
    across = modules[:, 1:] ^ modules[:, :-1]
    down = modules[1:, 1:] ^ modules[:-1, 1:]
    down |= across[1:]
    down |= across[:-1]
    np.invert(down, out=squares[:-1, :-1])


def _count(hits: Octets) -> _Counts:
    """How often each bit is set: shape (planes, 8, codes).

    Args:
        hits: planes × places × codes; the places a multiple of `_TOGETHER`.
    """
    planes, places, codes = hits.shape
    fields = hits.reshape(planes, 1, -1).view(np.uint64).reshape(planes, 1, places // 8, codes)
    fields = _widened(fields, 1, 0x5555_5555_5555_5555, 3)
    fields = _widened(fields, 2, 0x3333_3333_3333_3333, 5)
    fields = _widened(fields, 4, 0x0F0F_0F0F_0F0F_0F0F, 1).transpose(2, 0, 1, 3)
    counts = np.zeros((planes, 8, 8, codes), dtype=np.int64)
    for start in range(0, len(fields), _MOST_IN_BYTE):
        part = np.ascontiguousarray(fields[start : start + _MOST_IN_BYTE]).sum(axis=0)
        counts += part.view(np.uint8).reshape(counts.shape)
    total: _Counts = counts.sum(axis=2)
    return total


def _widened(fields: _Fields, apart: int, keep: int, groups: int) -> _Fields:
    """Fields made twice as wide, then the places cut into equal groups and these summed.

    The second axis becomes twice as long: every second field, then the others.
    """
    low, high = fields & np.uint64(keep), fields >> np.uint64(apart)
    high &= np.uint64(keep)
    return np.concatenate((_summed(low, groups), _summed(high, groups)), axis=1)


def _summed(fields: _Fields, groups: int) -> _Fields:
    length = fields.shape[2] // groups
    total = fields[:, :, :length]
    for start in range(length, groups * length, length):
        total += fields[:, :, start : start + length]
    return total
