"""Line breaking: nothing lost, nothing too wide, no lone last word, no stubs, no hyphenation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.pdf.text.lines import Hang, Span, break_lines, breakable
from app.pdf.text.paragraph import Paragraph
from tests.shown_text import said

Shaper = Callable[..., Paragraph]
# No word starts with a comma: there is no break before it, even after a space (UAX #14, LB13).
_WORDS = st.tuples(st.text("abcdeimw", min_size=1, max_size=8), st.sampled_from(["", ","])).map("".join)
_NOTE = (
    "This is your 23rd parcel this year, said Ida at the bench, and we checked: it is. So before it left "
    "us this morning we wrote this by hand."
)


def _broken(paragraph: Paragraph, width: float, *, even: bool = False) -> list[Span]:
    lines = break_lines(breakable(paragraph, Hang.NOWHERE), width, 99, even=even)
    assert lines is not None
    return lines


def _texts(paragraph: Paragraph, lines: list[Span]) -> list[str]:
    return [_between(paragraph, start, end) for start, end in lines]


def _between(paragraph: Paragraph, start: int, end: int) -> str:
    pieces, gaps = paragraph.pieces[start:end], paragraph.gaps[start:end]
    return "".join(
        piece.text + (" " if gap else "") for piece, gap in zip(pieces, gaps, strict=True)
    ).rstrip()


def _width(paragraph: Paragraph, line: Span) -> float:
    start, end = line
    return paragraph.starts[end - 1] + paragraph.advances[end - 1] - paragraph.starts[start]


@settings(max_examples=200, deadline=None)
@given(
    text=st.lists(_WORDS, min_size=1, max_size=30).map(" ".join),
    width=st.floats(3, 40),
)
def test_lines_hold_all_words_in_order_and_are_never_too_wide(shape: Shaper, text: str, width: float) -> None:
    paragraph = shape(text)
    lines = break_lines(breakable(paragraph, Hang.NOWHERE), width, 99, even=False)
    if lines is None:
        assert max(paragraph.advances) > width
        return
    assert " ".join(_texts(paragraph, lines)) == text
    assert all(_width(paragraph, line) <= width + 1e-6 for line in lines)


def _cost(paragraph: Paragraph, lines: list[Span], width: float, *, even: bool) -> float:
    """The cost of a break, worked out anew."""
    cost = 0.4 * len(lines)
    for line in lines[: None if even else -1]:
        slack = 1 - _width(paragraph, line) / width
        stub = slack > 2 / 3 and line is not lines[-1]
        cost += slack * slack + (1 if stub else 0)
    lone = len(lines) > 1 and lines[-1][1] - lines[-1][0] == 1
    return cost + (1.5 if lone and not even else 0)


def _all_breaks(paragraph: Paragraph, width: float) -> Iterator[list[Span]]:
    count = len(paragraph.pieces)
    for inner in product((False, True), repeat=count - 1):
        ends = [place for place, ends_here in enumerate(inner, 1) if ends_here] + [count]
        lines = list(zip([0, *ends], ends, strict=False))
        if all(_width(paragraph, line) <= width for line in lines):
            yield lines


@settings(max_examples=80, deadline=None)
@given(
    text=st.lists(_WORDS, min_size=1, max_size=9).map(" ".join), width=st.floats(4, 25), even=st.booleans()
)
def test_no_break_is_better_than_the_one_chosen(shape: Shaper, text: str, width: float, even: bool) -> None:  # noqa: FBT001 - by hypothesis
    paragraph = shape(text)
    lines = break_lines(breakable(paragraph, Hang.NOWHERE), width, 99, even=even)
    least = min(
        (_cost(paragraph, each, width, even=even) for each in _all_breaks(paragraph, width)), default=None
    )
    if lines is None:
        assert least is None
    else:
        assert least == pytest.approx(_cost(paragraph, lines, width, even=even))


@pytest.mark.parametrize("width", [9.0, 11.0, 12.5, 14.0, 16.0, 18.5, 21.0, 25.0])
def test_a_note_ends_in_more_than_one_word_and_has_no_stubs(shape: Shaper, width: float) -> None:
    paragraph = shape(_NOTE)
    lines = _broken(paragraph, width)
    assert " " in _texts(paragraph, lines)[-1]
    assert all(_width(paragraph, line) > width / 3 for line in lines[:-1])


@pytest.mark.parametrize("width", [12.5, 16.0, 21.0])
def test_no_more_lines_than_greedy_breaking_needs_but_one(shape: Shaper, width: float) -> None:
    paragraph = shape(_NOTE)
    greedy, room = 1, width
    for need, gap in zip(paragraph.advances, paragraph.gaps, strict=True):
        if need > room:
            greedy, room = greedy + 1, width
        room -= need + (gap.advance if gap else 0)
    assert len(_broken(paragraph, width)) <= greedy + 1


def test_nothing_is_hyphenated(shape: Shaper) -> None:
    assert break_lines(breakable(shape("Donaudampfschifffahrt"), Hang.NOWHERE), 5, 99, even=False) is None


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
    hanging = breakable(paragraph, Hang.START)
    assert hanging.left[0] == paragraph.pieces[0].opens > 0
    assert hanging.right[-1] == breakable(paragraph, Hang.NOWHERE).right[-1]


def test_a_full_stop_hangs_at_the_end(shape: Shaper) -> None:
    paragraph = shape("Thank you.")
    hanging, standing = breakable(paragraph, Hang.END), breakable(paragraph, Hang.NOWHERE)
    assert standing.right[-1] - hanging.right[-1] == pytest.approx(paragraph.pieces[-1].closes)
    assert paragraph.pieces[-1].closes > 0


def test_more_lines_than_there_is_room_for_are_none(shape: Shaper) -> None:
    text = breakable(shape(_NOTE), Hang.NOWHERE)
    lines = break_lines(text, 12, 99, even=False)
    assert lines is not None
    assert break_lines(text, 12, len(lines), even=False) == lines
    assert break_lines(text, 12, len(lines) - 1, even=False) is None


def test_an_even_headline_has_lines_of_like_length(shape: Shaper) -> None:
    paragraph = shape("A small thank you from all of us")
    first, second = _broken(paragraph, 15, even=True)
    assert abs(_width(paragraph, first) - _width(paragraph, second)) < 4


def test_a_headline_may_end_with_one_word_where_that_is_even(shape: Shaper) -> None:
    paragraph = shape("Aus unserer Werkstatt")
    assert _texts(paragraph, _broken(paragraph, 8, even=True)) == ["Aus unserer", "Werkstatt"]


def test_a_soft_hyphen_is_shown_only_where_a_line_ends(shape: Shaper) -> None:
    paragraph = shape("wunder\u00adbar")
    ((start, end),) = _broken(paragraph, 20)
    assert said(paragraph.line(start, end)) == "wunderbar"
    first, second = _broken(paragraph, 5)
    assert said(paragraph.line(*first)) == "wunder\u00ad"
    assert said(paragraph.line(*second)) == "bar"
    hyphen_face = paragraph.runs[0].face
    (hyphen,) = paragraph.line(*first)[-1].glyphs
    assert hyphen.shape in {hyphen_face.nominal(0x2010), hyphen_face.nominal(0x2D)} - {0}


def test_no_text_has_no_lines(shape: Shaper) -> None:
    assert break_lines(breakable(shape(""), Hang.NOWHERE), 10, 9, even=False) == []
