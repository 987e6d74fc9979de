"""The slug: which sheet this is, for the operator's eyes and for a scanner, and the colour bar.

It stands in the strip beside the pieces, in spans between the crop marks, so that no mark runs through it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.domain.geometry import Box
from app.domain.profile import PressProfile
from app.domain.units import points
from app.pdf.codes.data_matrix import DATA_MATRIX_QUIET_ZONE, data_matrix_modules
from app.pdf.codes.matrix import matrix_codes
from app.pdf.file.fonts import FontUses
from app.pdf.file.syntax import number
from app.pdf.impose.colour_bar import bar, bar_width
from app.pdf.impose.drawing import Type
from app.pdf.impose.layout import Layout
from app.pdf.text.area import Area

_SIZE = 5.5
"""pt."""
_CAPITALS = 0.7
"""Height of capitals, em."""
_TAILS = 0.25
"""How far letters reach under their line, em."""
_LEADING = 1.25
"""em."""
_INSET = points(1.5)
"""From crop marks, and between code, words and bar."""
_APART = points(4.0)
"""Between two facts of one line."""
_BAR = 0.7
"""Height of the colour bar, of the strip's."""


@dataclass(frozen=True, slots=True)
class SlugText:
    """What a side's slug says: facts in two lines, the most needed first, and the sheet's code.

    A fact may have several wordings, the longest first; where none has room, it is left out.
    """

    first: Sequence[Sequence[str]]
    second: Sequence[Sequence[str]]
    code: str


@dataclass(slots=True)
class _Span:
    """A stretch of the strip in pt, from `start`; words have filled it to `filled`."""

    start: float
    end: float
    filled: float


class Slugs:
    """Writes the slugs of one run's sheets."""

    def __init__(self, layout: Layout, profile: PressProfile, lettering: Type) -> None:
        """Nothing is drawn where the layout has no room for a slug."""
        self._layout = layout
        self._profile = profile
        self._type = lettering

    def operators(self, placing: Callable[[Box], Box], text: SlugText, uses: FontUses) -> bytes:
        """The slug of one side, in pt; `placing` says where a box of the front is on it."""
        layout = self._layout
        if layout.slug is None:
            return b""
        strip, height = placing(layout.slug), layout.sheet[1]
        foot = number(points(height - strip.bottom))
        if layout.slug_upright:
            tall, place = points(strip.height), f"q 1 0 0 1 {number(points(strip.x))} {foot} cm\n"
        else:  # it is read from the right
            tall, place = points(strip.width), f"q 0 1 -1 0 {number(points(strip.right))} {foot} cm\n"
        spans = _spans(layout, placing, strip)
        code, start = _code(text.code, spans[0], tall, self._profile)
        spans[0].start = spans[0].filled = start
        words = _lines(text, spans, tall, self._type, uses)
        return (
            place.encode("ascii") + code + (words + _bar(spans, tall, self._profile)).encode("ascii") + b"Q\n"
        )


def _spans(layout: Layout, placing: Callable[[Box], Box], strip: Box) -> list[_Span]:
    """The stretches along the strip that lie beside a piece, in reading direction."""
    found: list[_Span] = []
    for place in layout.places:
        trim = placing(place.trim)
        if layout.slug_upright and place.row == 0:
            start, end = trim.x - strip.x, trim.right - strip.x
        elif not layout.slug_upright and place.column == 0:
            start, end = strip.bottom - trim.bottom, strip.bottom - trim.y
        else:
            continue
        start, end = points(start) + _INSET, points(end) - _INSET
        found.append(_Span(start, end, start))
    return sorted(found, key=lambda span: span.start)


def _code(text: str, span: _Span, tall: float, profile: PressProfile) -> tuple[bytes, float]:
    """The sheet's Data Matrix at the start of a span, and where it ends with its distance."""
    (code,) = matrix_codes("the sheet's code", DATA_MATRIX_QUIET_ZONE, [data_matrix_modules(text)])
    least = points(profile.smallest_module) * (code.modules + 2 * DATA_MATRIX_QUIET_ZONE)
    if least > min(tall, span.end - span.start) + 1e-6:
        return b"", span.start
    drawn = code.operators(Area(span.start, 0, span.start + tall, tall), profile)
    return drawn, span.start + tall + _INSET


def _lines(text: SlugText, spans: Sequence[_Span], tall: float, lettering: Type, uses: FontUses) -> str:
    """Both lines, each fact in the first span that has room for it."""
    low = (tall - _SIZE * (_CAPITALS + _LEADING + _TAILS)) / 2 + _SIZE * _TAILS
    drawn: list[str] = []
    for facts, baseline in ((text.first, low + _SIZE * _LEADING), (text.second, low)):
        pens = [span.start for span in spans]
        at = 0
        for fact in facts:
            worded = [words for wording in fact if (words := lettering.set(wording, _SIZE))]
            room = (
                (span, words)
                for span in range(at, len(spans))
                for words in worded
                if pens[span] + words.width <= spans[span].end
            )
            found = next(room, None)
            if found is None:
                continue
            at, words = found
            drawn.append(words.at(pens[at], baseline, uses))
            pens[at] += words.width + _APART
            spans[at].filled = max(spans[at].filled, pens[at])
    return "".join(drawn)


def _bar(spans: Sequence[_Span], tall: float, profile: PressProfile) -> str:
    """The colour bar at the end of the span that has most room left."""
    span = max(spans, key=lambda span: span.end - span.filled)
    width = bar_width(profile, (span.end - span.filled) / points(1))
    return bar(profile, span.end - points(width), tall * (1 - _BAR) / 2, width, tall * _BAR)
