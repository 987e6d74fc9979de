"""Every built-in wording fits on paper in every brand that says it, whoever the card is for."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.domain.brand import Brand
from app.domain.card import Card
from app.domain.occasion import SlotValue
from app.domain.template import CardTemplate, Role, Variant
from app.pdf.layout import Compositor
from app.pdf.typefaces import Typefaces
from app.registry.fonts import own_fonts
from app.services.compose_card import Composer
from tests.families import BUILT_IN, BUILT_IN_BRANDS, label, longest_detail

_TYPEFACES = Typefaces(own_fonts())
_SPOKEN = [
    (BUILT_IN[brand.template], variant, brand)
    for brand in BUILT_IN_BRANDS.values()
    for variant in BUILT_IN[brand.template].variants
    if variant.language in brand.languages
]


def _name(value: object) -> str:
    return value.code if isinstance(value, Brand) else label(value)


def _longest(card: CardTemplate, language: str) -> dict[str, SlotValue]:
    """Of each slot the longest value that a sample in this language has."""
    longest: dict[str, SlotValue] = {"story": longest_detail(language)}
    for sample in card.samples:
        for name, value in sample.slots.items():
            if sample.language == language and len(str(value)) > len(str(longest.get(name, ""))):
                longest[name] = value
    return longest


def _card(card: CardTemplate, variant: Variant, brand: Brand, slots: Mapping[str, SlotValue]) -> Card:
    """The card of this wording and no other, so that a shorter one cannot stand in."""
    signature = brand.signer.signature
    composer = Composer(
        card,
        brand,
        secret=b"a secret of the tests, 32 bytes.",
        signature_sha=hashlib.sha256(signature.read_bytes()).hexdigest() if signature else None,
    )
    whole = composer.card(
        variant,
        slots,
        link=brand.link.replace("{order}", "7ZK4M0QW2B8NT"),
        job_id="7ZK4M0QW2B8NT",
        generation=0,
        made_at=datetime(2026, 3, 4, 9, 30, tzinfo=UTC),
    )
    return replace(whole, wordings=whole.wordings[:1])


def _fits(card: CardTemplate, variant: Variant, brand: Brand, slots: Mapping[str, SlotValue]) -> None:
    front, back = Compositor(_TYPEFACES).lay_out(card, _card(card, variant, brand, slots))
    said = {placed.frame.role for placed in front.texts + back.texts}
    assert said >= {Role.HEADLINE, Role.GREETING, Role.MESSAGE, Role.SIGNER, Role.QR_LABEL, Role.JOB_CODE}


@pytest.mark.parametrize(("card", "variant", "brand"), _SPOKEN, ids=_name)
def test_a_wording_fits_as_it_is_with_the_longest_values(
    card: CardTemplate, variant: Variant, brand: Brand
) -> None:
    _fits(card, variant, brand, _longest(card, variant.language))


@pytest.mark.parametrize("brand", BUILT_IN_BRANDS.values(), ids=_name)
def test_every_name_of_the_samples_fits_in_a_greeting(brand: Brand) -> None:
    card = BUILT_IN[brand.template]
    for sample in card.samples:
        if sample.language in brand.languages:
            spoken = (
                v for v in card.variants if (v.language, v.occasion) == (sample.language, sample.occasion)
            )
            briefest = min(
                (v for v in spoken if v.requires <= sample.slots.keys()), key=lambda v: len(v.message)
            )
            _fits(card, briefest, brand, sample.slots)
