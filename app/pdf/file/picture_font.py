"""Pictures that are shown as letters: a Type 3 font whose glyphs are images (ISO 32000-2, 9.6.4).

So a picture has a place in its line, and a meaning that search and copy find; with an image beside the text,
readers put neither where it belongs.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from app.domain.profile import PressProfile, Standard
from app.pdf.art.separation import Separation, separate
from app.pdf.file.objects import ObjectFile
from app.pdf.file.syntax import number
from app.pdf.file.to_unicode import to_unicode, utf_16
from app.pdf.text.emoji import EmojiPage
from app.pdf.text.face import Shape, parts_of

MOST_SHOWN = 255
"""Codes that one such font has, less the one that Poppler wants for itself."""
_M_WIDTH = 0.6
"""Poppler takes a Type 3 font for as large as its `m` says, 0.6 em being usual; without one it takes pictures
for letters of another size, and away from their line."""
_PICTURES_KEPT = 1024
"""Some 25 kB each."""


def write_picture_font(
    file: ObjectFile, face: EmojiPage, shown: Sequence[tuple[Shape, str]], profile: PressProfile
) -> int:
    """Write the font and its images; gives the font's object number.

    Args:
        file: takes the objects.
        face: whose pictures they are.
        shown: what codes 1 and on show (pictures of the face, or nothing) and say; at most `MOST_SHOWN`.
        profile: gives the inks, and the standard that says how a picture may be see-through.
    """
    names = {shape: f"/s{index}" for index, shape in enumerate(dict.fromkeys(shape for shape, _ in shown))}
    glyphs = dict.fromkeys(glyph for shape in names for glyph, _, _ in parts_of(shape))
    images = "".join(f"/p{glyph} {_write_image(file, face, glyph, profile)} 0 R" for glyph in glyphs)
    procedures = "".join(f"{name} {_write_procedure(file, face, shape)} 0 R" for shape, name in names.items())
    encoding = "".join(names[shape] for shape, _ in shown)
    widths = " ".join(number(face.advance(shape)) for shape, _ in shown)
    said = to_unicode(((f"{code:02X}", utf_16(text)) for code, (_, text) in enumerate(shown, 1)), digits=2)
    unicode_map = file.add_stream(said)
    unit = f"{1 / face.units:.9f}"
    box = " ".join(map(str, face.box))
    return file.add(
        f"<</Type/Font/Subtype/Type3/Name/{face.resource}/FontBBox[{box}]"
        f"/FontMatrix[{unit} 0 0 {unit} 0 0]/Resources<</XObject<<{images}>>>>/CharProcs<<{procedures}>>"
        f"/Encoding<</Type/Encoding/Differences[0/m{encoding}]>>/FirstChar 0/LastChar {len(shown)}"
        f"/Widths[{number(_M_WIDTH * face.units)} {widths}]/ToUnicode {unicode_map} 0 R>>"
    )


def _write_image(file: ObjectFile, face: EmojiPage, glyph: int, profile: PressProfile) -> int:
    separation = _separated(face, glyph, profile.icc)
    return separation.write(file, transparent=profile.standard is not Standard.PDF_X1A)


@lru_cache(maxsize=_PICTURES_KEPT)
def _separated(face: EmojiPage, glyph: int, icc: Path) -> Separation:
    return separate(face.picture(glyph), icc)


def _write_procedure(file: ObjectFile, face: EmojiPage, shape: Shape) -> int:
    """Write what draws a shape; `d0` says that it has its own colours (9.6.4, table 111)."""
    left, bottom, right, top = face.box
    drawn = "".join(
        f" q {right - left} 0 0 {top - bottom} {left + x} {bottom + y} cm /p{glyph} Do Q"
        for glyph, x, y in parts_of(shape)
    )
    return file.add_stream(f"{number(face.advance(shape))} 0 d0{drawn}".encode("ascii"))
