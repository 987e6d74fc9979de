"""Puts lines that are broken at their places in a frame, or finds that their ink would leave it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.domain.template import Align, VerticalAlign
from app.pdf.text.area import RISE, Measure
from app.pdf.text.face import Ink
from app.pdf.text.lines import Span
from app.pdf.text.paragraph import Paragraph
from app.pdf.text.run import Run

_WIDEST_SPACE = 1.0
"""How much a space of a justified line may grow, em; a line that needs more is left ragged."""


class SetLine(NamedTuple):
    """One line on the page: pieces `start` to `end` of a paragraph; its baseline's start, rise as a tangent.

    `wider` is what each of its spaces grows by, em.
    """

    paragraph: Paragraph
    start: int
    end: int
    x: float
    y: float
    slope: float
    wider: float

    @property
    def runs(self) -> list[Run]:
        """Its runs and spaces from left to right."""
        return self.paragraph.line(self.start, self.end)


@dataclass(slots=True, eq=False)
class SetText:
    """A text in its frame at `size` pt; `free` is how much of the frame is left under its last line.

    One that was set together with others (`columns/`) has no lines, but operators and rows of words.
    """

    size: float
    lines: list[SetLine]
    free: float
    shown: str | None = None
    """The operators that show it, kept once they are known, where every file shows it so."""
    rows: tuple[NDArray[np.int64], ...] = ()
    """Of the words that it shows, in `columns/words.py`."""
    runs: tuple[Run, ...] = ()
    """What it shows, where it is kept."""
    late: tuple[Run, ...] = ()
    """Runs for whose CIDs the operators have places, in their order."""


class Placer:
    """Places the lines of one text."""

    def __init__(self, paragraphs: Sequence[Paragraph], gaps: Sequence[float], measure: Measure) -> None:
        """`gaps[i]` is the free space before paragraph `i`, in lines."""
        self._paragraphs = paragraphs
        self._gaps = gaps
        self._measure = measure
        setting = paragraphs[0].setting
        self._hand = setting.hand
        self._height = setting.typeface.chain.own[0].height
        self._at_right = (measure.align is Align.END) != bool(setting.base)
        self._bounds = _bounds(paragraphs)
        self._hangs_before = measure.align is Align.START or measure.align is Align.JUSTIFY

    def place(self, broken: Sequence[Sequence[Span]], size: float, width: float) -> SetText | None:
        """The lines at their places, or None where their ink would leave the frame or the safe zone.

        Args:
            broken: the lines of each paragraph.
            size: in pt.
            width: of a whole line, em.
        """
        count = sum(map(len, broken))
        drifts = self._hand.drifts(count) if self._hand else [0.0] * count
        slopes = self._hand.slopes(count) if self._hand else [0.0] * count
        limits, leading = self._measure.limits(size), self._measure.leading_at(size)
        depth = leading * (count - 1 + sum(self._gaps))
        y = self._first_baseline(broken, slopes, size, depth)
        free = y - depth - self._height[1] * size - self._measure.area.bottom
        lines: list[SetLine] = []
        down = 0.0
        for paragraph, gap, spans in zip(self._paragraphs, self._gaps, broken, strict=True):
            down += gap
            for span in spans:
                index = len(lines)
                at = y - down * leading
                line = self._line(paragraph, span, width, at, slopes[index], drifts[index], size, limits)
                if line is None:
                    return None
                lines.append(line)
                down += 1
        return SetText(size, lines, max(0.0, free))

    def _line(  # noqa: PLR0917 - called once a line of every card: keywords would cost a tenth of it
        self,
        paragraph: Paragraph,
        span: Span,
        width: float,
        y: float,
        slope: float,
        inset: float,
        size: float,
        limits: tuple[float, float, float, float],
    ) -> SetLine | None:
        """One line, or None where its ink would leave the limits."""
        start, end = span
        advance = paragraph.starts[end - 1] + paragraph.advances[end - 1] - paragraph.starts[start]
        wider = 0.0
        last = paragraph.pieces[end - 1]
        whole = end == len(paragraph.pieces)
        if last.hyphen is not None and not whole:
            advance += last.hyphen.advance
        if self._measure.align is Align.JUSTIFY and not whole:
            hanging = paragraph.pieces[start].opens + last.closes
            wider, spaces = _stretch(paragraph.gaps[start : end - 1], width + hanging - advance)
            advance += wider * spaces
        hung = paragraph.opens[start] if self._hangs_before else last.closes
        x = self._x(hung, advance, inset, size)
        lift = slope * advance / 2
        left, bottom, over, top = self._bounds
        high = abs(lift)
        if (
            x + left * size < limits[0]
            or y + (bottom - high) * size < limits[1]
            or x + (advance + over) * size > limits[2]
            or y + (top + high) * size > limits[3]
        ) and not self._exactly_inside((paragraph, span), wider, (x, y - high * size, y + high * size), size):
            return None
        # A line leans about its middle, so that its ends leave the grid equally.
        return SetLine(paragraph, start, end, x, y - lift * size, slope, wider)

    def _exactly_inside(
        self, line: tuple[Paragraph, Span], wider: float, at: tuple[float, float, float], size: float
    ) -> bool:
        """Whether the ink of each run is; `at` are x, and y of the line's lower and higher end."""
        ink = _ink(*line, wider)
        left, bottom, right, top = self._measure.limits(size)
        x, low, high = at
        return (
            x + ink.left * size >= left
            and low + ink.bottom * size >= bottom
            and x + ink.right * size <= right
            and high + ink.top * size <= top
        )

    def _x(self, hung: float, advance: float, inset: float, size: float) -> float:
        area = self._measure.area
        if self._measure.align is Align.CENTRE:
            return area.left + (self._measure.width - advance * size) / 2
        inset -= hung
        return area.right - (inset + advance) * size if self._at_right else area.left + inset * size

    def _first_baseline(
        self, broken: Sequence[Sequence[Span]], slopes: Sequence[float], size: float, depth: float
    ) -> float:
        """The y of the first baseline; letters of usual height decide, taller ink pushes it inwards.

        `depth` is that of the last baseline under it.
        """
        area, (usual_over, usual_under) = self._measure.area, self._height
        lift = max(abs(slopes[0]), abs(slopes[-1])) * self._measure.width / size / 2
        bottom, top = self._bounds[1] - lift, self._bounds[3] + lift
        if bottom < -usual_under - RISE or top > usual_over + RISE:
            top = _leaning(self._paragraphs[0], broken[0][0], slopes[0]).top
            bottom = _leaning(self._paragraphs[-1], broken[-1][-1], slopes[-1]).bottom
        over, under = max(usual_over, top - RISE) * size, max(usual_under, -bottom - RISE) * size
        if self._measure.vertical is VerticalAlign.BOTTOM:
            return area.bottom + under + depth
        if self._measure.vertical is VerticalAlign.MIDDLE:
            return area.top - over - (self._measure.height - over - depth - under) / 2
        return area.top - over


