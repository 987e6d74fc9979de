"""A past stream's cards: which orders would have got one, had selection been in force all along.

Each order is decided at its own moment, with the cards that the orders before it would have brought.
"""

from __future__ import annotations

import hmac
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.domain.brand import Brand
from app.domain.customer import Customer
from app.domain.decision import Arm, Decision, Rule
from app.domain.fold import Standing
from app.domain.occasion import Occasion
from app.domain.order import Job, Order
from app.domain.past import Recorded, SentCard
from app.domain.template import CardTemplate
from app.selection.case import Case
from app.selection.decide import decide
from app.selection.holdout import assign
from app.services.replay_stream import Retold

_YEAR = timedelta(days=365)


@dataclass(slots=True)
class Simulated:
    """What a stream's orders came to, so far."""

    orders: int = 0
    carded: int = 0
    by_occasion: Counter[str] = field(default_factory=Counter)
    no_card: Counter[Rule] = field(default_factory=Counter)
    letters: int = 0
    """How often a person would have been asked to write."""
    cards: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    """When each customer, by key, would have got a card."""

    @property
    def most_cards(self) -> int:
        """The most that any customer would have got."""
        return max(map(len, self.cards.values()), default=0)

    @property
    def most_in_a_year(self) -> int:
        """The most that any customer would have got within 365 days."""
        return max((_most_within(sorted(at), _YEAR) for at in self.cards.values()), default=0)


class SimulateCards:
    """Decides a stream's orders one after the other."""

    def __init__(
        self, brand: Brand, template: CardTemplate, occasions: Mapping[str, Occasion], chance: bytes
    ) -> None:
        """Take whose cards they are.

        Args:
            brand: its policy, words and languages hold.
            template: the brand's.
            occasions: by code.
            chance: secret bytes behind surprise, wordings and holdout.
        """
        self._brand = brand
        self._template = template
        self._occasions = occasions
        self._chance = chance
        self._sent: dict[str, list[SentCard]] = defaultdict(list)
        self.found = Simulated()

    def __call__(self, stream: Iterable[Retold]) -> Iterable[Retold]:
        """Pass the stream on, each order decided."""
        for told in stream:
            self._count(told, self._decide(told))
            yield told

    def _decide(self, told: Retold) -> Decision:
        who = _who(told.order)
        name = f"{self._brand.code} {who}".encode()
        return decide(
            Case(
                order=_order(told.order, self._brand.code),
                facts=told.facts,
                matches=told.matches,
                occasions=self._occasions,
                brand=self._brand,
                template=self._template,
                assignment=assign(self._chance, self._brand.code, self._brand.policy, who),
                standing=Standing(open_complaint=told.facts.open_complaint),
                cancelled=False,
                cards=tuple(self._sent[who]),
                seed=hmac.digest(self._chance, name, "sha256"),
            )
        )

    def _count(self, told: Retold, decision: Decision) -> None:
        found, who, at = self.found, _who(told.order), told.order.placed.at
        found.orders += 1
        found.letters += bool(decision.write_by_hand)
        if decision.match is None:
            found.no_card[decision.because or Rule.NO_OCCASION] += 1
        else:
            found.carded += 1
            found.by_occasion[decision.match.occasion] += 1
            found.cards[who].append(at)
        held_out = decision.assignment is not None and decision.assignment.arm is Arm.HOLDOUT
        if decision.match is not None or held_out:
            occasion, variant = decision.would_be
            card = SentCard(occasion=occasion, template=self._template.name, variant=variant, at=at)
            self._sent[who].append(card)


def _who(order: Recorded) -> str:
    """The customer; each order of a guest is a customer of its own."""
    return order.placed.customer_key or f"guest:{order.placed.source_order_id}"


def _order(recorded: Recorded, brand: str) -> Order:
    """The order as it would have been posted, as far as a stream tells."""
    placed = recorded.placed
    return Order(
        brand=brand,
        source="stream",
        source_order_id=placed.source_order_id,
        placed_at=placed.at,
        value=recorded.value,
        customer=Customer(),
        jobs=(Job(source_item_id="1", sku=""),),
        kind=recorded.kind,
    )


def _most_within(moments: list[datetime], length: timedelta) -> int:
    """The most of sorted moments that lie less than `length` apart."""
    most = first = 0
    for last, at in enumerate(moments):
        while at - moments[first] >= length:
            first += 1
        most = max(most, last - first + 1)
    return most
