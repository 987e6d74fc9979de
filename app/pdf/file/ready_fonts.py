"""Ready-made subsets of fonts, for files of one card.

To cut a font for the sixty letters of one card takes longer than to set them. So the letters of an alphabet
are cut once, with all their other shapes, and stand in every such file that needs no others. Which subset it
is follows from what the card says alone, so that every process makes the same file. It is some 50 kB larger;
on a sheet of many cards the font is then the same object, and stands there once (`file/copier.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from app.pdf.file.font_objects import FontObjects, font_objects
from app.pdf.text.face import Face
from app.pdf.text.glyph import Glyph

_ALPHABETS: Final = (
    (range(0x20, 0x7F), range(0x2010, 0x2027), (0xA0, 0x20AC)),
    (range(0xA1, 0x180),),
    (range(0x370, 0x400),),
    (range(0x400, 0x460), range(0x490, 0x492)),
)
"""Code points: English with its punctuation, other Latin letters, Greek, Cyrillic."""
_ALPHABET_OF = {
    chr(code): index for index, ranges in enumerate(_ALPHABETS) for codes in ranges for code in codes
}
_KEPT = 64
"""Subsets, of some 50 kB."""


def is_letter(text: str) -> bool:
    """Whether a text is of letters of the alphabets."""
    return all(character in _ALPHABET_OF for character in text)


def ready_font(face: Face, shown: Iterable[Glyph]) -> FontObjects | None:
    """A subset that holds all these glyphs; None where one of them is not a letter of the alphabets."""
    needed = {0, *(_ALPHABET_OF.get(glyph.text, -1) if glyph.cid else -1 for glyph in shown)}
    return None if -1 in needed else _cut(face, frozenset(needed))


@lru_cache(maxsize=_KEPT)
def _cut(face: Face, alphabets: frozenset[int]) -> FontObjects:
    glyphs = face.glyphs.own(text for text, index in _ALPHABET_OF.items() if index in alphabets)
    return font_objects(face, {glyph.cid: glyph for glyph in glyphs})
