"""Whether every letter that is drawn has an outline: told by MuPDF and fontTools, without our code."""

from __future__ import annotations

import io
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import pikepdf
from fontTools.ttLib import TTFont

_WITHOUT_INK = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})
_LONGEST_NAME = 31
"""Characters of a font's name that MuPDF keeps."""


def drawn_glyphs(page: ET.Element) -> list[ET.Element]:
    """The glyphs of a page of `mutool trace`; further characters of one stand there without glyph."""
    found = [glyph for span in page.iter("span") for glyph in span.iter("g")]
    return [glyph for glyph in found if glyph.get("glyph") is not None]


def blank_letters(pdf: pikepdf.Pdf, trace: ET.Element) -> set[tuple[str, int]]:
    """Font and glyph of every visible character that is drawn with a glyph without outline.

    A glyph for several characters has blanks without width behind it, which carry the other characters.
    """
    programs = {name[:_LONGEST_NAME]: TTFont(io.BytesIO(data)) for name, data in _programs(pdf)}
    wanted = {
        (span.get("font") or "", int(glyph.get("glyph") or 0))
        for span in trace.iter("span")
        for glyph in span.iter("g")
        if glyph.get("glyph") is not None and _visible(glyph.get("unicode") or "")
    }
    return {(font, glyph) for font, glyph in wanted if _blank(programs[font], glyph)}


def _blank(program: TTFont, glyph: int) -> bool:
    name = program.getGlyphName(glyph)
    advance, _ = program["hmtx"][name]
    return bool(advance > 0 and program["glyf"][name].numberOfContours == 0)


def _visible(text: str) -> bool:
    return any(unicodedata.category(character) not in _WITHOUT_INK for character in text)


def _programs(pdf: pikepdf.Pdf) -> Iterator[tuple[str, bytes]]:
    for found in pdf.objects:
        if isinstance(found, pikepdf.Dictionary) and found.get("/Type") == pikepdf.Name.FontDescriptor:
            yield str(found.FontName)[1:], found.FontFile2.read_bytes()
