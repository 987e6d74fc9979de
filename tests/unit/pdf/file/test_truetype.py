"""Font programs: fontTools, which knows nothing of ours, reads them whole."""

from __future__ import annotations

import io

from fontTools.ttLib import TTFont

from app.pdf.file.truetype import font_program
from app.pdf.text.face import BLANK, Face, Merged


def _made(face: Face, text: str) -> TTFont:
    shapes = [0, *(face.font.get_nominal_glyph(ord(c)) for c in text)]
    return TTFont(io.BytesIO(font_program(face, shapes).data), checkChecksums=2)


def test_each_glyph_stands_in_its_place_with_its_width(hand_face: Face) -> None:
    font = _made(hand_face, "Ag ")
    assert font["maxp"].numGlyphs == 4
    for index, character in enumerate("Ag ", start=1):
        glyph = hand_face.font.get_nominal_glyph(ord(character))
        assert font["hmtx"][font.getGlyphName(index)][0] == hand_face.advance(glyph)


def test_tables_agree_with_the_glyphs(hand_face: Face) -> None:
    font = _made(hand_face, "Agj")
    head, glyphs = font["head"], [font["glyf"][name] for name in font.getGlyphOrder()]
    inked = [glyph for glyph in glyphs if glyph.numberOfContours]
    assert head.xMin == min(glyph.xMin for glyph in inked)
    assert head.yMax == max(glyph.yMax for glyph in inked)
    assert font["maxp"].maxPoints == max(len(glyph.coordinates) for glyph in inked)
    assert font["maxp"].maxContours == max(glyph.numberOfContours for glyph in inked)
    assert font["hhea"].numberOfHMetrics == len(glyphs)
    for glyph in inked:
        before = (glyph.xMin, glyph.yMin, glyph.xMax, glyph.yMax)
        glyph.recalcBounds(font["glyf"])
        assert (glyph.xMin, glyph.yMin, glyph.xMax, glyph.yMax) == before


def test_the_check_sum_of_the_whole_file_is_right(hand_face: Face) -> None:
    data = font_program(hand_face, [0, 5]).data
    words = [int.from_bytes(data[at : at + 4], "big") for at in range(0, len(data), 4)]
    assert sum(words) % (1 << 32) == 0xB1B0AFBA


def test_blanks_and_merged_shapes_are_glyphs_too(hand_face: Face) -> None:
    letter = hand_face.font.get_nominal_glyph(ord("o"))
    twice = Merged(900, ((letter, 0, 0), (letter, 400, 50)))
    font = TTFont(io.BytesIO(font_program(hand_face, [0, BLANK, letter, twice]).data))
    _, blank, once, merged = font.getGlyphOrder()
    assert font["hmtx"][blank][0] == 0
    assert font["glyf"][merged].numberOfContours == 2 * font["glyf"][once].numberOfContours
    assert font["glyf"][merged].xMax == font["glyf"][once].xMax + 400


def test_a_font_of_blanks_alone_is_sound(hand_face: Face) -> None:
    space = hand_face.font.get_nominal_glyph(ord(" "))
    font = TTFont(io.BytesIO(font_program(hand_face, [space, BLANK]).data))
    assert font["head"].xMax == 0
    assert font["maxp"].maxPoints == 0
