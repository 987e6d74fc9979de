"""Sets paragraphs in a frame at one size, or finds the largest size at which they fit.

Lengths in pt, y upwards, as on a PDF page. Nothing is clipped: what does not fit is not set.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.domain.template import Align, VerticalAlign
from app.pdf.text.face import Ink
from app.pdf.text.hand import LARGEST_DRIFT
from app.pdf.text.lines import Hang, Line, Words, break_lines, words
from app.pdf.text.shape import Paragraph, Run

_STEP = 0.25
"""Sizes are tried in steps of this many pt."""
_OVERHANG = 0.12
"""How far a letter's tail may reach over the frame's side, em: hands and italics do."""
_RISE = 0.3
"""How far marks and deep tails may reach over the frame's top and bottom, em: as between lines of a text."""
_ROUNDING = 1e-6
_PARAGRAPH_GAP = 0.5
"""Free space between paragraphs, in lines."""


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
    """One line on the page: its runs from left to right, its baseline's start, and its rise as a tangent."""

    runs: list[Run]
    x: float
    y: float
    slope: float


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
class _CutLine:
    """A line that has its glyphs and no place yet: depth in pt, ink and distance from its edge in em."""

    runs: list[Run]
    ink: Ink
    depth: float
    inset: float
    slope: float


class Text:
    """Paragraphs ready to be set at any size."""

    def __init__(self, paragraphs: Sequence[Paragraph], measure: Measure) -> None:
        """Shaped once; `gaps[i]` is the free space before paragraph `i`, in lines."""
        self._measure = measure
        self._paragraphs = [paragraph for paragraph in paragraphs if paragraph.text]
        self._gaps = [
            _PARAGRAPH_GAP if index and not paragraphs[index - 1].text else 0.0
            for index, paragraph in enumerate(paragraphs)
            if paragraph.text
        ]
        hang = {Align.START: Hang.START, Align.END: Hang.END}.get(measure.align, Hang.NOWHERE)
        self._words: list[Words] = [words(paragraph, hang) for paragraph in self._paragraphs]
        typeface = paragraphs[0].typeface
        self._hand = typeface.hand
        self._height = typeface.chain.own[0].height
        self._rtl = bool(paragraphs[0].base)

    def fit(self, largest: float) -> SetText | None:
        """The text at the largest size that fits, at most `largest`; None where none does."""
        for size in self._sizes(min(largest, self._measure.largest)):
            done = self.set_at(size)
            if done is not None:
                return done
        return None

    def _sizes(self, largest: float) -> Iterator[float]:
        """Sizes to be tried, leaving out those at which the text has more area than the frame."""
        measure = self._measure
        advance = sum(paragraph.ends[-1] for paragraph in self._paragraphs)
        size = largest
        while size > measure.smallest:
            leading = self._leading(size)
            lines = 1 + max(0.0, measure.area.height - sum(self._height) * size) // leading
            if advance * size <= lines * measure.area.width * (1 + _OVERHANG):
                yield size
            size -= _STEP
        yield measure.smallest

    def _leading(self, size: float) -> float:
        return self._measure.leading * size / self._measure.largest

    def set_at(self, size: float) -> SetText | None:
        """The text at this size, or None where it does not fit."""
        measure = self._measure
        drift = LARGEST_DRIFT if self._hand else 0.0
        width = measure.area.width / size - drift
        broken: list[list[Line]] = []
        for pieces in self._words:
            lines = break_lines(pieces, width, even=measure.even)
            if lines is None:
                return None
            broken.append(lines)
        if not self._has_room(broken, size):
            return None
        return self._place(broken, size)

    def _has_room(self, broken: Sequence[Sequence[Line]], size: float) -> bool:
        """Whether that many lines can be in the frame at all, before they are cut and measured."""
        steps = sum(map(len, broken)) - 1 + sum(self._gaps)
        return steps * self._leading(size) + sum(self._height) * size <= self._measure.area.height

    def _place(self, broken: Sequence[Sequence[Line]], size: float) -> SetText | None:
        """The lines at their places, or None where their ink would leave the frame or the safe zone."""
        cut = self._cut(broken, size)
        first = self._first_baseline(cut[-1].depth, cut[0].ink, cut[-1].ink, size)
        placed = []
        for line in cut:
            x, y = self._x(line, size), first - line.depth
            if not self._inside(x, y, line.ink, size):
                return None
            # A line leans about its middle, so that its ends leave the grid equally.
            placed.append(SetLine(line.runs, x, y - line.slope * line.ink.right * size / 2, line.slope))
        free = first - cut[-1].depth - self._height[1] * size - self._measure.area.bottom
        return SetText(size, placed, max(0.0, free))

    def _cut(self, broken: Sequence[Sequence[Line]], size: float) -> list[_CutLine]:
        """The lines with their glyphs, each at its depth under the first baseline."""
        count = sum(map(len, broken))
        drifts = self._hand.drifts(count) if self._hand else [0.0] * count
        slopes = self._hand.slopes(count) if self._hand else [0.0] * count
        cut: list[_CutLine] = []
        depth, leading = 0.0, self._leading(size)
        for paragraph, gap, own in zip(self._paragraphs, self._gaps, broken, strict=True):
            depth += gap * leading
            for line in own:
                runs, slope = paragraph.line(line.start, line.end), slopes[len(cut)]
                ink = _ink(runs)
                lift = abs(slope) * ink.right / 2
                leaning = Ink(ink.left, ink.bottom - lift, ink.right, ink.top + lift)
                cut.append(_CutLine(runs, leaning, depth, drifts[len(cut)] - line.hang, slope))
                depth += leading
        return cut

    def _x(self, line: _CutLine, size: float) -> float:
        area = self._measure.area
        advance = sum(glyph.advance for run in line.runs for glyph in run.glyphs) * size
        if self._measure.align is Align.CENTRE:
            return area.left + (area.width - advance) / 2
        at_right = (self._measure.align is Align.END) != self._rtl
        inset = line.inset * size
        return area.right - inset - advance if at_right else area.left + inset

    def _first_baseline(self, depth: float, first: Ink, last: Ink, size: float) -> float:
        """The y of the first baseline; letters of usual height decide, taller ink pushes it inwards."""
        area, (usual_over, usual_under) = self._measure.area, self._height
        over = max(usual_over, first.top - _RISE) * size
        under = max(usual_under, -last.bottom - _RISE) * size
        if self._measure.vertical is VerticalAlign.BOTTOM:
            return area.bottom + under + depth
        if self._measure.vertical is VerticalAlign.MIDDLE:
            return area.top - over - (area.height - over - depth - under) / 2
        return area.top - over

    def _inside(self, x: float, y: float, ink: Ink, size: float) -> bool:
        area, safe = self._measure.area, self._measure.safe
        overhang = _OVERHANG * size + 0.5 * size * (self._measure.align is not Align.CENTRE)
        left, right = x + ink.left * size, x + ink.right * size
        bottom, top = y + ink.bottom * size, y + ink.top * size
        return (
            left >= max(safe.left, area.left - overhang)
            and right <= min(safe.right, area.right + overhang)
            and bottom >= max(safe.bottom, area.bottom - (_RISE + _ROUNDING) * size)
            and top <= min(safe.top, area.top + (_RISE + _ROUNDING) * size)
        )


def _ink(runs: Sequence[Run]) -> Ink:
    """Where a line's ink is, in em from its start on the baseline."""
    left = bottom = right = top = x = 0.0
    for run in runs:
        ink_of = run.item.face.ink
        for glyph in run.glyphs:
            ink = ink_of(glyph.shape)
            if ink is not None:
                at, rise = x + glyph.dx, glyph.dy
                left = min(left, at + ink.left)
                right = max(right, at + ink.right)
                bottom = min(bottom, rise + ink.bottom)
                top = max(top, rise + ink.top)
            x += glyph.advance
    return Ink(left, bottom, right, top)
