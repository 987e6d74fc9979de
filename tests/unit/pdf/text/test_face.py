"""Faces: measures in em, outlines that are the font's own, alternates that are the same letter."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from pathlib import Path

import pytest
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.statisticsPen import StatisticsPen
from fontTools.ttLib import TTFont

from app.errors import SetupError
from app.pdf.file.truetype import font_program
from app.pdf.text.face import BLANK, Face, Merged
from app.pdf.typefaces import Typefaces
from app.registry.fonts import own_fonts


def _glyph(face: Face, character: str) -> int:
    glyph: int = face.font.get_nominal_glyph(ord(character))
    return glyph


def test_letters_have_ink_and_spaces_have_none(hand_face: Face) -> None:
    ink = hand_face.ink(_glyph(hand_face, "H"))
    assert ink is not None
    assert 0.6 < ink.top < 0.9
    assert hand_face.ink(_glyph(hand_face, " ")) is None
    assert hand_face.ink(BLANK) is None


def test_merged_ink_is_around_all_parts(hand_face: Face) -> None:
    letter, mark = _glyph(hand_face, "e"), _glyph(hand_face, "\u0301")
    alone = hand_face.ink(letter)
    both = hand_face.ink(Merged(500, ((letter, 0, 0), (mark, 300, 400))))
    assert alone is not None
    assert both is not None
    assert both.top > alone.top
    assert both.bottom == alone.bottom


@pytest.mark.parametrize("character", ["a", "é", "ß", "g"])
def test_a_composed_or_decomposed_character_is_had(hand_face: Face, character: str) -> None:
    assert hand_face.has(character)


@pytest.mark.parametrize("character", ["山", "\U0001f600", "ب"])
def test_another_scripts_character_is_not(hand_face: Face, character: str) -> None:
    assert not hand_face.has(character)


def test_marks_of_direction_need_no_glyph(hand_face: Face) -> None:
    assert hand_face.has("\u2068a\u2069")


def test_alternates_are_other_shapes_of_letters_only(typefaces: Typefaces) -> None:
    playpen, caveat = (typefaces.printed(role, "en", 0).chain.own[0] for role in ("hand", "hand-brisk"))
    assert playpen.alternates("a") == 6
    assert caveat.alternates("a") == 2, "the third in its list is the ordinal ª"
    assert caveat.alternates("1") == 0
    assert not typefaces.printed("print", "en", 0).chain.own[0].has_alternates


def test_a_file_that_is_no_font_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"no font at all")
    known = next(iter(own_fonts().fonts.values()))
    file = replace(known, path=broken, sha256=hashlib.sha256(broken.read_bytes()).hexdigest())
    with pytest.raises(SetupError, match="is not a font"):
        _ = Face(file).font


@pytest.mark.parametrize("name", ["playpen-sans", "noto-sans-cjk", "source-sans", "playpen-sans-arabic"])
def test_outlines_are_the_fonts_own(name: str) -> None:
    face = Face(own_fonts().fonts[name])
    letters = [_glyph(face, c) for c in "aeé你あلاس" if face.has(c)]
    made = TTFont(io.BytesIO(font_program(face, [0, *letters]).data))
    original = TTFont(face.file.path)
    for index, glyph in enumerate(letters, start=1):
        ours, theirs = StatisticsPen(made.getGlyphSet()), StatisticsPen(original.getGlyphSet())
        made.getGlyphSet()[made.getGlyphName(index)].draw(ours)
        recording = DecomposingRecordingPen(original.getGlyphSet())
        original.getGlyphSet()[original.getGlyphName(glyph)].draw(recording)
        recording.replay(theirs)
        assert ours.area == pytest.approx(theirs.area, rel=0.01, abs=50)
        assert ours.meanX == pytest.approx(theirs.meanX, abs=2)
        assert ours.meanY == pytest.approx(theirs.meanY, abs=2)


@pytest.mark.parametrize("role", ["hand", "hand-brisk"])
def test_every_font_of_a_hand_says_whether_its_letters_vary(typefaces: Typefaces, role: str) -> None:
    """Long Cang has a substitution table without a single feature."""
    own = typefaces.printed(role, "en", 0).chain.own
    assert any(face.has_alternates for face in own)
    assert not all(face.has_alternates for face in own)
