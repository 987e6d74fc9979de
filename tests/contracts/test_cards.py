"""Every card family, built in or made for the tests, keeps this contract."""

from __future__ import annotations

import re
from collections import Counter
from itertools import product

import pytest

from app.domain.name import greetable
from app.domain.occasion import SlotValue
from app.domain.pattern import fill
from app.domain.template import GENERIC, CardTemplate, Role, Variant
from app.registry.brand_names import check_brands
from app.registry.card_names import check_card_names
from app.registry.fonts import own_fonts
from app.registry.places import PRODUCTS, PROFILES
from app.registry.profiles import load_profiles
from app.selection.wording import chain
from app.settings import Settings
from tests.families import (
    BUILT_IN,
    BUILT_IN_BRANDS,
    OCCASIONS,
    TEMPLATES,
    TEXTS,
    label,
    longest_detail,
    speaking,
    wordings,
)

EVERY_CARD = frozenset({"given_name", "brand", "signer", "order_no", "story"})
"""Slots that a card may have whatever its occasion."""
OPTIONAL = frozenset({"given_name", "order_no", "story", "category"})
"""Slots that an order of any occasion may lack."""
FIGURES: dict[str, tuple[int, ...]] = {
    "nth_year": (2, 3, 10, 11, 22, 23, 101, 123, 366),
    "n_orders": (1, 2, 3, 11, 23, 100, 5000),
    "years_since_last": (1, 2, 3, 10, 11, 15),
    "months_since_last": (12, 13, 24, 200),
    "days_since_last": (0, 1, 2, 3, 11, 366, 5000),
    "years_together": (1, 2, 3, 10, 11, 27),
    "years_since_story": (1, 2, 3, 10, 11, 50),
}
DATA = FIGURES.keys() | {"order_no", "category", "story_about", "season"}
MOST_DATA = 2
MOST_WORDS = 60
SHORT_WORDS = 20
MOST_HEADLINE_WORDS = 6
FEWEST_WORDINGS = 6

every_family = pytest.mark.parametrize("card", list(TEMPLATES.values()), ids=label)
every_speaking = pytest.mark.parametrize("card", speaking(BUILT_IN), ids=label)
every_wording = pytest.mark.parametrize(("card", "variant"), wordings(TEMPLATES), ids=label)


def voices(card: CardTemplate) -> list[tuple[str, str]]:
    return sorted({(v.language, v.occasion) for v in card.variants})


def said_by(card: CardTemplate, voice: tuple[str, str]) -> list[Variant]:
    return [v for v in card.variants if (v.language, v.occasion) == voice]


def boundary_records(variant: Variant) -> list[dict[str, SlotValue]]:
    """Every combination of the boundary figures that the wording uses."""
    used = sorted(variant.requires & FIGURES.keys())
    texts: dict[str, SlotValue] = {**TEXTS, "story": longest_detail(variant.language)}
    return [
        {**texts, **dict(zip(used, figures, strict=True))}
        for figures in product(*(FIGURES[name] for name in used))
    ]


@every_wording
def test_a_wording_can_be_said_with_every_figure(card: CardTemplate, variant: Variant) -> None:
    assert variant in card.variants
    for slots in boundary_records(variant):
        headline, message = (fill(p, variant.language, slots) for p in (variant.headline, variant.message))
        greetings = [fill(p, variant.language, slots) for p in (variant.greeting, variant.greeting_unnamed)]
        for text in (headline, message, *greetings):
            assert text
            assert text.strip() == text
            assert not re.search(r"[{}#<>]|\s{2,}|\n", text), text
        assert len(message.split()) <= MOST_WORDS
        assert len(headline.split()) <= MOST_HEADLINE_WORDS


@every_wording
def test_a_wording_can_be_said_with_every_sample_that_has_its_slots(
    card: CardTemplate, variant: Variant
) -> None:
    own = [s for s in card.samples if (s.language, s.occasion) == (variant.language, variant.occasion)]
    for sample in own:
        if variant.requires <= sample.slots.keys():
            greeting = variant.greeting if "given_name" in sample.slots else variant.greeting_unnamed
            for pattern in (variant.headline, greeting, variant.message):
                assert fill(pattern, variant.language, sample.slots)


@every_wording
def test_a_wording_asks_only_for_what_its_occasion_gives(card: CardTemplate, variant: Variant) -> None:
    given = OCCASIONS[variant.occasion].slots if variant.occasion != GENERIC else frozenset()
    assert variant.requires <= (EVERY_CARD | given) & card.slot_types.keys()
    assert len(variant.requires & DATA) <= MOST_DATA


@every_wording
def test_a_chain_ends_short_and_with_what_every_order_has(card: CardTemplate, variant: Variant) -> None:
    last = list(chain(card, variant))[-1]
    assert len(last.message.split()) <= SHORT_WORDS
    if last is not variant:
        assert not last.requires & OPTIONAL
        assert not last.stages


@every_family
def test_no_two_wordings_say_the_same(card: CardTemplate) -> None:
    told = Counter((v.language, v.message) for v in card.variants)
    assert [text for text, times in told.items() if times > 1] == []


@every_family
def test_a_front_has_a_headline_and_a_back_the_note(card: CardTemplate) -> None:
    roles = {frame.role for side in card.sides for frame in side.frames}
    assert roles >= {Role.HEADLINE, Role.GREETING, Role.MESSAGE, Role.SIGNATURE, Role.QR, Role.DATA_MATRIX}


def test_the_built_in_brands_agree_with_their_families() -> None:
    targets = {target.name for target in Settings().targets}
    typefaces = own_fonts().typefaces
    products = {path.stem for path in PRODUCTS.glob("*.toml")}
    check_brands(
        BUILT_IN_BRANDS,
        BUILT_IN,
        occasions=OCCASIONS,
        targets=targets,
        typefaces=typefaces,
        products=products,
    )
    check_card_names(BUILT_IN, profiles=load_profiles(PROFILES), typefaces=typefaces, occasions=OCCASIONS)


@every_speaking
def test_a_built_in_family_speaks_of_every_occasion_and_of_none(card: CardTemplate) -> None:
    assert {variant.occasion for variant in card.variants} == {*OCCASIONS, GENERIC}
    assert card.languages == {"ar", "de", "en"}


@every_speaking
def test_a_built_in_family_has_wordings_to_spare_for_every_order(card: CardTemplate) -> None:
    for voice in voices(card):
        own = [v for v in said_by(card, voice) if not v.stages]
        assert len(own) >= FEWEST_WORDINGS, voice
        assert sum(not v.requires & OPTIONAL for v in own) >= FEWEST_WORDINGS // 2, voice


@every_speaking
def test_the_samples_show_every_wording_with_short_and_long_names(card: CardTemplate) -> None:
    for voice in voices(card):
        samples = [s for s in card.samples if (s.language, s.occasion) == voice]
        names = [str(sample.slots["given_name"]) for sample in samples if "given_name" in sample.slots]
        assert all(greetable(name) == name for name in names), voice
        assert min(map(len, names)) <= 3, voice
        for variant in said_by(card, voice):
            assert any(variant.requires <= sample.slots.keys() for sample in samples), variant.id
    for language in card.languages:
        longest = max(len(str(s.slots.get("given_name", ""))) for s in card.samples if s.language == language)
        assert longest >= 20, language
        assert any("given_name" not in s.slots for s in card.samples if s.language == language)
