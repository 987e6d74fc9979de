"""The built-in words: to one person, from one person, and never like a coupon."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from app.domain.occasion import SlotValue
from app.domain.pattern import fill
from app.domain.template import GENERIC, CardTemplate, Variant
from tests.families import BUILT_IN, RECOVERY, TEXTS, label, longest_detail, wordings

UNWELCOME = Path(__file__).parents[1] / "data/unwelcome_words.toml"
ALL = wordings(BUILT_IN)
SORRY = {"en": "sorry", "de": "leid", "ar": "أعتذر"}
GOOD_WORDS = 50
FIGURES: dict[str, SlotValue] = {"nth_year": 23, "years_since_last": 2, "months_since_last": 25}
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


def said(variant: Variant) -> tuple[str, str, str]:
    """Headline, greeting and message with everything filled in."""
    slots = {**TEXTS, **FIGURES, "story": longest_detail(variant.language)}
    headline, greeting, message = (
        fill(p, variant.language, slots) for p in (variant.headline, variant.greeting, variant.message)
    )
    return headline, greeting, message


@every_wording
def test_one_quiet_voice(card: CardTemplate, variant: Variant) -> None:
    headline, greeting, message = said(variant)
    assert not UNWELCOME_MARKS.search(f"{headline} {greeting} {variant.greeting_unnamed} {message}"), (
        card.name
    )
    assert len(message.split()) <= GOOD_WORDS
    assert message.endswith(".")
    assert headline[-1] not in ".,:،"


@every_wording
def test_no_marketing(card: CardTemplate, variant: Variant) -> None:
    assert not unwelcome("marketing", variant.language).search(" ".join(said(variant)).casefold()), card.name


@every_wording
def test_it_speaks_to_anyone(card: CardTemplate, variant: Variant) -> None:
    assert not unwelcome("gendered", variant.language).search(" ".join(said(variant)).casefold()), card.name


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
