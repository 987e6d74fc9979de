"""Places the lines of many texts in their frames, and leaves out texts whose ink would leave them.

All as `text/place.py` does it for one text, which tells why.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from app.pdf.text.area import RISE
from app.pdf.text.area import ROUNDING as INK_ROUNDING
from app.pdf.text.columns.arrays import Flags, Floats, Indices
from app.pdf.text.columns.lines import Lines
from app.pdf.text.columns.texts import Frames, Texts
from app.pdf.text.columns.words import BOTTOM, LEFT, OVER, TOP, Words
from app.pdf.text.face import Ink
from app.pdf.text.hand import DRIFT_STEP, DRIFTS, LARGEST_DRIFT, SLOPES, TAPE


class Placed(NamedTuple):
    """Some texts in their frames: first what is asked of each, then what is asked of each of their lines.

    `free` is how much of the frame is left under the last line. `first` counts lines to each text's first.
    """

    texts: Indices
    size: Floats
    free: Floats
    first: Indices
    line_size: Floats
    start: Indices
    end: Indices
    x: Floats
    y: Floats
    slope: Floats


def place(texts: Texts, words: Words, which: Indices, lines: Lines, size: Floats) -> Placed:
    """Those of the broken texts whose ink stays where it may be.

    Args:
        texts: all.
        words: their words.
        which: texts that were to be broken.
        lines: of those of them that could be.
        size: of each of `which`, pt.
    """
    broken, first, counts = np.unique(lines.text, return_index=True, return_counts=True)
    placer = _Placer(texts, words, which[broken], size[broken], lines, first, counts)
    baseline, free = placer.baselines()
    x, y = placer.x(), baseline[placer.own] - lines.nth * placer.leading[placer.own]
    fits = placer.fits(x, y)
    kept = fits[placer.own]
    line_size = placer.size[placer.own]
    return Placed(
        texts=placer.which[fits],
        size=placer.size[fits],
        free=np.maximum(0.0, free[fits]),
        first=np.concatenate([[0], np.cumsum(counts[fits])]),
        line_size=line_size[kept],
        start=lines.start[kept],
        end=lines.end[kept],
        x=x[kept],
        # A line leans about its middle, so that its ends leave the grid equally.
        y=(y - placer.lift * line_size)[kept],
        slope=placer.slopes[kept],
    )


class _Placer:
    """Broken texts: a number of each, and of each of their lines."""

    def __init__(  # noqa: PLR0917 - called once
        self,
        texts: Texts,
        words: Words,
        which: Indices,
        size: Floats,
        lines: Lines,
        first: Indices,
        counts: Indices,
    ) -> None:
        self._texts, self._words, self._lines = texts, words, lines
        self._first, self._last = first, first + counts - 1
        self.which, self.size = which, size
        self.own = np.repeat(np.arange(len(which)), counts)
        """The text of each line."""
        self._frames = frames = Frames(*(column[which] for column in texts.frames))
        self.leading = frames.leading * size / frames.largest
        self._depth = self.leading * (counts - 1)
        self._advance = texts.finish[lines.end - 1] - texts.begin[lines.start]
        self.slopes = self._slopes()
        self.lift = self.slopes * self._advance / 2

    def _slopes(self) -> Floats:
        """The rise of each line as a tangent."""
        which = self.which[self.own]
        slopes: Floats = (
            self._texts.leans[which] + SLOPES[(self._texts.hands[3][which] + self._lines.nth) % TAPE]
        )
        return slopes * (self._texts.frames.drift[which] > 0)

    def _drifts(self) -> Floats:
        """How far each line starts from the edge, em."""
        start = self._texts.hands[2][self.which]
        drift = LARGEST_DRIFT * (1 + DRIFTS[start % TAPE]) / 2
        rows = [drift]
        for line in range(1, int(self._lines.nth.max(initial=0)) + 1):
            step = DRIFTS[(start + line) % TAPE] * DRIFT_STEP
            drift = np.minimum(np.maximum(drift + step, 0.0), LARGEST_DRIFT)
            rows.append(drift)
        drifts: Floats = np.array(rows)[self._lines.nth, self.own]
        return drifts * (self._frames.drift[self.own] > 0)

    def baselines(self) -> tuple[Floats, Floats]:
        """The y of each text's first baseline, and how much of the frame is free under the last line."""
        frames, size, depth = self._frames, self.size, self._depth
        top, bottom = self._ends()
        over, under = (
            np.maximum(frames.over, top - RISE) * size,
            np.maximum(frames.under, -bottom - RISE) * size,
        )
        y = np.where(
            frames.at_bottom > 0,
            frames.bottom + under + depth,
            np.where(
                frames.in_middle > 0,
                frames.top - over - (frames.height - over - depth - under) / 2,
                frames.top - over,
            ),
        )
        return y, y - depth - frames.under * size - frames.bottom

    def _ends(self) -> tuple[Floats, Floats]:
        """How far the first line reaches up, and the last one down, em."""
        frames, first, last = self._frames, self._first, self._last
        lift = np.maximum(abs(self.slopes[first]), abs(self.slopes[last])) * frames.width / self.size / 2
        _, bottom, _, top = self._texts.reaches[:, self.which]
        bottom, top = bottom - lift, top + lift
        taller = (bottom < -frames.under - RISE) | (top > frames.over + RISE)
        for text in np.flatnonzero(taller).tolist():
            top[text] = self._ink(first[text]).top + abs(self.lift[first[text]])
            bottom[text] = self._ink(last[text]).bottom - abs(self.lift[last[text]])
        return top, bottom

    def x(self) -> Floats:
        """Where each line starts."""
        frames, own, size = self._frames, self.own, self.size[self.own]
        opens, closes = self._texts.opens[self._lines.start], self._texts.closes[self._lines.end - 1]
        inset = self._drifts() - np.where(frames.hangs_before[own] > 0, opens, closes)
        return np.where(
            frames.centred[own] > 0,
            frames.left[own] + (frames.width[own] - self._advance * size) / 2,
            np.where(
                frames.at_right[own] > 0,
                frames.right[own] - (inset + self._advance) * size,
                frames.left[own] + inset * size,
            ),
        )

    def fits(self, x: Floats, y: Floats) -> Flags:
        """Which texts have all their ink inside: first by how far ink of any word reaches, then exactly."""
        left, bottom, right, top = self._limits()[:, self.own]
        reaches = self._texts.reaches[:, self.which][:, self.own]
        size, high = self.size[self.own], abs(self.lift)
        inside = (
            (x + reaches[0] * size >= left)
            & (y + (reaches[1] - high) * size >= bottom)
            & (x + (self._advance + reaches[2]) * size <= right)
            & (y + (reaches[3] + high) * size <= top)
        )
        low, up = y - high * size, y + high * size
        for line in np.flatnonzero(~inside).tolist():
            ink = self._ink(line)
            inside[line] = (
                x[line] + ink.left * size[line] >= left[line]
                and low[line] + ink.bottom * size[line] >= bottom[line]
                and x[line] + ink.right * size[line] <= right[line]
                and up[line] + ink.top * size[line] <= top[line]
            )
        fits = np.ones(len(self.which), np.bool_)
        fits[self.own[~inside]] = False
        return fits

    def _limits(self) -> Floats:
        """Where ink may be, as `Measure.limits` says."""
        frames, size = self._frames, self.size
        overhang, rise = frames.overhang * size, (RISE + INK_ROUNDING) * size
        return np.array(
            [
                np.maximum(frames.safe_left, frames.left - overhang),
                np.maximum(frames.safe_bottom, frames.bottom - rise),
                np.minimum(frames.safe_right, frames.right + overhang),
                np.minimum(frames.safe_top, frames.top + rise),
            ]
        )

    def _ink(self, line: int) -> Ink:
        """Where a line's ink is, in em from its start on the baseline."""
        start, end = self._lines.start[line], self._lines.end[line]
        numbers = self._words.numbers[:, self._texts.words[start:end]]
        begin = self._texts.begin[start:end] - self._texts.begin[start]
        finish = self._texts.finish[start:end] - self._texts.begin[start]
        # Spaces have no ink, but stand on the line.
        rest = [0.0] if end - start > 1 else []
        return Ink(
            min(begin + numbers[LEFT]),
            min([*numbers[BOTTOM], *rest]),
            max(finish + numbers[OVER]),
            max([*numbers[TOP], *rest]),
        )