def _stretch(gaps: Sequence[Run | None], missing: float) -> tuple[float, int]:
    """What each space of a justified line grows by, em, and how many there are."""
    spaces = len(gaps) - list(gaps).count(None)
    fits = 0 < missing <= spaces * _WIDEST_SPACE
    return (missing / spaces if fits else 0.0), spaces


def _bounds(paragraphs: Sequence[Paragraph]) -> Ink:
    """How far ink reaches out of any line of these: before its start, below, behind its end, above."""
    reaches = [reach for paragraph in paragraphs for reach in paragraph.reaches]
    lefts, bottoms, overs, tops = zip(*reaches, strict=True)
    return Ink(min(lefts), min(bottoms), max(overs), max(tops))


def _leaning(paragraph: Paragraph, span: Span, slope: float) -> Ink:
    """Where a line's ink is when it leans about its middle."""
    left, bottom, right, top = _ink(paragraph, span)
    lift = abs(slope) * sum(run.advance for run in paragraph.line(*span)) / 2
    return Ink(left, bottom - lift, right, top + lift)


def _ink(paragraph: Paragraph, span: Span, wider: float = 0.0) -> Ink:
    """Where a line's ink is, in em from its start on the baseline."""
    left, bottom, right, top, x = inf, inf, -inf, -inf, 0.0
    for run in paragraph.line(*span):
        left, right = min(left, x + run.left), max(right, x + run.advance + run.over)
        bottom, top = min(bottom, run.bottom), max(top, run.top)
        x += run.advance + (wider if run.space else 0.0)
    return Ink(left, bottom, right, top)
