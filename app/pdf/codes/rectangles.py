"""Modules as few rectangles: operators of one path, so that no hairlines show between neighbours.

A row's run of modules and its equals right under it are one rectangle. All codes of one size are done
together: where runs begin and end is found by comparing neighbours, and what is written is looked up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from app.pdf.codes.modules import Modules
from app.pdf.file.spelled import Words, as_words, spelled

_TOGETHER = 64
"""Codes worked on together: few enough for the processor's cache."""


def rectangle_paths(codes: Sequence[Modules]) -> list[bytes]:
    """Each code's modules as rectangles, `x y width height re` in modules, y downwards from its top.

    The paths are not yet filled. Every inked module is covered once.
    """
    by_shape: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for index, modules in enumerate(codes):
        by_shape[modules.shape].append(index)
    found: dict[int, bytes] = {}
    for indices in by_shape.values():
        for start in range(0, len(indices), _TOGETHER):
            some = indices[start : start + _TOGETHER]
            found.update(zip(some, _paths(np.array([codes[index] for index in some])), strict=True))
    return [found[index] for index in range(len(codes))]


def _paths(codes: Modules) -> list[bytes]:
    """The paths of codes × rows × columns."""
    count, rows, columns = codes.shape
    # Beside each other: a rectangle's first row, the next, …; a line of nothing ends every column.
    widths = np.zeros((count, columns, rows + 2), dtype=np.uint8)
    widths[:, :, 1:-1] = _run_widths(codes)[:, :, :-1].swapaxes(1, 2)
    here, above = widths[:, :, 1:], widths[:, :, :-1]
    changed = here != above
    first = np.flatnonzero(changed & (here > 0))
    heights = np.flatnonzero(changed & (above > 0)) - first
    corners, extents = _written(rows, columns)
    extent = here.ravel()[first] * np.intp(rows + 1) + heights
    lines = np.concatenate((corners[first % len(corners)], extents[extent]), axis=1)
    ends = np.searchsorted(first, np.arange(count + 1) * len(corners)).tolist()
    return [spelled(lines[start:end]) for start, end in pairwise(ends)]


@lru_cache
def _written(rows: int, columns: int) -> tuple[Words, Words]:
    """`x y ` by column and row, a row more for the line of nothing; `width height re` by width and height."""
    corners = [f"\n{x} {y} " for x in range(columns) for y in range(rows + 1)]
    extents = [f"{width} {height} re" for width in range(columns + 1) for height in range(rows + 1)]
    return as_words(corners), as_words(extents)


def _run_widths(codes: Modules) -> NDArray[np.uint8]:
    """How many modules long the run is that begins here; 0 elsewhere, and in a column more on the right."""
    count, rows, columns = codes.shape
    edged = np.zeros((count, rows, columns + 2), dtype=np.bool_)
    edged[:, :, 1:-1] = codes
    edges = np.flatnonzero(edged[:, :, 1:] != edged[:, :, :-1])
    widths = np.zeros(count * rows * (columns + 1), dtype=np.uint8)
    widths[edges[::2]] = edges[1::2] - edges[::2]
    return widths.reshape(count, rows, columns + 1)
