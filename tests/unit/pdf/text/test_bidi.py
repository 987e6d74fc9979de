"""The bidirectional algorithm against python-bidi's independent implementation, and by UAX #9's examples."""

from __future__ import annotations

import pytest
from bidi import get_display
from hypothesis import given, settings
from hypothesis import strategies as st

from app.pdf.text.bidi import embedding_levels, line_levels, visual_order

_LETTERS = "abA 12,.-+%()[]!אבגדبج٠١٢\u200f\u200e"


def _display(text: str, base: int) -> str:
    levels = line_levels(text, embedding_levels(text, base), 0, len(text), base)
    return "".join(text[index] for index in visual_order(levels))


@settings(max_examples=600)
@given(text=st.text(_LETTERS, max_size=16), base=st.sampled_from([0, 1]))
def test_any_text_without_isolates_is_ordered_as_python_bidi_orders_it(text: str, base: int) -> None:
    assert _display(text, base) == get_display(text, base_dir="LR"[base])


@settings(max_examples=300)
@given(
    before=st.text("ab אב", max_size=5),
    inside=st.text("ab אב12", max_size=5),
    after=st.text("ab אב12", max_size=5),
    initiator=st.sampled_from("\u2066\u2067\u2068"),
    base=st.sampled_from([0, 1]),
)
def test_an_isolate_is_ordered_as_python_bidi_orders_it(
    before: str, inside: str, after: str, initiator: str, base: int
) -> None:
    text = f"{before}{initiator}{inside}\u2069{after}"
    assert _display(text, base) == get_display(text, base_dir="LR"[base])


def test_an_isolated_name_does_not_reorder_what_follows_it() -> None:
    assert _display("\u2068محمد\u2069 23", 0).replace("\u2068", "").replace("\u2069", "") == "دمحم 23"
    assert _display("محمد 23", 0) == "23 دمحم"


@pytest.mark.parametrize("stray", ["\u2066", "\u2067", "\u2068", "\u2069"])
def test_a_stray_isolate_has_no_effect_on_the_rest(stray: str) -> None:
    assert embedding_levels(f"a{stray}bc", 0) == [0, 0, 0, 0]
    with_arabic = embedding_levels(f"a{stray}b بج c", 0)
    assert with_arabic[4:6] == [1, 1]
    assert with_arabic[-1] == 0


def test_joiners_never_cut_a_run() -> None:
    assert embedding_levels("نم\u200cید", 1) == [1] * 5


def test_trailing_spaces_go_back_to_the_base() -> None:
    text = "ab אב  "
    levels = embedding_levels(text, 0)
    assert line_levels(text, levels, 0, len(text), 0)[-2:] == [0, 0]


@given(st.lists(st.integers(0, 4), max_size=20))
def test_the_visual_order_holds_each_item_once(levels: list[int]) -> None:
    assert sorted(visual_order(levels)) == list(range(len(levels)))


def test_plain_left_to_right_text_needs_no_algorithm() -> None:
    assert embedding_levels("Dear \u2068Anna\u2069, 23", 0) == [0] * 15


def test_the_empty_paragraph_has_no_levels() -> None:
    assert embedding_levels("", 1) == []
    assert visual_order([]) == []
