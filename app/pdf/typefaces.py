"""The library's fonts, opened on first use, as the typefaces that frames ask for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from app.pdf.text.emoji import EmojiFont
from app.pdf.text.face import Face
from app.pdf.text.itemise import Chain
from app.pdf.text.shape import Typeface
from app.registry.fonts import FontFile, FontLibrary

HAND = "hand"
"""A frame of this typeface is written in the hand that the card names."""
_PER_MILLE = 1000
Hyphens = Callable[[str, str], Sequence[int]]
"""The places within a word of a language where it may be hyphenated."""


class Typefaces:
    """Knows each typeface's chain of fonts; each is opened once, when a text first asks for it.

    A typeface keeps the words that it has shaped, so one is kept for each way in which text is set.
    """

    def __init__(self, library: FontLibrary) -> None:
        """Nothing is opened before it is needed."""
        self._library = library
        self._emoji = EmojiFont(library.emoji) if library.emoji else None
        self._faces: dict[str, Face] = {}
        self._known: dict[tuple[object, ...], Typeface] = {}

    def printed(
        self, role: str, language: str, tracking: float = 0.0, hyphens: Hyphens | None = None
    ) -> Typeface:
        """A typeface set as type. `tracking` is in thousandths of an em.

        Raises:
            SetupError: there is no such typeface.
        """
        make = partial(Typeface, tracking=tracking / _PER_MILLE, hyphenate=hyphens)
        return self._typeface((role, language, tracking, hyphens), make)

    def written(self, role: str, language: str, hyphens: Hyphens | None = None) -> Typeface:
        """A typeface written by hand: its own fonts vary, those it falls back on do not.

        Raises:
            SetupError: there is no such typeface.
        """
        make = partial(Typeface, written=True, hyphenate=hyphens)
        return self._typeface((role, language, None, hyphens), make)

    def _typeface(self, key: tuple[str, str, object, object], make: partial[Typeface]) -> Typeface:
        known = self._known.get(key)
        if known is None:
            role, language, *_ = key
            own, fallback = self._library.chain(role, language)
            chain = Chain(tuple(map(self._face, own)), tuple(map(self._face, fallback)), self._emoji)
            known = self._known[key] = make(chain=chain, language=language)
        return known

    def _face(self, file: FontFile) -> Face:
        face = self._faces.get(file.name)
        if face is None:
            face = self._faces[file.name] = Face(file)
        return face
