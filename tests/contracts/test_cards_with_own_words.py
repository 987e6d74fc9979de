"""Families whose words come with each record keep this contract: every script, short and long notes."""

from __future__ import annotations

import pytest

from app.domain.brand import Brand
from app.domain.template import GENERIC, CardTemplate, Role
from app.domain.units import millimetres
from app.pdf.layout import Compositor
from app.pdf.typefaces import Typefaces
from app.registry.fonts import own_fonts
from app.services.sample_cards import SampleCard, sample_cards
from tests.families import BUILT_IN, BUILT_IN_BRANDS, label

LANGUAGES = frozenset(
    {
        "en",
        "de",
        "fr",
        "es",
        "pl",
        "cs",
        "vi",
        "tr",
        "el",
        "ru",
        "uk",
        "ar",
        "fa",
        "he",
        "hi",
        "bn",
        "ta",
        "te",
    }
    | {"th", "lo", "km", "my", "zh-Hans", "zh-Hant", "ja", "ko", "ka", "hy", "am"}
)
FEWEST_WORDS, MOST_WORDS = 5, 60
SLACK = 2
"""mm that marks and tails may reach over a frame."""

FAMILIES = [card for card in BUILT_IN.values() if card.takes_any_language]
SAMPLES = [
    pytest.param(card, brand, sample, id=sample.name)
    for card in FAMILIES
    for brand in BUILT_IN_BRANDS.values()
    for sample in sample_cards(card, brand)
]
_TYPEFACES = Typefaces(own_fonts())

every_family = pytest.mark.parametrize("card", FAMILIES, ids=label)


@every_family
def test_samples_show_every_script_and_the_shortest_and_longest_notes(card: CardTemplate) -> None:
    assert {sample.language for sample in card.samples} >= LANGUAGES
    lengths = [
        len(str(sample.slots["message"]).split()) for sample in card.samples if sample.language == "en"
    ]
    assert min(lengths) <= FEWEST_WORDS + 1
    assert max(lengths) >= MOST_WORDS
    assert any("given_name" not in sample.slots for sample in card.samples)


@every_family
def test_every_language_of_the_samples_has_the_labels(card: CardTemplate) -> None:
    for language in sorted({sample.language for sample in card.samples}):
        assert card.label("qr_label", language), language
        assert card.label("signer", language), language


@every_family
def test_the_words_are_the_records_own(card: CardTemplate) -> None:
    (wording,) = card.variants
    assert (wording.occasion, wording.headline, wording.message) == (GENERIC, "{headline}", "{message}")


@pytest.mark.parametrize(("card", "brand", "sample"), SAMPLES)
def test_a_sample_fits_with_all_its_words_in_any_brands_name(
    card: CardTemplate, brand: Brand, sample: SampleCard
) -> None:
    front, back = Compositor(_TYPEFACES).lay_out(card, sample.card)
    said = {placed.frame.role for placed in front.texts + back.texts}
    wanted = {Role.HEADLINE, Role.MESSAGE, Role.SIGNER, Role.QR_LABEL, Role.FACTS, Role.JOB_CODE}
    if sample.card.wordings[0].greeting:
        wanted.add(Role.GREETING)
    assert said >= wanted, f"{brand.name} leaves out words"


@pytest.mark.parametrize(("card", "brand", "sample"), SAMPLES)
def test_what_follows_the_note_stays_under_it(card: CardTemplate, brand: Brand, sample: SampleCard) -> None:
    _, back = Compositor(_TYPEFACES).lay_out(card, sample.card)
    note = next(placed for placed in back.texts if placed.frame.role is Role.MESSAGE)
    lowest = min(line.y for line in note.text.lines)
    for placed in back.pictures:
        if placed.frame.follows is Role.MESSAGE:
            assert placed.area.top <= lowest + 1e-6, brand.code
            assert millimetres(lowest - placed.area.top) < 10 + SLACK
