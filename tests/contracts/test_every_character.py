"""Any character alone is set, or refused by its name; never a box on paper, never a crash.

The sample is seeded; the whole of the basic plane took 35 s when this was written, and kept to it.
"""

from __future__ import annotations

import random
import unicodedata

import pytest

from app.errors import MissingGlyph
from app.pdf.text.clean import clean
from app.pdf.text.face import BLANK
from app.pdf.text.paragraph import Setting, shape_paragraph
from app.pdf.typefaces import Typefaces
from app.registry.fonts import own_fonts

_SEED = 20260304
_ASSIGNED = [c for c in map(chr, range(0x10000)) if unicodedata.category(c) != "Cn"]
_SAMPLE = random.Random(_SEED).sample(_ASSIGNED, 1500)
_PICTURES = [c for c in map(chr, range(0x1F000, 0x1FB00)) if unicodedata.category(c) == "So"]
_PLACE = "the message on the back"


@pytest.fixture(scope="module")
def typefaces() -> Typefaces:
    return Typefaces(own_fonts())


def _set(character: str, typefaces: Typefaces) -> str:
    """What is shown of a text, or the refusal."""
    setting = Setting(typefaces.printed("hand", "en"), 0)
    try:
        paragraph = shape_paragraph(clean(character, _PLACE).strip(), setting, _PLACE)
    except MissingGlyph as refusal:
        return refusal.detail
    glyphs = [glyph for piece in paragraph.pieces for run in piece.runs for glyph in run.glyphs]
    assert all(glyph.shape != 0 for glyph in glyphs), ".notdef"
    return "".join(glyph.text for glyph in glyphs)


def _refusal(character: str) -> str:
    return f"U+{ord(character):04X} ("


@pytest.mark.parametrize("start", range(0, len(_SAMPLE), 300))
def test_a_character_is_set_or_refused_by_name(typefaces: Typefaces, start: int) -> None:
    for character in _SAMPLE[start : start + 300]:
        shown = _set(character, typefaces)
        if shown.startswith(_refusal(character)):
            assert f"is character 1 of {_PLACE}" in shown
        elif unicodedata.category(character)[0] not in "ZCM":
            same = unicodedata.normalize("NFC", character)
            assert unicodedata.normalize("NFC", shown) == same, f"U+{ord(character):04X}"


def test_every_picture_is_set_or_refused_by_name(typefaces: Typefaces) -> None:
    refused = [c for c in _PICTURES if _set(c, typefaces).startswith(_refusal(c))]
    assert len(refused) < 0.02 * len(_PICTURES)


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\x00", "a control character"),
        ("\x7f", "a control character"),
        ("\ue000", "a private character"),
        ("\uf8ff", "a private character"),
        ("\U0010fffd", "a private character"),
        ("\ud800", "half of a surrogate pair"),
        ("\uffff", "not a character"),
        ("\ufffd", "REPLACEMENT CHARACTER"),
        ("\U00012000", "CUNEIFORM SIGN A"),
        ("\u0378", "not a character"),
        ("\U0001f1fd\U0001f1fd", "REGIONAL INDICATOR SYMBOL LETTER X"),
    ],
)
def test_what_no_font_should_draw_is_refused_with_its_name_and_place(
    typefaces: Typefaces, character: str, name: str
) -> None:
    said = _set(f"ab {character} c", typefaces)
    assert said.startswith(f"U+{ord(character[0]):04X} ({name}) is character 4 of {_PLACE}")


@pytest.mark.parametrize("text", ["\u00ad", "\u200d", "a \u00ad b", "a \u200d b", "\ufe0f", "\u2060"])
def test_what_has_no_shape_shows_nothing_and_breaks_nothing(typefaces: Typefaces, text: str) -> None:
    assert set(_set(text, typefaces)) <= set("ab\ufe0f")


def test_a_word_of_many_scripts_is_set_whole(typefaces: Typefaces) -> None:
    word = "aбγ한字ひअক👍🏽ت"
    assert sorted(_set(word, typefaces)) == sorted(word)
    assert BLANK.advance == 0
