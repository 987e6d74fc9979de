"""Where lines start, written for many lines at once: the numbers are looked up, digits and all."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from app.pdf.file.spelled import Words, as_words, spelled
from app.pdf.text.columns.arrays import Floats, Indices
from app.pdf.text.operators import LEAN_STEPS, PLACE_STEPS, lean_of


def line_matrices(size: Floats, slope: Floats, x: Floats, y: Floats) -> list[str]:
    """What `line_matrix` writes for each line."""
    sizes, which = np.unique(size, return_inverse=True)
    sized = as_words([f"{each:.6g}" for each in sizes.tolist()])[which]
    leans = np.rint(slope * size * LEAN_STEPS).astype(np.int64)
    largest = _power_of_two(leans)
    columns = (sized, _leans(largest)[largest + leans], sized, *_place(x, ""), *_place(y, " Tm\n"))
    return spelled(np.concatenate(columns, axis=1)).decode("ascii").splitlines(keepends=True)


def _place(values: Floats, behind: str) -> tuple[Words, Words]:
    """Numbers in three decimals as two columns: sign and whole points, and the rest."""
    steps = np.rint(values * PLACE_STEPS).astype(np.int64)
    points, rest = np.divmod(np.abs(steps), PLACE_STEPS)
    largest = _power_of_two(points)
    return _points(largest)[points + largest * (steps < 0)], _rests(behind)[rest]


def _power_of_two(values: Indices) -> int:
    """One that is larger than each of these is, so that few tables are made."""
    return 1 << int(np.abs(values).max(initial=0)).bit_length()


@lru_cache(maxsize=16)
def _leans(largest: int) -> Words:
    """By steps, from `-largest` on."""
    return as_words([lean_of(steps) for steps in range(-largest, largest)])


@lru_cache(maxsize=16)
def _points(largest: int) -> Words:
    """A space and whole points up to `largest`, and then the same below 0."""
    return as_words([f" {sign}{points}" for sign in ("", "-") for points in range(largest)])


@lru_cache
def _rests(behind: str) -> Words:
    return as_words([f".{rest:03}{behind}" for rest in range(PLACE_STEPS)])
