"""Every built-in wording is printed as chosen, by each brand that speaks its language, beside a photo too."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.domain.brand import Brand
from app.domain.occasion import SlotValue
from app.domain.template import CardTemplate, Variant
from app.pdf.engine import Renderer
from app.registry.fonts import own_fonts
from app.registry.places import PROFILES
from app.registry.profiles import load_profiles
from app.services.compose_card import Composer
from app.services.sample_cards import photo_side_words
from tests.families import BUILT_IN, BUILT_IN_BRANDS

JOB = "7ZK3M9QX2R4TB"
GREETED_BESIDE_DEAR = 25
"""Characters of a name that fit the greeting's line in any hand; a longer one may cost a wording."""


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer(fonts=own_fonts(), profiles=load_profiles(PROFILES))


def records(card: CardTemplate, variant: Variant, brand: Brand) -> list[dict[str, SlotValue]]:
    """The samples that can say the wording, with all that the brand might fill in at its longest."""
    details = brand.story[variant.language]
    own: dict[str, SlotValue] = {
        "brand": brand.name,
        "signer": brand.signer.name_for(variant.language),
        "story": details.get(variant.occasion) or details["*"],
    }
    if "category" in variant.requires:
        own["category"] = max(brand.category_names[variant.language].values(), key=len)
    return [
        {**sample.slots, **own}
        for sample in card.samples
        if (sample.language, sample.occasion) == (variant.language, variant.occasion)
        and variant.requires <= {*sample.slots, *own}
    ]


@pytest.mark.parametrize(
    ("brand", "language"),
    [
        pytest.param(brand, language, id=f"{brand.code}-{language}")
        for brand in BUILT_IN_BRANDS.values()
        for language in brand.languages
    ],
)
def test_every_wording_fits(renderer: Renderer, brand: Brand, language: str) -> None:
    signature = brand.signer.signature.read_bytes() if brand.signer.signature else None
    sha256 = hashlib.sha256(signature).hexdigest() if signature else None
    family = BUILT_IN[brand.template]
    composer = Composer(family, brand, secret=bytes(32), signature_sha=sha256)
    beside_photo: set[tuple[str, ...]] = set()
    for variant in (v for v in family.variants if v.language == language):
        for slots in records(family, variant, brand):
            card = composer.card(
                variant, slots,
                link=brand.link.replace("{order}", JOB), job_id=JOB, generation=0,
                made_at=datetime(2026, 3, 1, tzinfo=UTC),
            )  # fmt: skip
            if "given_name" not in variant.requires or len(str(slots["given_name"])) <= GREETED_BESIDE_DEAR:
                own = tuple(wording for wording in card.wordings if wording.variant == variant.id)
                card = replace(card, wordings=own)
            assert renderer.render(family, card, signature).startswith(b"%PDF-1.6")
            words = photo_side_words(family, card)
            if family.paired is not None and words not in beside_photo:
                beside_photo.add(words)
                assert renderer.render(family.paired, card, signature).startswith(b"%PDF-1.6")
    assert beside_photo or family.paired is None
