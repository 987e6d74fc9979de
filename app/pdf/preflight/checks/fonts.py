"""Fonts and glyphs (ISO 15930-7:2010, 6.3)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from app.domain.profile import Severity
from app.pdf.preflight.check import check
from app.pdf.preflight.content.marks import TextMark
from app.pdf.preflight.content.matrix import Bounds
from app.pdf.preflight.content.typeface import Glyph
from app.pdf.preflight.objects import object_id
from app.pdf.preflight.report import Finding
from app.pdf.preflight.subject import Page, Subject

_WIDTH_TOLERANCE = 1.5
"""1/1000 em: writers round widths to whole numbers."""
_BLANK_CATEGORIES = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})


def _shown(subject: Subject) -> Iterator[tuple[Page, TextMark, Glyph, Bounds]]:
    for page in subject.painted_pages:
        for mark in page.painted.marks:
            if isinstance(mark, TextMark):
                for glyph, bounds in mark.glyphs:
                    yield page, mark, glyph, bounds


@check("Every font is embedded", demanded=True)
def fonts_embedded(subject: Subject) -> Iterator[Finding]:
    """ISO 15930-7, 6.3.2. Fonts that no text uses are harmless, and reported by no one."""
    if subject.streamed is not None:
        yield from subject.streamed.fonts
    reported: set[str] = set()
    for page in subject.painted_pages:
        for key, face in page.painted.fonts.items():
            if key not in reported and not (face.embedded and face.known_kind):
                reported.add(key)
                yield Finding(
                    "it is not embedded",
                    "embed the font",
                    page.number,
                    object=f"font {face.name}",
                    id=object_id(face.font),
                )


@check("Every shown character has a glyph", demanded=True, content=True)
def no_notdef(subject: Subject) -> Iterator[Finding]:
    """`.notdef` prints as a box, or as nothing."""
    for page, mark, glyph, bounds in _shown(subject):
        if glyph.absent and mark.font.embedded:
            yield Finding(
                f"code {glyph.code:#06x} has no glyph",
                "choose a font that has the character",
                page.number,
                page.box(bounds),
                f"font {mark.font.name}",
                object_id(mark.font.font),
            )


@check("No visible character has an empty glyph", content=True)
def no_blank_glyphs(subject: Subject) -> Iterator[Finding]:
    """A subset by characters instead of glyphs prints blanks where ligatures form; nobody else notices.

    Blanks without width are let through: they carry the words of a glyph that stands for several characters.
    """
    for page, mark, glyph, bounds in _shown(subject):
        if glyph.blank and glyph.width > _WIDTH_TOLERANCE and not glyph.absent and _visible(glyph.text):
            yield Finding(
                f"code {glyph.code:#06x} stands for a visible character, but draws nothing",
                "subset the font by glyphs, after shaping",
                page.number,
                page.box(bounds),
                f"font {mark.font.name}",
                object_id(mark.font.font),
            )


def _visible(text: str | None) -> bool:
    return any(unicodedata.category(character) not in _BLANK_CATEGORIES for character in text or "")


@check("The widths are those of the fonts", content=True)
def font_widths_agree(subject: Subject) -> Iterator[Finding]:
    """ISO 32000-1, 9.7.4.3: readers space by the PDF's widths, some presses by the font's."""
    reported: set[tuple[str, int]] = set()
    for page, mark, glyph, bounds in _shown(subject):
        if glyph.own_width is None or glyph.absent or abs(glyph.width - glyph.own_width) <= _WIDTH_TOLERANCE:
            continue
        if (mark.font.name, glyph.code) not in reported:
            reported.add((mark.font.name, glyph.code))
            yield Finding(
                f"code {glyph.code:#06x} is {glyph.width:g} wide, in the font {glyph.own_width:g}",
                "write the font's widths",
                page.number,
                page.box(bounds),
                f"font {mark.font.name}",
                object_id(mark.font.font),
            )


@check("Text can be searched", Severity.WARNING, content=True)
def text_searchable(subject: Subject) -> Iterator[Finding]:
    """Each glyph says its characters (ToUnicode), so that a name can be found in the file."""
    reported: set[str] = set()
    for page, mark, glyph, bounds in _shown(subject):
        simple = not mark.font.composite
        if glyph.text is None and not simple and not glyph.absent and mark.font.name not in reported:
            reported.add(mark.font.name)
            yield Finding(
                f"code {glyph.code:#06x} does not say its character",
                "write ToUnicode for every glyph",
                page.number,
                page.box(bounds),
                f"font {mark.font.name}",
                object_id(mark.font.font),
            )
