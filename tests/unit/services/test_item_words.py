"""What is said of an item: each fault to the customer in words of its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import app
from app.errors import MissingGlyph, NotFound, PhotoAway, PhotoUnusable, TextDoesNotFit, TipinError
from app.registry.customer_words import Say, load_customer_words
from app.registry.places import CUSTOMER_WORDS
from app.services.item_words import BY_REASON, customer_message

WORDS = load_customer_words(CUSTOMER_WORDS)
SOURCES = Path(app.__file__).parent
REASONS = {
    reason
    for folder in ("photo", "wire", "services")
    for path in (SOURCES / folder).rglob("*.py")
    for reason in re.findall(r'reason="([a-z_]+)"', path.read_text(encoding="utf-8"))
}
"""Why a photo may be refused, as the code has it."""


def test_every_reason_has_words_of_its_own_or_asks_for_another_photo() -> None:
    assert len(REASONS) > 10
    assert REASONS - BY_REASON.keys() == {"gone"}


@pytest.mark.parametrize(
    ("error", "said"),
    [
        *((PhotoUnusable("-", reason=reason), say) for reason, say in BY_REASON.items()),
        (PhotoUnusable("-", reason="gone"), Say.OTHER),
        (PhotoAway("-"), Say.OTHER),
        (NotFound("-"), Say.OTHER),
        (TextDoesNotFit("-", frame="the piece's name beside the code on Mug"), Say.OTHER),
    ],
)
def test_a_fault_is_told_in_the_customers_language(error: TipinError, said: Say) -> None:
    assert customer_message(WORDS, error, ["fr", "de"]) == WORDS.say(said, ["fr"])


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (TextDoesNotFit("-", frame="the caption on Mug, 11 oz"), "Der Text (Bildunterschrift) ist zu lang"),
        (MissingGlyph("-", frame="the name on Mug, 11 oz"), "Ein Zeichen im Text (Name)"),
    ],
)
def test_a_text_at_fault_is_named(error: TipinError, said: str) -> None:
    assert customer_message(WORDS, error, ["de"]).startswith(said)
