"""A side's layout as content stream operators (ISO 32000-2, 8 and 9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.domain.brand import Ink
from app.domain.card import Card
from app.domain.profile import PressProfile
from app.domain.template import Align
from app.domain.units import points
from app.pdf.art.signature import Signature
from app.pdf.file.fonts import FontUses
from app.pdf.file.syntax import number
from app.pdf.layout import PlacedPicture, PlacedText
from app.pdf.text.fit import SetLine

BLACK: Ink = (0.0, 0.0, 0.0, 1.0)
OVERPRINT = "Over"
"""The graphics state that K100 text is set in."""
_INKS_MANY_FROM = 14.0
"""Smallest type in pt that may be printed in several inks: under it, register errors blur the strokes."""
_RISE_STEP = 20
"""Rises are rounded to 1/20 pt, so that equal ones share one operator."""


def text_operators(
    placed: PlacedText, palette: Mapping[str, Ink], profile: PressProfile, uses: FontUses
) -> str:
    """A set text in its colour; small black text overprints what is under it."""
    size = placed.text.size
    ink = text_ink(palette[placed.frame.colour], size)
    state = f"/{OVERPRINT} gs " if ink == BLACK and size < profile.black_text_below else ""
    lines = "".join(_line(line, size, uses) for line in placed.text.lines)
    return f"q {state}{_fill(ink)}\nBT\n{lines}ET Q\n"


def text_ink(ink: Ink, size: float) -> Ink:
    """The ink that text of a size is printed in: one ink only where it is small."""
    several = sum(share > 0 for share in ink) > 1
    return BLACK if several and size < _INKS_MANY_FROM else ink


def _line(line: SetLine, size: float, uses: FontUses) -> str:
    slope = number(line.slope) if abs(line.slope) >= 0.0005 else "0"  # noqa: PLR2004 - the last decimal
    lean = "0" if slope == "0" else number(-line.slope)
    place = f"1 {slope} {lean} 1 {number(line.x)} {number(line.y)} Tm\n"
    return place + "".join(_runs(line, size, uses))


def _runs(line: SetLine, size: float, uses: FontUses) -> Iterator[str]:
    """Font changes, rises and glyphs. The next glyph belongs at `wanted`; PDF would put it at `pen`."""
    wanted = pen = 0.0
    rise = 0
    for run in line.runs:
        use = uses.of(run.item.face)
        own = run.item.face.file.scale
        shown: list[str] = []
        yield f"/{use.resource} {number(size * own)} Tf\n"
        for glyph in run.glyphs:
            glyph_rise = round(glyph.dy * size * _RISE_STEP)
            if glyph_rise != rise:
                if shown:
                    yield _show(shown)
                    shown = []
                rise = glyph_rise
                yield f"{number(rise / _RISE_STEP)} Ts\n"
            correction = round((pen - wanted - glyph.dx) * 1000 / own)
            if correction:
                shown.append(f">{correction}<")
                pen -= correction * own / 1000
            code, advance = use.show(glyph)
            shown.append(code)
            pen += advance
            wanted += glyph.advance
        if shown:
            yield _show(shown)
    if rise:
        yield "0 Ts\n"


def _show(shown: list[str]) -> str:
    return f"[<{''.join(shown)}>]TJ\n".replace("<>", "")


def signature_operators(signature: Signature, resource: str, placed: PlacedPicture, card: Card) -> str:
    """The signature as large as it was written, smaller only where its frame is."""
    area = placed.area
    width, height = points(signature.width), points(signature.height)
    scale = min(1.0, area.width / width, area.height / height)
    width, height = width * scale, height * scale
    at_left = (placed.frame.align is Align.START) != (card.direction == "rtl")
    x = area.left if at_left else area.right - width
    if placed.frame.align is Align.CENTRE:
        x = area.left + (area.width - width) / 2
    y = area.bottom + (area.height - height) / 2
    place = f"{number(width)} 0 0 {number(height)} {number(x)} {number(y)} cm"
    return f"q {_fill(card.palette[placed.frame.colour])} {place} /{resource} Do Q\n"


def _fill(ink: Ink) -> str:
    return f"{' '.join(map(number, ink))} k"
