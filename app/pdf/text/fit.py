"""Sets paragraphs in a frame at one size, or finds the largest size at which they fit.

Lengths in pt, y upwards, as on a PDF page. Nothing is clipped: what does not fit is not set.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, inf
from operator import attrgetter

from app.domain.template import Align, VerticalAlign
from app.pdf.text.face import Ink
from app.pdf.text.hand import LARGEST_DRIFT
from app.pdf.text.lines import Hang, Span, break_lines, breakable, fewest_lines
from app.pdf.text.paragraph import Paragraph
from app.pdf.text.shape import Piece, Run

_STEP = 0.25
"""Sizes are tried in steps of this many pt."""
_OVERHANG = 0.12
"""How far a letter's tail may reach over the frame's side, em: hands and italics do."""
_RISE = 0.3
"""How far marks and deep tails may reach over the frame's top and bottom, em: as between lines of a text."""
_ROUNDING = 1e-6
_PARAGRAPH_GAP = 0.5
"""Free space between paragraphs, in lines."""
_WIDEST_SPACE = 1.0
"""How much a space of a justified line may grow, em; a line that needs more is left ragged."""
_reaches = attrgetter("left", "bottom", "over", "top")


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle on the page."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From bottom to top."""
        return self.top - self.bottom

    def lifted(self, by: float) -> Area:
        """The same area, higher on the page."""
        return replace(self, bottom=self.bottom + by, top=self.top + by)


@dataclass(frozen=True, slots=True)
class SetLine:
    """One line on the page: its runs from left to right, its baseline's start, and its rise as a tangent.

    `wider` is what each of its spaces grows by, em. `plain` says that its runs need no look at each of them.
    """

    runs: list[Run]
    x: float
    y: float
    slope: float
    wider: float = 0.0
    plain: bool = False


@dataclass(frozen=True, slots=True)
class SetText:
    """A text in its frame at `size` pt; `free` is how much of the frame is left under its last line."""

    size: float
    lines: list[SetLine]
    free: float

    def lifted(self, by: float) -> SetText:
        """The same text, higher on the page."""
        return replace(self, lines=[replace(line, y=line.y + by) for line in self.lines]) if by else self


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What a text must keep to: its frame, the safe zone, and how it stands in the frame.

    `leading` is the distance of baselines at the largest size; it shrinks with the type.
    """

    area: Area
    safe: Area
    align: Align
    vertical: VerticalAlign
    smallest: float
    largest: float
    leading: float
    even: bool = False


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that has no place yet: its paragraph and pieces, and how it is deeper, inset and leaning.

    `depth` in pt under the first baseline, `inset` in em from the edge that it is aligned at.
    """

    paragraph: Paragraph
    start: int
    end: int
    depth: float
    inset: float
    slope: float
    advance: float
    stretches: bool
    """Whether it is justified: all lines but a paragraph's last."""


