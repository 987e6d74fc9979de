from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icu4py.messageformat import MessageFormat

from app.domain.pattern import fill, pattern_fault, slots_in
from app.errors import WordingUnusable

ORDINAL = "your {nth_year, selectordinal, one {#st} two {#nd} few {#rd} other {#th}} order"
MONTHS = "{n, plural, one {شهر} two {شهران} few {# أشهر} many {# شهرًا} other {# شهر}}"


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (11, "11th"),
        (12, "12th"),
        (13, "13th"),
        (22, "22nd"),
        (23, "23rd"),
    ],
)
def test_english_counts_in_order(n: int, said: str) -> None:
    assert fill(ORDINAL, "en", {"nth_year": n}) == f"your {said} order"


@pytest.mark.parametrize(
    ("n", "said"), [(1, "شهر"), (2, "شهران"), (3, "3 أشهر"), (11, "11 شهرًا"), (100, "100 شهر")]
)
def test_arabic_counts_in_six_ways(n: int, said: str) -> None:
    assert fill(MONTHS, "ar", {"n": n}) == said


def test_german_ordinals_have_a_point() -> None:
    assert fill("deine {n}. Bestellung", "de", {"n": 23}) == "deine 23. Bestellung"


def test_numbers_can_be_words() -> None:
    assert fill("{n, spellout,%spellout-ordinal}", "en", {"n": 23}) == "twenty-third"


def test_slots_are_found_in_every_branch() -> None:
    pattern = "{n, plural, one {{story} and {given_name}} other {# {category}}} {brand}"
    assert slots_in(pattern) == {
        "n": True,
        "story": False,
        "given_name": False,
        "category": False,
        "brand": False,
    }


def test_slots_are_text_and_never_patterns() -> None:
    assert fill("Dear {given_name},", "en", {"given_name": "{brand} # '"}) == "Dear {brand} # ',"


@pytest.mark.parametrize("slots", [{}, {"given_name": ""}])
def test_a_missing_slot_is_an_error_and_never_a_placeholder(slots: dict[str, str | int]) -> None:
    with pytest.raises(WordingUnusable, match="needs given_name"):
        fill("Dear {given_name},", "en", slots)


def test_text_where_a_number_must_be_is_an_error() -> None:
    with pytest.raises(WordingUnusable, match="a number for nth_year"):
        fill(ORDINAL, "en", {"nth_year": "many"})


def test_half_a_character_is_an_error() -> None:
    with pytest.raises(WordingUnusable, match="cannot be filled"):
        fill("Dear {given_name},", "en", {"given_name": "\ud800"})


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("{n, plural, one {x}}", "DEFAULT_KEYWORD_MISSING"),
        ("{n", "UNMATCHED_BRACES"),
        ("It's", "write ’"),
        ("{n, spellout, %spellout-ordinal}", "without it"),
    ],
)
def test_a_broken_pattern_is_named(pattern: str, says: str) -> None:
    fault = pattern_fault(pattern, "en")
    assert fault is not None
    assert says in fault


_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
_PLAIN = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="{}'"))


@given(texts=st.tuples(_PLAIN, _PLAIN, _PLAIN), name=_TEXTS, story=_TEXTS)
def test_texts_are_put_in_as_icu_does_it(texts: tuple[str, str, str], name: str, story: str) -> None:
    pattern = "{}{{given_name}}{}{{ story }}{}".format(*texts)
    slots = {"given_name": name, "story": story}
    assert fill(pattern, "en", slots) == MessageFormat(pattern, "en").format({**slots})
