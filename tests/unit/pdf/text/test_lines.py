"""Line breaking: nothing lost, nothing too wide, no lone last word, no stubs, no hyphenation."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.pdf.text.lines import Hang, Line, break_lines, words
from app.pdf.text.shape import Paragraph

Shaper = Callable[..., Paragraph]
# No word starts with a comma: there is no break before it, even after a space (UAX #14, LB13).
_WORDS = st.tuples(st.text("abcdeimw", min_size=1, max_size=8), st.sampled_from(["", ","])).map("".join)
_NOTE = (
    "This is your 23rd parcel this year, said Ida at the bench, and we checked: it is. So before it left "
    "us this morning we wrote this by hand."
)


def _broken(
    paragraph: Paragraph, width: float, hang: Hang = Hang.NOWHERE, *, even: bool = False
) -> list[Line]:
    lines = break_lines(words(paragraph, hang), width, even=even)
    assert lines is not None
    return lines


def _texts(paragraph: Paragraph, lines: list[Line]) -> list[str]:
    return [paragraph.text[line.start : line.end] for line in lines]


@settings(max_examples=200, deadline=None)
@given(
    text=st.lists(_WORDS, min_size=1, max_size=30).map(" ".join),
    width=st.floats(3, 40),
)
def test_lines_hold_all_words_in_order_and_are_never_too_wide(shape: Shaper, text: str, width: float) -> None:
    paragraph = shape(text)
    lines = break_lines(words(paragraph, Hang.NOWHERE), width, even=False)
    if lines is None:
        assert max(paragraph.advance(a, b) for a, b in _spans(text)) > width
        return
    assert " ".join(_texts(paragraph, lines)) == text
    assert all(line.width <= width + 1e-9 for line in lines)


def _spans(text: str) -> list[tuple[int, int]]:
    spans, start = [], 0
    for word in text.split(" "):
        spans.append((start, start + len(word)))
        start += len(word) + 1
    return spans


@pytest.mark.parametrize("width", [9.0, 11.0, 12.5, 14.0, 16.0, 18.5, 21.0, 25.0])
def test_a_note_ends_in_more_than_one_word_and_has_no_stubs(shape: Shaper, width: float) -> None:
    paragraph = shape(_NOTE)
    lines = _broken(paragraph, width)
    assert " " in _texts(paragraph, lines)[-1]
    assert all(line.width > width / 3 for line in lines[:-1])


@pytest.mark.parametrize("width", [12.5, 16.0, 21.0])
def test_no_more_lines_than_greedy_breaking_needs_but_one(shape: Shaper, width: float) -> None:
    paragraph = shape(_NOTE)
    greedy, room = 1, width
    for start, end in _spans(_NOTE):
        need = paragraph.advance(start, end)
        if need > room:
            greedy, room = greedy + 1, width
        room -= need + paragraph.advance(4, 5)
    assert len(_broken(paragraph, width)) <= greedy + 1


def test_nothing_is_hyphenated(shape: Shaper) -> None:
    assert break_lines(words(shape("Donaudampfschifffahrt"), Hang.NOWHERE), 5, even=False) is None


def test_a_name_with_a_hyphen_stays_whole(shape: Shaper) -> None:
    paragraph = shape("We wrote this for Anne-Marie today and we meant it")
    for width in (9.0, 10.0, 11.0, 12.0, 13.0, 14.0):
        assert not any(line.endswith("-") for line in _texts(paragraph, _broken(paragraph, width)))


def test_a_no_break_space_does_not_break(shape: Shaper) -> None:
    paragraph = shape("Number\u00a023 of this year is here")
    assert not any(line.endswith("Number") for line in _texts(paragraph, _broken(paragraph, 8)))


def test_thai_breaks_between_words_and_chinese_not_before_a_full_stop(shape: Shaper) -> None:
    thai = shape("สวัสดีครับขอบคุณมาก", language="th")
    assert _texts(thai, _broken(thai, 6))[0] in {"สวัสดี", "สวัสดีครับ"}
    chinese = shape("你好世界。", language="zh")
    assert _texts(chinese, _broken(chinese, 4.2)) in (["你好世", "界。"], ["你好", "世界。"])


def test_a_quotation_mark_hangs_at_the_start(shape: Shaper) -> None:
    paragraph = shape("“Thank you,” she said")
    (line,) = _broken(paragraph, 40, Hang.START)
    assert line.hang == pytest.approx(paragraph.advance(0, 1))
    assert line.width == pytest.approx(paragraph.advance(1, len(paragraph.text)))


def test_a_full_stop_hangs_at_the_end(shape: Shaper) -> None:
    paragraph = shape("Thank you.")
    (line,) = _broken(paragraph, 40, Hang.END)
    assert line.hang == pytest.approx(paragraph.advance(9, 10))


def test_an_even_headline_has_lines_of_like_length(shape: Shaper) -> None:
    paragraph = shape("A small thank you from all of us")
    first, second = _broken(paragraph, 15, even=True)
    assert abs(first.width - second.width) < 4


def test_a_headline_may_end_with_one_word_where_that_is_even(shape: Shaper) -> None:
    paragraph = shape("Aus unserer Werkstatt")
    assert _texts(paragraph, _broken(paragraph, 8, even=True)) == ["Aus unserer", "Werkstatt"]


def test_no_text_has_no_lines(shape: Shaper) -> None:
    assert break_lines(words(shape(""), Hang.NOWHERE), 10, even=False) == []
