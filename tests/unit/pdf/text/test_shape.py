"""Shaping: every glyph says its text, every character is said once, every advance counts once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import MissingGlyph
from app.pdf.text.face import BLANK, Merged
from app.pdf.text.shape import Paragraph, Run

Shaper = Callable[..., Paragraph]
_ANY_SCRIPT = "abcé ffi.,“”ŁđЖдαβשלוםابجدهلا لاَنّกำสี่ครับनमस्तेप्रिक्ष你好ありが123"


def _said(runs: list[Run]) -> str:
    """The runs' text in reading order, for text of one direction."""
    glyphs = [glyph for run in runs for glyph in run.glyphs]
    if runs and runs[0].item.level % 2:
        glyphs.reverse()
    return "".join(glyph.text for glyph in glyphs)


@pytest.mark.parametrize(
    ("text", "language", "base"),
    [
        ("Office fjord ﬁn", "en", 0),
        ("Łódź, Đặng Nguyễn, Žižek", "en", 0),
        ("Γειά σου", "el", 0),
        ("Здравствуйте", "ru", 0),
        ("शुभकामनाएँ प्रिया क्षत्रिय", "hi", 0),
        ("สวัสดีครับ ที่นี่", "th", 0),
        ("你好，世界。", "zh", 0),
        ("ありがとうございます", "ja", 0),
        ("안녕하세요", "ko", 0),
        ("שלום דוד", "he", 1),
        ("لا إلهَ شكراً لكِ نغلّفها", "ar", 1),
    ],
)
def test_each_script_is_shaped_and_said_letter_perfect(
    shape: Shaper, text: str, language: str, base: int
) -> None:
    paragraph = shape(text, language=language, base=base)
    runs = paragraph.line(0, len(text))
    assert "".join(_said([run]) for run in (runs[::-1] if base else runs)) == text


@settings(max_examples=150, deadline=None)
@given(text=st.text(_ANY_SCRIPT, min_size=1, max_size=30), base=st.sampled_from([0, 1]), seed=st.integers(0))
def test_every_character_is_said_once_and_every_advance_counts(
    shape: Shaper, text: str, base: int, seed: int
) -> None:
    try:
        paragraph = shape(text, base=base, seed=seed)
    except MissingGlyph:
        return
    runs = paragraph.line(0, len(text))
    assert sorted("".join(_said([run]) for run in runs)) == sorted(text)
    drawn = sum(glyph.advance for run in runs for glyph in run.glyphs)
    assert drawn == pytest.approx(paragraph.advance(0, len(text)), abs=0.2)
    assert all(glyph.text for run in runs for glyph in run.glyphs)
    assert all(glyph.shape != 0 for run in runs for glyph in run.glyphs)


def test_a_letter_and_its_marks_are_one_shape(shape: Shaper) -> None:
    (run,) = shape("x\u0323\u0302").line(0, 3)
    (glyph,) = run.glyphs
    assert isinstance(glyph.shape, Merged)
    assert len(glyph.shape.parts) == 3


def test_right_to_left_each_glyph_says_one_character(shape: Shaper) -> None:
    (run,) = shape("لا", base=1, language="ar").line(0, 2)
    assert [glyph.text for glyph in run.glyphs] == ["ا", "ل"]
    assert run.glyphs[0].shape == BLANK
    assert run.glyphs[0].advance == 0


def test_marks_of_direction_are_no_part_of_what_is_said(shape: Shaper) -> None:
    text = "Dear \u2068Anna\u2069\u200e,"
    assert _said(shape(text).line(0, len(text))) == "Dear Anna,"


def test_a_font_is_chosen_for_each_grapheme_and_words_stay_in_one(shape: Shaper) -> None:
    runs = shape("Dear 山田 and שלום").runs
    assert [run.item.face.name for run in runs] == [
        "playpen-sans",
        "noto-sans-cjk",
        "playpen-sans",
        "playpen-sans-hebrew",
    ]


def test_arabic_punctuation_stays_in_its_own_font(shape: Shaper) -> None:
    text = "مرحبًا Anna،"
    runs = shape(text, base=1, language="ar").runs
    assert runs[-1].item.face.name == "playpen-sans-arabic"
    assert runs[-1].item.start == len(text) - 1


def test_a_mixed_line_is_put_in_visual_order(shape: Shaper) -> None:
    text = "שלום Anna 23"
    runs = shape(text, base=1, language="he").line(0, len(text))
    assert [_said([run]).strip() for run in runs] == ["Anna 23", "שלום"]


def test_a_line_cut_within_joined_letters_is_shaped_again(shape: Shaper) -> None:
    paragraph = shape("بيت", base=1, language="ar")
    (whole,), (cut,) = paragraph.line(0, 3), paragraph.line(0, 1)
    assert cut.glyphs[0].shape == whole.glyphs[-1].shape  # still joined to what follows on the next line
    assert [glyph.text for glyph in cut.glyphs] == ["ب"]


def test_tracking_is_added_to_each_letter(shape: Shaper) -> None:
    loose, tight = shape("Ida", role="print", tracking=10), shape("Ida", role="print")
    assert loose.advance(0, 3) - tight.advance(0, 3) == pytest.approx(0.03)


@pytest.mark.parametrize(
    ("text", "index"), [("ab\U0001f600", 3), ("é\U00012000", 2), ("名\U0001f468\u200d", 2)]
)
def test_a_character_of_no_font_is_named(shape: Shaper, text: str, index: int) -> None:
    with pytest.raises(MissingGlyph, match=f"is character {index} of the test"):
        shape(text)
