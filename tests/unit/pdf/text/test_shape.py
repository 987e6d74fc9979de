"""Shaping: every glyph says its text, every character is said once, every advance counts once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.errors import MissingGlyph
from app.pdf.text.face import BLANK, Merged
from app.pdf.text.paragraph import Paragraph
from app.pdf.text.run import Run
from tests.shown_text import of_run

Shaper = Callable[..., Paragraph]
_ANY_SCRIPT = "abcé ffi.,“”ŁđЖдαβשלוםابجدهلا لاَنّกำสี่ครับनमस्तेप्रिक्ष你好ありが123"


def _line(paragraph: Paragraph) -> list[Run]:
    """The whole paragraph on one line."""
    return paragraph.line(0, len(paragraph.pieces))


def _said(runs: list[Run]) -> str:
    """The runs' text in reading order, for text of one direction."""
    glyphs = [glyph for run in runs for glyph in run.glyphs]
    if any(run.level % 2 for run in runs):
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
    assert _said(_line(shape(text, language=language, base=base))) == text


@settings(max_examples=150, deadline=None)
@given(text=st.text(_ANY_SCRIPT, min_size=1, max_size=30), base=st.sampled_from([0, 1]), seed=st.integers(0))
def test_every_character_is_said_once_and_every_advance_counts(
    shape: Shaper, text: str, base: int, seed: int
) -> None:
    text = " ".join(text.split())
    assume(text)
    try:
        paragraph = shape(text, base=base, seed=seed)
    except MissingGlyph:
        return
    runs = _line(paragraph)
    assert sorted(_said(runs)) == sorted(text)
    shown = [glyph for run in runs for glyph in of_run(run)]
    assert all(each.glyph.text for each in shown)
    assert all(each.glyph.shape != 0 for each in shown)
    drawn = sum(run.advance for run in runs)
    assert drawn == pytest.approx(paragraph.starts[-1] - _after(paragraph), abs=1e-6)


def _after(paragraph: Paragraph) -> float:
    """The advance of the space that the end of the text has for itself."""
    gap = paragraph.gaps[-1]
    return gap.advance if gap is not None else 0.0


def test_a_letter_and_its_marks_are_one_shape(shape: Shaper) -> None:
    (run,) = _line(shape("x\u0323\u0302"))
    (glyph,) = run.glyphs
    assert isinstance(glyph.shape, Merged)
    assert len(glyph.shape.parts) == 3


def test_right_to_left_each_glyph_says_one_character(shape: Shaper) -> None:
    (run,) = _line(shape("لا", base=1, language="ar"))
    assert [glyph.text for glyph in run.glyphs] == ["ا", "ل"]
    assert run.glyphs[0].shape == BLANK
    assert run.glyphs[0].advance == 0


def test_marks_of_direction_are_no_part_of_what_is_said(shape: Shaper) -> None:
    assert _said(_line(shape("Dear \u2068Anna\u2069\u200e,"))) == "Dear Anna,"


def _fonts(runs: list[Run]) -> list[str]:
    return list(dict.fromkeys(run.face.name for run in runs if not run.space))


def test_a_font_is_chosen_for_each_grapheme_and_words_stay_in_one(shape: Shaper) -> None:
    paragraph = shape("Dear 山田 and שלום")
    latin, japanese, hebrew = _fonts(_line(paragraph))
    assert latin == "playpen-sans"
    assert "Hani" in _scripts(paragraph, japanese)
    assert "Hebr" in _scripts(paragraph, hebrew)
    assert all(len(piece.runs) == 1 for piece in paragraph.pieces)


def _scripts(paragraph: Paragraph, font: str) -> tuple[str, ...]:
    chain = paragraph.setting.typeface.chain
    return next(face.file.scripts for face in (*chain.own, *chain.fallback) if face.name == font)


def test_arabic_punctuation_stays_in_its_own_font(shape: Shaper) -> None:
    paragraph = shape("مرحبًا Anna،", base=1, language="ar")
    name, comma = paragraph.pieces[-1].runs
    assert name.face.name == "playpen-sans"
    assert comma.face.name == "playpen-sans-arabic"
    assert comma.glyphs[0].text == "،"


def test_a_mixed_line_is_put_in_visual_order(shape: Shaper) -> None:
    runs = _line(shape("שלום Anna 23", base=1, language="he"))
    assert [_said([run]) for run in runs if not run.space] == ["Anna", "23", "שלום"]


def test_a_word_that_is_cut_keeps_its_letters_joined(shape: Shaper) -> None:
    whole = shape("بيت", base=1, language="ar").pieces[0].runs[0]
    cut = shape("بي\u00adت", base=1, language="ar")
    first, second = cut.pieces
    assert [glyph.shape for glyph in second.run.glyphs + first.run.glyphs] == [
        glyph.shape for glyph in whole.glyphs
    ]


def test_tracking_is_added_to_each_letter(shape: Shaper) -> None:
    loose, tight = shape("Ida", role="print", tracking=10), shape("Ida", role="print")
    assert loose.advances[0] - tight.advances[0] == pytest.approx(0.03)


@pytest.mark.parametrize(("text", "index"), [("é\U00012000", 2), ("名 ok \U00012000", 6)])
def test_a_character_of_no_font_is_named(shape: Shaper, text: str, index: int) -> None:
    with pytest.raises(MissingGlyph, match=f"is character {index} of the test"):
        shape(text)


def test_a_cid_is_the_glyph_where_that_says_what_it_always_says(shape: Shaper) -> None:
    (run,) = _line(shape("ab"))
    assert [glyph.cid for glyph in run.glyphs] == [glyph.shape for glyph in run.glyphs]
    assert not run.late
    (run,) = _line(shape("ax\u0323\u0302"))
    assert [glyph.text for glyph in run.late] == ["x\u0323\u0302"]
