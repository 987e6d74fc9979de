from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from app.domain.brand import Brand, Ink
from app.registry.brands import load_brands
from app.registry.places import BRANDS

FOLDERS = (BRANDS, Path(__file__).parents[1] / "data/brands")
ALL = load_brands(*FOLDERS)
LONGEST_DETAIL = 20
"""Words of a human detail, so that a wording can set it and stay under sixty."""


@pytest.fixture(params=list(ALL.values()), ids=list(ALL))
def brand(request: pytest.FixtureRequest) -> Brand:
    """Each brand in turn."""
    assert isinstance(request.param, Brand)
    return request.param


def strong_inks(ink: Ink) -> int:
    return sum(part > 0.10 for part in ink)


def test_tints_do_not_show_register_errors(brand: Brand) -> None:
    for token, ink in brand.palette.items():
        assert strong_inks(ink) <= (2 if token == "ink" else 3), token
        assert sum(ink) <= 3.0, token


def test_every_language_has_a_detail_for_any_occasion(brand: Brand) -> None:
    for language, details in brand.story.items():
        assert "*" in details, language
        for occasion, sentence in details.items():
            assert sentence[-1] in ".؟", (language, occasion)
            assert len(sentence.split()) <= LONGEST_DETAIL, (language, occasion, sentence)
            assert "!" not in sentence


def test_every_category_has_a_name_in_every_language(brand: Brand) -> None:
    for language in brand.languages:
        assert set(brand.category_names[language]) == set(brand.categories.values())


def test_a_signature_is_sharp_at_the_width_it_was_written(brand: Brand) -> None:
    if brand.signer.signature is None:
        return
    with Image.open(brand.signer.signature) as picture:
        assert picture.mode in {"L", "LA"}
        assert picture.width / (brand.signer.signature_width / 25.4) >= 300


def test_each_brand_has_a_key_of_its_own() -> None:
    assert len({brand.key for brand in ALL.values()}) == len(ALL)
