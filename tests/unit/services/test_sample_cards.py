"""Sample cards: every record in every wording that it can fill, and no other."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.template import Role
from app.registry.brands import load_brands
from app.registry.cards import load_card, load_cards
from app.registry.places import BRANDS, CARDS
from app.services.sample_cards import photo_side_words, sample_cards, with_paired
from tests.own_words import SAMPLES, own_words

_HEARTH = load_cards(CARDS)["hearth"]
_BRANDS = load_brands(BRANDS)


@pytest.mark.parametrize("code", sorted(_BRANDS))
def test_each_sample_is_told_in_the_brands_languages(code: str) -> None:
    brand = _BRANDS[code]
    made = list(sample_cards(_HEARTH, brand))
    assert {each.card.language for each in made} == set(brand.languages)
    assert len({each.name for each in made}) == len({each.card.id for each in made}) == len(made)
    for each in made:
        assert each.signature is not None
        assert each.card.signature == hashlib.sha256(each.signature).hexdigest()


def test_a_wording_that_requires_what_a_record_lacks_is_left_out() -> None:
    brand = _BRANDS["fernweh"]
    bare = replace(_HEARTH, samples=tuple(replace(sample, slots={}) for sample in _HEARTH.samples))
    needy = {variant.id for variant in _HEARTH.variants if variant.requires - {"brand", "signer"}}
    assert needy
    assert not needy & {each.card.wordings[0].variant for each in sample_cards(bare, brand)}


def test_a_brand_without_a_scan_signs_in_its_hand() -> None:
    brand = _BRANDS["fernweh"]
    unsigned = replace(brand, signer=replace(brand.signer, signature=None))
    first = next(sample_cards(_HEARTH, unsigned))
    assert first.signature is None
    assert first.card.signature is None


def test_a_record_with_its_own_words_may_speak_a_language_that_the_brand_does_not(tmp_path: Path) -> None:
    letter = load_card(own_words(tmp_path, samples=SAMPLES.replace('"ta"', '"fa"')))
    brand = _BRANDS["fernweh"]
    (made,) = sample_cards(letter, brand)
    card = made.card
    assert (card.language, card.direction, card.wordings[0].message) == ("fa", "rtl", "நன்றி.")
    assert card.wordings[0].greeting == "மீனா"
    assert card.texts[Role.FACTS] == brand.imprint["de"]
    assert card.texts[Role.SIGNER] == brand.signer.name
    assert Role.QR_LABEL not in card.texts, "no label is said in a language that has none"


@pytest.mark.parametrize("code", sorted(_BRANDS))
def test_each_headline_stands_beside_a_photo_once(code: str) -> None:
    plain = list(sample_cards(_HEARTH, _BRANDS[code]))
    both = list(with_paired(_HEARTH, plain))
    paired = [each for each in both if each.paired]
    assert [each for each in both if not each.paired] == plain
    assert len({each.name for each in both}) == len(both)
    headlines = {(each.card.language, each.card.wordings[0].headline) for each in plain}
    assert {photo_side_words(_HEARTH, each.card) for each in paired} == headlines
    assert len(paired) == len(headlines) < len(plain)


def test_a_template_without_a_place_for_photos_has_no_paired_samples() -> None:
    bare, brand = replace(_HEARTH, paired=None), _BRANDS["fernweh"]
    plain = list(sample_cards(bare, brand))
    assert list(with_paired(bare, plain)) == plain
