"""All that selection looks at: nothing else may sway it, so a stored case can be decided again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.brand import Brand
from app.domain.decision import Assignment
from app.domain.facts import Facts
from app.domain.fold import Standing
from app.domain.occasion import Match, Occasion, OccasionKind
from app.domain.order import Order
from app.domain.past import SentCard
from app.domain.policy import OccasionPolicy
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
    assignment: Assignment
    standing: Standing = field(default=Standing())
    """What is known of the customer beside their orders by now, be it later than the order's moment."""
    cancelled: bool = False
    """Whether the order is, as of now."""
    cards: tuple[SentCard, ...] = ()
    """What the customer has been sent before; for one who is held out, also what was withheld from them."""
    seed: bytes
    """Secret bytes of this customer; they spread the wordings and the surprise."""
    policy: OccasionPolicy = field(init=False)
    """The brand's, as it is on the order's channel."""

    def __post_init__(self) -> None:
        """Look the channel up once."""
        object.__setattr__(self, "policy", self.brand.policy.on(self.order.channel))

    @property
    def language(self) -> str:
        """What the card speaks: the best of the brand's languages for this order."""
        return self.brand.language_for(self.order.language or self.order.customer.language)

    @property
    def said(self) -> tuple[str, ...]:
        """The wordings of this template that the customer has had."""
        return tuple(card.variant for card in self.cards if card.template == self.template.name)

    def occasion(self, match: Match) -> Occasion:
        """What holds."""
        return self.occasions[match.occasion]

    def is_recovery(self, match: Match) -> bool:
        """Whether it speaks of trouble."""
        return self.occasion(match).kind is OccasionKind.RECOVERY