class Text:
    """Paragraphs ready to be set at any size."""

    def __init__(self, paragraphs: Sequence[Paragraph], measure: Measure) -> None:
        """Empty paragraphs are air; at least one is not empty."""
        self._measure = measure
        self._paragraphs = [paragraph for paragraph in paragraphs if paragraph.pieces]
        self._gaps = [
            _PARAGRAPH_GAP if index and not paragraphs[index - 1].pieces else 0.0
            for index, paragraph in enumerate(paragraphs)
            if paragraph.pieces
        ]
        hang = _HANGS[measure.align]
        self._aligned = Hang.START if hang is Hang.BOTH else hang
        self._breakable = [breakable(paragraph, hang) for paragraph in self._paragraphs]
        setting = paragraphs[0].setting
        self._hand = setting.hand
        self._height = setting.typeface.chain.own[0].height
        self._rtl = bool(setting.base)
        self._bounds = _bounds([piece for paragraph in self._paragraphs for piece in paragraph.pieces])

    def fit(self, largest: float) -> SetText | None:
        """The text at the largest size that fits, at most `largest`; None where none does.

        Smaller type never needs more lines, and has room for more of them: which sizes have to be tried is
        found by halving.
        """
        smallest = self._measure.smallest
        top = max(smallest, min(largest, self._measure.largest))
        steps = ceil((top - smallest) / _STEP - _ROUNDING)
        sizes = [max(smallest, top - step * _STEP) for step in range(steps + 1)]
        for size in sizes[bisect_left(sizes, True, key=self._could_fit) :]:
            done = self.set_at(size)
            if done is not None:
                return done
        return None

    def _could_fit(self, size: float) -> bool:
        """Whether the fewest lines that can be have room at this size."""
        width, most = self._width(size), self._most_lines(size)
        for text in self._breakable:
            ends = fewest_lines(text, width, most)
            if ends is None:
                return False
            most -= len(ends)
        return most >= 0

    def _width(self, size: float) -> float:
        """Of a line, em."""
        return self._measure.area.width / size - (LARGEST_DRIFT if self._hand else 0.0)

    def _leading(self, size: float) -> float:
        return self._measure.leading * size / self._measure.largest

    def _most_lines(self, size: float) -> int:
        """How many lines the frame has room for, its letters being of usual height."""
        room = self._measure.area.height - sum(self._height) * size
        return int(1 + room / self._leading(size) - sum(self._gaps) + _ROUNDING) if room >= 0 else 0

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
        return self._place(self._lines(broken, size), size)

    def _lines(self, broken: Sequence[Sequence[Span]], size: float) -> list[_Line]:
        count = sum(map(len, broken))
        drifts = self._hand.drifts(count) if self._hand else [0.0] * count
        slopes = self._hand.slopes(count) if self._hand else [0.0] * count
        justified = self._measure.align is Align.JUSTIFY
        lines: list[_Line] = []
        depth, leading = 0.0, self._leading(size)
        for paragraph, gap, spans in zip(self._paragraphs, self._gaps, broken, strict=True):
            depth += gap * leading
            for start, end in spans:
                inset = drifts[len(lines)] - _hung(paragraph, start, end, self._aligned)
                advance = paragraph.advance_of(start, end)
                stretches = justified and end < len(paragraph.pieces)
                slope = slopes[len(lines)]
                lines.append(_Line(paragraph, start, end, depth, inset, slope, advance, stretches))
                depth += leading
        return lines

    def _place(self, lines: Sequence[_Line], size: float) -> SetText | None:
        """The lines at their places, or None where their ink would leave the frame or the safe zone."""
        first = self._first_baseline(lines, size)
        placed = []
        for line in lines:
            wider = self._stretch(line, size)
            advance = line.advance + wider * _spaces(line)
            x, y = self._x(advance, line.inset, size), first - line.depth
            lift = abs(line.slope) * advance / 2
            if not self._inside(x, y, advance, lift, self._bounds, size):
                exact = _ink(line)
                if not self._inside(x, y, 0.0, lift, exact, size):
                    return None
            runs = line.paragraph.line(line.start, line.end)
            # A line leans about its middle, so that its ends leave the grid equally.
            low = y - line.slope * advance * size / 2
            placed.append(SetLine(runs, x, low, line.slope, wider, line.paragraph.plain is not None))
        free = first - lines[-1].depth - self._height[1] * size - self._measure.area.bottom
        return SetText(size, placed, max(0.0, free))

    def _stretch(self, line: _Line, size: float) -> float:
        """What each space of a justified line grows by, em."""
        spaces = _spaces(line) if line.stretches else 0
        if not spaces:
            return 0.0
        hung = _hung(line.paragraph, line.start, line.end, Hang.BOTH)
        missing = self._width(size) + hung - line.advance
        return missing / spaces if 0 < missing <= spaces * _WIDEST_SPACE else 0.0

    def _x(self, advance: float, inset: float, size: float) -> float:
        area = self._measure.area
        if self._measure.align is Align.CENTRE:
            return area.left + (area.width - advance * size) / 2
        at_right = (self._measure.align is Align.END) != self._rtl
        return area.right - (inset + advance) * size if at_right else area.left + inset * size

    def _first_baseline(self, lines: Sequence[_Line], size: float) -> float:
        """The y of the first baseline; letters of usual height decide, taller ink pushes it inwards."""
        area, (usual_over, usual_under) = self._measure.area, self._height
        bottom, top = self._bounds[1], self._bounds[3]
        if bottom < -usual_under - _RISE or top > usual_over + _RISE:
            bottom, top = _ink(lines[-1])[1], _ink(lines[0])[3]
        over, under = max(usual_over, top - _RISE) * size, max(usual_under, -bottom - _RISE) * size
        depth = lines[-1].depth
        if self._measure.vertical is VerticalAlign.BOTTOM:
            return area.bottom + under + depth
        if self._measure.vertical is VerticalAlign.MIDDLE:
            return area.top - over - (area.height - over - depth - under) / 2
        return area.top - over

    def _inside(self, x: float, y: float, advance: float, lift: float, ink: Ink, size: float) -> bool:
        area, safe = self._measure.area, self._measure.safe
        overhang = _OVERHANG * size + 0.5 * size * (self._measure.align is not Align.CENTRE)
        left, right = x + ink.left * size, x + (advance + ink.right) * size
        bottom, top = y + (ink.bottom - lift) * size, y + (ink.top + lift) * size
        return (
            left >= max(safe.left, area.left - overhang)
            and right <= min(safe.right, area.right + overhang)
            and bottom >= max(safe.bottom, area.bottom - (_RISE + _ROUNDING) * size)
            and top <= min(safe.top, area.top + (_RISE + _ROUNDING) * size)
        )


_HANGS = {
    Align.START: Hang.START,
    Align.END: Hang.END,
    Align.JUSTIFY: Hang.BOTH,
    Align.CENTRE: Hang.NOWHERE,
}


def _hung(paragraph: Paragraph, start: int, end: int, hang: Hang) -> float:
    """How much of a line stands outside of the edge that it is aligned at, em."""
    opens, closes = paragraph.pieces[start].opens, paragraph.pieces[end - 1].closes
    return {Hang.NOWHERE: 0.0, Hang.START: opens, Hang.END: closes, Hang.BOTH: opens + closes}[hang]


def _spaces(line: _Line) -> int:
    gaps = line.paragraph.gaps[line.start : line.end - 1]
    return len(gaps) - gaps.count(None)


def _bounds(pieces: Sequence[Piece]) -> Ink:
    """How far ink reaches out of any line of these pieces: before its start, below, behind its end, above."""
    lefts, bottoms, overs, tops = zip(*map(_reaches, pieces), strict=True)
    return Ink(min(lefts), min(bottoms), max(overs), max(tops))


def _ink(line: _Line) -> Ink:
    """Where a line's ink is, in em from its start on the baseline."""
    left, bottom, right, top, x = inf, inf, -inf, -inf, 0.0
    for run in line.paragraph.line(line.start, line.end):
        left, right = min(left, x + run.left), max(right, x + run.advance + run.over)
        bottom, top = min(bottom, run.bottom), max(top, run.top)
        x += run.advance
    return Ink(left, bottom, right, top)
