"""The card families and brands that contract tests run over."""

from __future__ import annotations

from pathlib import Path

from app import occasions
from app.domain.occasion import Occasion, OccasionKind, SlotValue
from app.domain.template import CardTemplate, Variant
from app.registry.brands import load_brands
from app.registry.cards import load_cards
from app.registry.places import BRANDS, CARDS
from app.registry.plugins import discover

OCCASIONS: dict[str, Occasion] = discover(occasions)
RECOVERY = frozenset(code for code, plugin in OCCASIONS.items() if plugin.kind is OccasionKind.RECOVERY)
BUILT_IN = load_cards(CARDS, recovery=RECOVERY)
TEMPLATES = load_cards(CARDS, Path(__file__).parent / "data/cards", recovery=RECOVERY)
BUILT_IN_BRANDS = load_brands(BRANDS)

Wordings = list[tuple[CardTemplate, Variant]]
TEXTS: dict[str, SlotValue] = {
    "given_name": "Anne-Charlotte",
    "brand": "Acorn",
    "signer": "Ida Holm",
    "order_no": "A-1",
    "category": "mugs",
    "story_about": "wedding",
    "season": "christmas",
}


def speaking(templates: dict[str, CardTemplate]) -> list[CardTemplate]:
    """The families that have words of their own; the others take theirs from each record."""
    return [card for card in templates.values() if not card.takes_any_language]


def wordings(templates: dict[str, CardTemplate]) -> Wordings:
    """Every wording with its family, of those that have words of their own."""
    return [(card, variant) for card in speaking(templates) for variant in card.variants]


def label(value: object) -> str:
    """A readable test id for a family or a wording."""
    if isinstance(value, CardTemplate):
        return value.name
    return f"{value.language}-{value.id}" if isinstance(value, Variant) else str(value)


def longest_detail(language: str) -> str:
    """The wordiest human detail that a built-in brand tells in a language."""
    told = [text for brand in BUILT_IN_BRANDS.values() for text in brand.story.get(language, {}).values()]
    return max(told, key=lambda text: len(text.split()), default="The kettle goes on at four.")
