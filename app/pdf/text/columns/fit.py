"""Sets many texts, each at the largest size at which it fits: what `text/fit.py` does for one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from app.pdf.text.columns.arrays import Flags, Floats, Indices
from app.pdf.text.columns.lines import break_lines, fewest_fit
from app.pdf.text.columns.places import Placed, place
from app.pdf.text.columns.texts import Texts
from app.pdf.text.columns.words import Words
from app.pdf.text.fit import ROUNDING, STEP
from app.pdf.text.grid import PER_EM


def fit(texts: Texts, words: Words) -> Iterator[Placed]:
    """The texts that fit at some size, many at once, each at its largest.

    As with one text: the first size at which the fewest lines that can be have room, then those after it
    until one's best lines have room as well and all ink is inside.
    """
    sizes = _Sizes(texts)
    waiting = np.arange(texts.count)
    steps = sizes.first_that_could_fit(waiting)
    while True:
        left = steps[waiting] <= sizes.last[waiting]
        waiting = waiting[left]
        if not len(waiting):
            return
        size = sizes.at(waiting, steps[waiting])
        width, most = sizes.width(waiting, size), sizes.most_lines(waiting, size)
        lines = break_lines(texts, waiting, width, most)
        done = place(texts, words, waiting, lines, size)
        yield done
        waiting = waiting[~np.isin(waiting, done.texts)]
        steps[waiting] += 1


@dataclass(frozen=True, slots=True)
class _Sizes:
    """The sizes that each text may have: its top, and steps down from there to its smallest."""

    texts: Texts

    @property
    def last(self) -> Indices:
        """The last step of each text."""
        top, smallest = self.texts.top, self.texts.frames.smallest
        return np.ceil((top - smallest) / STEP - ROUNDING).astype(np.int64)

    def at(self, which: Indices, steps: Indices) -> Floats:
        """The sizes of some texts at some steps."""
        return np.maximum(self.texts.frames.smallest[which], self.texts.top[which] - steps * STEP)

    def width(self, which: Indices, size: Floats) -> Floats:
        """Of a line, em."""
        frames = self.texts.frames
        return np.rint((frames.width[which] / size - frames.drift[which]) * PER_EM) / PER_EM

    def most_lines(self, which: Indices, size: Floats) -> Indices:
        """How many lines the frame has room for."""
        frames = self.texts.frames
        room = frames.height[which] - (frames.over[which] + frames.under[which]) * size
        leading = frames.leading[which] * size / frames.largest[which]
        return np.where(room >= 0, 1 + room / leading + ROUNDING, 0).astype(np.int64)

    def first_that_could_fit(self, which: Indices) -> Indices:
        """The first step at which the fewest lines have room; behind the last where none has."""
        last = self.last
        steps = np.zeros(len(which), np.int64)
        while len(which):
            which = which[~self._could_fit(which, steps[which])]
            steps[which] += 1
            which = which[steps[which] <= last[which]]
        return steps

    def _could_fit(self, which: Indices, steps: Indices) -> Flags:
        size = self.at(which, steps)
        width, most = self.width(which, size), self.most_lines(which, size)
        return (width > 0) & fewest_fit(self.texts, which, width, most)
