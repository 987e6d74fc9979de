"""The library's fonts, opened on first use, as the typefaces that frames ask for."""

from __future__ import annotations

from dataclasses import replace

from app.pdf.text.face import Face
from app.pdf.text.hand import Hand
from app.pdf.text.itemise import Chain
from app.pdf.text.shape import Typeface
from app.registry.fonts import FontFile, FontLibrary

HAND = "hand"
"""A frame of this typeface is written in the hand that the card names."""
_PER_MILLE = 1000


class Typefaces:
    """Knows each typeface's chain of fonts; each is opened once, when a text first asks for it."""

    def __init__(self, library: FontLibrary) -> None:
        """Nothing is opened before it is needed."""
        self._library = library
        self._faces: dict[str, Face] = {}
        self._known: dict[tuple[str, str], Typeface] = {}

    def printed(self, role: str, language: str, tracking: float) -> Typeface:
        """A typeface set as type. `tracking` is in thousandths of an em."""
        return replace(self._typeface(role, language), tracking=tracking / _PER_MILLE)

    def written(self, role: str, language: str, hand: Hand) -> Typeface:
        """A typeface written by hand: its own fonts vary, those it falls back on do not."""
        return replace(self._typeface(role, language), hand=hand)

    def _typeface(self, role: str, language: str) -> Typeface:
        known = self._known.get((role, language))
        if known is None:
            own, fallback = self._library.chain(role, language)
            chain = Chain(tuple(map(self._face, own)), tuple(map(self._face, fallback)))
            known = Typeface(chain=chain, language=language)
            self._known[role, language] = known
        return known

    def _face(self, file: FontFile) -> Face:
        face = self._faces.get(file.name)
        if face is None:
            face = self._faces[file.name] = Face(file)
        return face
