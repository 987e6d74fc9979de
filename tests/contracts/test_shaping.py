"""Words shaped one by one are what HarfBuzz makes of the whole text: nothing is lost between words."""

from __future__ import annotations

from collections import Counter

import pytest
import uharfbuzz as hb

from app.pdf.text.clean import clean
from app.pdf.text.face import Face, parts_of
from app.pdf.text.paragraph import Paragraph, Setting, shape_paragraph
from app.pdf.typefaces import Typefaces
from app.registry.fonts import own_fonts
from tests.languages import GREETINGS, Greeting

_DOTTED_CIRCLE = 0x25CC
_TYPEFACES = Typefaces(own_fonts())
_EVERY_LANGUAGE = pytest.mark.parametrize("said", GREETINGS.values(), ids=GREETINGS)


def _paragraph(said: Greeting) -> Paragraph:
    typeface = _TYPEFACES.printed("print", said.language)
    base = 1 if said.direction == "rtl" else 0
    return shape_paragraph(
        clean(f"{said.name} {said.message}", "the test"), Setting(typeface, base), "the test"
    )


def _by_face(paragraph: Paragraph) -> dict[Face, list[tuple[str, list[int]]]]:
    """What each font shows: text and glyphs of its runs in reading order."""
    found: dict[Face, list[tuple[str, list[int]]]] = {}
    for piece in paragraph.pieces:
        for run in piece.runs:
            glyphs = [
                glyph
                for shown in run.glyphs
                if not shown.text.isspace()
                for glyph, _, _ in parts_of(shown.shape)
            ]
            found.setdefault(run.face, []).append((piece.text, glyphs))
    return found


@_EVERY_LANGUAGE
def test_the_glyphs_are_those_of_the_whole_text(said: Greeting) -> None:
    shown = _by_face(_paragraph(said))
    if len(shown) > 1:
        pytest.skip("in several fonts, so there is no whole text of one")
    ((face, runs),) = shown.items()
    buffer = hb.Buffer()
    text = f"{said.name} {said.message}"
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.language = said.language
    buffer.flags = hb.BufferFlags.REMOVE_DEFAULT_IGNORABLES | hb.BufferFlags.DO_NOT_INSERT_DOTTED_CIRCLE
    hb.shape(face.font, buffer)
    whole = [info.codepoint for info in buffer.glyph_infos if not text[info.cluster].isspace()]
    pieces = [glyph for _, glyphs in runs for glyph in glyphs]
    if said.direction == "ltr":
        assert pieces == whole
    else:
        assert Counter(pieces) == Counter(whole), "words stand from right to left"


@_EVERY_LANGUAGE
def test_no_mark_stands_on_a_dotted_circle(said: Greeting) -> None:
    """HarfBuzz is kept from drawing one; that it would not want to shows that the letters are in order."""
    for face, runs in _by_face(_paragraph(said)).items():
        circle = face.nominal(_DOTTED_CIRCLE)
        for text, _ in runs:
            buffer = hb.Buffer()
            buffer.add_str(text)
            buffer.guess_segment_properties()
            hb.shape(face.font, buffer)
            assert not circle or circle not in {info.codepoint for info in buffer.glyph_infos}, text
