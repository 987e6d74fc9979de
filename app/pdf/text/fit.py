"""Sets paragraphs in a frame at one size, or finds the largest size at which they fit.

Nothing is clipped: what does not fit is not set.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from math import ceil

from app.domain.template import Align
from app.pdf.text.area import Measure
from app.pdf.text.grid import on_grid
from app.pdf.text.hand import LARGEST_DRIFT
from app.pdf.text.lines import Hang, Span, break_lines, breakable, fewest_lines
from app.pdf.text.paragraph import Paragraph
from app.pdf.text.place import Placer, SetText

STEP = 0.25
"""Sizes are tried in steps of this many pt."""
ROUNDING = 1e-6
_PARAGRAPH_GAP = 0.5
"""Free space between paragraphs, in lines."""
HANGS = {
    Align.START.value: Hang.START,
    Align.END.value: Hang.END,
    Align.JUSTIFY.value: Hang.BOTH,
    Align.CENTRE.value: Hang.NOWHERE,
}


class Text:
    """Paragraphs ready to be set at any size."""

    def __init__(self, paragraphs: Sequence[Paragraph], measure: Measure) -> None:
        """Empty paragraphs are air; at least one is not empty."""
        self._measure = measure
        said = [paragraph for paragraph in paragraphs if paragraph.pieces]
        gaps = [
            _PARAGRAPH_GAP if index and not paragraphs[index - 1].pieces else 0.0
            for index, paragraph in enumerate(paragraphs)
            if paragraph.pieces
        ]
        hang = HANGS[measure.align.value]
        self._breakable = [breakable(paragraph, hang) for paragraph in said]
        setting = said[0].setting
        self._drift = LARGEST_DRIFT if setting.hand else 0.0
        self._height = sum(setting.typeface.chain.own[0].height)
        self._air = sum(gaps)
        self._placer = Placer(said, gaps, measure)

    def fit(self, largest: float) -> SetText | None:
        """The text at the largest size that fits, at most `largest`; None where none does.

        Smaller type never needs more lines, and has room for more of them: which sizes have to be tried is
        found by halving.
        """
        smallest = self._measure.smallest
        top = max(smallest, min(largest, self._measure.largest))
        steps = ceil((top - smallest) / STEP - ROUNDING)
        sizes = [max(smallest, top - step * STEP) for step in range(steps + 1)]
        for size in sizes[bisect_left(sizes, True, key=self._could_fit) :]:
            done = self.set_at(size)
            if done is not None:
                return done
        return None

    def _could_fit(self, size: float) -> bool:
        """Whether the fewest lines that can be have room at this size."""
        width, most = self._width(size), self._most_lines(size)
        for text in self._breakable:
            lines = fewest_lines(text, width, most)
            if lines is None:
                return False
            most -= lines
        return True

    def _width(self, size: float) -> float:
        """Of a line, em."""
        return on_grid(self._measure.width / size - self._drift)

    def _most_lines(self, size: float) -> int:
        """How many lines the frame has room for, its letters being of usual height."""
        room = self._measure.height - self._height * size
        return int(1 + room / self._measure.leading_at(size) - self._air + ROUNDING) if room >= 0 else 0

    def set_at(self, size: float) -> SetText | None:
        """The text at this size, or None where it does not fit."""
        width, most = self._width(size), self._most_lines(size)
        broken: list[list[Span]] = []
        for text in self._breakable:
            spans = break_lines(text, width, most, even=self._measure.even)
            if spans is None:
                return None
            most -= len(spans)
            broken.append(spans)
        return self._placer.place(broken, size, width)
