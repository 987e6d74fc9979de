"""The percentile that SQL calls `percentile_disc`: a value that occurs, never one between two."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction


def percentile_disc(values: Collection[int], fraction: Fraction) -> int | None:
    """The smallest value whose share of values at or below it is at least `fraction`; None without values.

    The fraction is exact: 9/10 of 10 values is the 9th, while the float 0.9 is a little more than that.
    """
    if not values:
        return None
    rank = -(-len(values) * fraction // 1)
    return sorted(values)[max(int(rank), 1) - 1]
