"""All that selection looks at: nothing else may sway it, so a stored case can be decided again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.brand import Brand
from app.domain.facts import Facts
from app.domain.occasion import Match, Occasion
from app.domain.order import Order
from app.domain.past import SentCard
from app.domain.template import CardTemplate


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One order to choose a card for."""

    order: Order
    facts: Facts
    matches: tuple[Match, ...]
    occasions: Mapping[str, Occasion]
    brand: Brand
    template: CardTemplate
    opted_out: bool
    cards: tuple[SentCard, ...]
    """What the customer has been sent before."""
    seed: bytes
    """Secret bytes of this customer; they spread the wordings."""
