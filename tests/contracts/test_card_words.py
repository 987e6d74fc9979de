"""The built-in words: to one person, from one person, and never like a coupon."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from app.domain.occasion import SlotValue
from app.domain.pattern import fill
from app.domain.season import SEASONS
from app.domain.story import GLAD
from app.domain.template import GENERIC, CardTemplate, Variant
from tests.families import BUILT_IN, RECOVERY, TEXTS, label, longest_detail, wordings

UNWELCOME = Path(__file__).parents[1] / "data/unwelcome_words.toml"
ALL = wordings(BUILT_IN)
SORRY = {"en": "sorry", "de": "leid", "ar": "أعتذر"}
GOOD_WORDS = 50
FIGURES: dict[str, SlotValue] = {
    "nth_year": 23,
    "n_orders": 50,
    "years_since_last": 2,
    "months_since_last": 25,
    "years_together": 3,
    "years_since_story": 2,
}
# What a select chooses by; each of its words is read as it will stand on paper.
CODES = {
    "story_about": (*sorted(GLAD), "other"),
    "season": (*sorted(SEASONS), "other"),
}
# One quiet voice, and the marks that belong on paper: ’ and never ', no dash that breaks a breath.
UNWELCOME_MARKS = re.compile(r"[!¡\"'–—;…]|\.\.\.|[€$£¥]")

every_wording = pytest.mark.parametrize(("card", "variant"), ALL, ids=label)


def only(language: str = "", occasions: frozenset[str] = frozenset()) -> pytest.MarkDecorator:
    chosen = [
        (card, variant)
        for card, variant in ALL
        if (not language or variant.language == language) and (not occasions or variant.occasion in occasions)
    ]
    return pytest.mark.parametrize(("card", "variant"), chosen, ids=label)


@cache
def unwelcome(kind: str, language: str) -> re.Pattern[str]:
    lists: dict[str, dict[str, list[str]]] = tomllib.loads(UNWELCOME.read_text(encoding="utf-8"))
    return re.compile(rf"(?<!\w)(?:{'|'.join(lists[kind][language])})(?!\w)")


def said(variant: Variant, **codes: SlotValue) -> tuple[str, str, str]:
    """Headline, greeting and message with everything filled in."""
    slots = {**TEXTS, **FIGURES, "story": longest_detail(variant.language), **codes}
    headline, greeting, message = (
        fill(p, variant.language, slots) for p in (variant.headline, variant.greeting, variant.message)
    )
    return headline, greeting, message


def every_saying(variant: Variant) -> Iterator[tuple[str, str, str]]:
    """What the wording says for each code that it chooses its words by."""
    chosen = sorted(CODES.keys() & variant.requires)
    if not chosen:
        yield said(variant)
    for name in chosen:
        for code in CODES[name]:
            yield said(variant, **{name: code})


@every_wording
def test_one_quiet_voice(card: CardTemplate, variant: Variant) -> None:
    for headline, greeting, message in every_saying(variant):
        speaks_quietly(card, variant, headline, greeting, message)


def speaks_quietly(card: CardTemplate, variant: Variant, headline: str, greeting: str, message: str) -> None:
    assert not UNWELCOME_MARKS.search(f"{headline} {greeting} {variant.greeting_unnamed} {message}"), (
        card.name
    )
    assert len(message.split()) <= GOOD_WORDS
    assert message.endswith(".")
    assert headline[-1] not in ".,:،"


@every_wording
def test_no_marketing(card: CardTemplate, variant: Variant) -> None:
    for text in map(" ".join, every_saying(variant)):
        assert not unwelcome("marketing", variant.language).search(text.casefold()), card.name


@every_wording
def test_it_speaks_to_anyone(card: CardTemplate, variant: Variant) -> None:
    for text in map(" ".join, every_saying(variant)):
        assert not unwelcome("gendered", variant.language).search(text.casefold()), card.name


@every_wording
def test_a_code_is_never_printed_as_it_is(card: CardTemplate, variant: Variant) -> None:
    """What a select does not name falls to `other`; a word with an underscore would be the code itself."""
    for text in map(" ".join, every_saying(variant)):
        assert "_" not in text, card.name


@every_wording
def test_no_card_counts_on_the_day_it_arrives(card: CardTemplate, variant: Variant) -> None:
    for text in map(" ".join, every_saying(variant)):
        assert not unwelcome("today", variant.language).search(text.casefold()), card.name


@only(occasions=frozenset({"gift"}))
def test_a_gifts_card_knows_neither_figures_nor_the_buyer(card: CardTemplate, variant: Variant) -> None:
    assert variant.requires <= {"story", "brand", "signer"}, card.name
    assert not variant.stages
    own = variant.message.replace("{story}", "")
    assert not unwelcome("history", variant.language).search(f"{variant.headline} {own}".casefold())
    assert not re.search(r"\d", own)


@only(occasions=RECOVERY)
def test_a_recovery_card_says_sorry_once_and_promises_nothing(card: CardTemplate, variant: Variant) -> None:
    headline, _, message = said(variant)
    assert message.casefold().count(SORRY[variant.language]) == 1, card.name
    assert not unwelcome("promises", variant.language).search(f"{headline} {message}".casefold())
    assert "story" not in variant.requires


@only(occasions=frozenset({GENERIC}))
def test_a_generic_card_knows_nothing(card: CardTemplate, variant: Variant) -> None:
    assert variant.requires <= {"story", "brand", "signer"}, card.name
    assert not variant.stages
    own = variant.message.replace("{story}", "")
    assert not unwelcome("history", variant.language).search(f"{variant.headline} {own}".casefold())


@only("de")
def test_german_goes_on_small_after_the_greetings_comma(card: CardTemplate, variant: Variant) -> None:
    assert variant.greeting.endswith(","), card.name
    assert variant.message[0].islower()


@only("ar")
def test_arabic_has_its_own_marks_and_letters(card: CardTemplate, variant: Variant) -> None:
    own = re.sub(r"\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}", "", f"{variant.headline} {variant.message}")
    assert not re.search(r"[A-Za-z,?;0-9]", own), card.name
    assert variant.greeting.endswith("،")
