"""Breaks many texts into lines, a step for all of them at a time: to the same lines as `text/lines.py`."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import NamedTuple

import numpy as np

from app.pdf.text.columns.arrays import Flags, Floats, Indices
from app.pdf.text.columns.texts import Texts
from app.pdf.text.lines import LINE, STUB, TWO_THIRDS, WIDOW

_MARK = 1.0
"""More than any mark hangs outside of a line, em."""


class Lines(NamedTuple):
    """Lines of some texts, one text after the other: each is the words `start` to `end` of the columns."""

    text: Indices
    """Which of the texts that were asked for."""
    nth: Indices
    """Which of its text's lines it is."""
    start: Indices
    end: Indices


def fewest_fit(texts: Texts, which: Indices, width: Floats, most: Indices) -> Flags:
    """Whether texts have at most so many lines when every line takes all that it can."""
    at, stop = texts.starts[which], texts.starts[which + 1]
    last = len(texts.left) - 1
    for line in range(int(most.max(initial=0))):
        ends = np.searchsorted(texts.reach, texts.left[np.minimum(at, last)] + width, "right")
        # Where not even one word fits, the end is not after `at`, and stays there.
        at = np.where(line < most, np.clip(ends, at, stop), at)
    fits: Flags = at == stop
    return fits


def break_lines(texts: Texts, which: Indices, width: Floats, most: Indices) -> Lines:
    """The lines of those of these texts that have at most so many."""
    counts = texts.starts[which + 1] - texts.starts[which]
    # Texts of like length go together, since all go as many steps as the longest.
    classes = np.frexp(counts)[1]
    parts = []
    for each in np.unique(classes):
        chosen = np.flatnonzero(classes == each)
        stops = _stops(texts, which[chosen], width[chosen])
        parts.append(_lines(stops, chosen, most[chosen]))
    text, index, start, end = np.concatenate(parts, axis=1)
    order = np.lexsort((index, text))
    text = text[order]
    first = texts.starts[which[text]]
    return Lines(text, index[order], first + start[order], first + end[order])


def _lines(stops: Sequence[Indices], chosen: Indices, most: Indices) -> Indices:
    """The members of `Lines`, words counted in each text, for the texts that have at most so many."""
    ends = np.array(stops)
    counts = np.count_nonzero(ends, axis=0)
    back, text = np.nonzero(ends[:-1] * (counts <= most))
    index = counts[text] - 1 - back
    return np.array([chosen[text], index, ends[back + 1, text], ends[back, text]])


def _stops(texts: Texts, which: Indices, width: Floats) -> list[Indices]:
    """The ends of each text's best lines from its last to 0, then 0; all 0 where there are no such lines."""
    first, counts = texts.starts[which], texts.starts[which + 1] - texts.starts[which]
    steps = np.arange(int(counts.max()))[:, None]
    beyond = steps >= counts
    place = np.minimum(first + steps, first + counts - 1)
    left, right = texts.left[place], texts.right[place]
    limit = texts.right[first + counts - 1] - width
    right[beyond] = inf
    share = 1 / width
    reached, origins = _inner_lines(left, right, width, share)
    even = texts.frames.even[which]
    slack = (left - limit) * share
    reached += even * (slack * slack)
    each = np.arange(len(which))
    reached[counts - 1, each] += WIDOW * (1 - even) * (counts > 1)
    reached[beyond | (slack < 0)] = inf
    best = reached.argmin(axis=0)
    there = reached[best, each] < inf
    stops = [counts * there, best * there]
    while stops[-1].any():
        stops.append(origins[stops[-1], each])
    return stops


def _inner_lines(left: Floats, right: Floats, width: Floats, share: Floats) -> tuple[Floats, Indices]:
    """The least cost of lines that end before each word, and where the last of those lines starts.

    A row for each word, a column for each text.
    """
    reached, origins = np.zeros_like(left), np.zeros(left.shape, np.int64)
    each = np.arange(left.shape[1])
    low = 0
    for end in range(1, len(left)):
        limit = right[end - 1] - width
        while low < end - 1 and (left[low] < limit - _MARK).all():
            low += 1
        slack = left[low:end] - limit
        slack *= share
        cost = slack * slack
        cost += reached[low:end]
        cost += STUB * (slack > TWO_THIRDS)
        cost[slack < 0] = inf
        best = cost.argmin(axis=0)
        reached[end] = cost[best, each] + LINE
        origins[end] = best + low
    return reached, origins
