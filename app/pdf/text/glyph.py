"""Glyphs with what they say: their CIDs, and what all places that show them share.

A CID is the glyph's own number wherever the glyph says what it always says. Words can then be kept in the
form in which they are shown, whatever file they come into. What a font draws for something else (a cluster
merged into one shape, a no-break space that looks like a space) is numbered by the file that shows it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING

from app.pdf.file.syntax import number
from app.pdf.text.grid import on_grid

if TYPE_CHECKING:
    from app.pdf.text.face import Face, Ink, Shape

_LAST_FIXED = 0xE000
"""CIDs from here on, or from the font's glyph count where that is smaller, are given out by each file."""
_PRESENTATION_FORMS = (0xFB1D, 0xFEFF)
"""Arabic and Hebrew letters in their joined forms: each says the plain letter."""
UNNUMBERED = "%s"
"""Stands in a code for the CID that the file will give."""


class Glyph:
    """One shape that says one text. `cid` is 0 where files give their own; `advance` in em as PDF moves."""

    __slots__ = ("advance", "cid", "code", "ink", "shape", "text", "unicode", "width")

    def __init__(self, face: Face, shape: Shape, text: str, cid: int) -> None:
        """Measured once."""
        self.shape = shape
        self.text = text
        self.cid = cid
        self.code = f"{cid:04X}" if cid else UNNUMBERED
        self.ink: Ink | None = face.ink(shape)
        self.width = number(face.advance(shape) * 1000 / face.units)
        """Advance in thousandths of the font's em, as the file's `W` says it."""
        self.advance = on_grid(float(self.width) / 1000 * face.file.scale)
        self.unicode = text.encode("utf-16-be").hex().upper()


class Glyphs:
    """Every glyph of a font that was ever shown."""

    def __init__(self, face: Face) -> None:
        """None yet."""
        self._face = face
        self._known: dict[tuple[Shape, str], Glyph] = {}
        self._says = _canonical_texts(face)
        self.first_free = min(face.glyph_count, _LAST_FIXED)
        """The first CID that no glyph has as its own."""

    def of(self, shape: Shape, text: str) -> Glyph:
        """The shape where it says `text`."""
        known = self._known.get((shape, text))
        if known is None:
            own = isinstance(shape, int) and shape < self.first_free and self._says.get(shape) == text
            known = Glyph(self._face, shape, text, shape if own and isinstance(shape, int) else 0)
            self._known[shape, text] = known
        return known

    def own(self, texts: Iterable[str]) -> list[Glyph]:
        """Every glyph that always says one of these characters, in the order of their numbers."""
        said = set(texts)
        shapes = (shape for shape, text in self._says.items() if text in said and shape < self.first_free)
        return [self.of(shape, self._says[shape]) for shape in sorted(shapes)]


def _canonical_texts(face: Face) -> dict[int, str]:
    """What each glyph says nearly always: its character, or that of which it is another shape.

    A pure function of the font, so that every process gives the same CIDs.
    """
    says: dict[int, str] = {}
    for code in sorted(face.characters):
        character = chr(code)
        if _PRESENTATION_FORMS[0] <= code <= _PRESENTATION_FORMS[1]:
            plain = unicodedata.normalize("NFKC", character)
            character = plain if len(plain) == 1 else character
        says.setdefault(face.nominal(code), character)
    for character in list(says.values()):
        for shape in face.alternate_shapes(character):
            says.setdefault(shape, character)
    says.pop(0, None)
    return says
