"""Means over windows of a page: single pixels may run over an ink limit, paper feels their neighbourhood."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Amounts = NDArray[np.floating[Any]]


def window_means(amount: Amounts, side: int) -> Amounts:
    """The mean over every square of `side` pixels (less where the picture is smaller)."""
    rows, columns = min(side, amount.shape[0]), min(side, amount.shape[1])
    sums = np.zeros((amount.shape[0] + 1, amount.shape[1] + 1))
    sums[1:, 1:] = amount.cumsum(axis=0, dtype=np.float64).cumsum(axis=1)
    boxes = sums[rows:, columns:] - sums[:-rows, columns:] - sums[rows:, :-columns] + sums[:-rows, :-columns]
    means: Amounts = boxes / (rows * columns)
    return means
