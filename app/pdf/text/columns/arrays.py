"""Columns of numbers, and how equal ones among them are counted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Flags = NDArray[np.bool_]
Strings = NDArray[np.object_]


def ranks(keys: Indices) -> tuple[Indices, Indices]:
    """For each key, the place where it first stands, and how often it stood before."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    begins = np.concatenate([[True], ordered[1:] != ordered[:-1]])
    at = np.flatnonzero(begins)
    group = np.cumsum(begins) - 1
    first, before = np.empty_like(order), np.empty_like(order)
    first[order] = order[at][group]
    before[order] = np.arange(len(keys)) - at[group]
    return first, before
