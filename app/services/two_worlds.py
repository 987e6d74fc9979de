"""What customers would have been sent with a rule and without it: the same orders, chosen for twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from app.domain.brand import Brand
from app.domain.customer import Customer
from app.domain.decision import Decision, Outcome
from app.domain.decision import Rule as Barrier
from app.domain.facts import Facts
from app.domain.occasion import Occasion
from app.domain.order import Job, Order
from app.domain.past import Past, SentCard
from app.domain.rule import Rule
from app.domain.template import CardTemplate
from app.selection.case import Case
from app.selection.decide import decide
from app.services.gather_case import GatherCase
from app.services.learn_facts import find_matches
from app.services.rules_in_force import InForce, RulesInForce
from app.store.database import Transaction
from app.store.retelling import PastOrder


class Told(NamedTuple):
    """A past order and what was known of it."""

    order: PastOrder
    facts: Facts


class Why(NamedTuple):
    """The policy's rule behind an outcome, as its code, and the sentence that says it."""

    rule: str
    says: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One order in both worlds."""

    told: Told
    without: Decision
    with_rule: Decision

    @property
    def is_lost(self) -> bool:
        """Whether the order loses the card that it would have had."""
        return self.without.has_card and not self.with_rule.has_card

    @property
    def chosen(self) -> str:
        """The occasion of the card that the order gets with the rule; empty without one."""
        return self.with_rule.match.occasion if self.with_rule.match else ""

    def outcome_of(self, code: str) -> tuple[Outcome, Why]:
        """What became of the rule's own match."""
        decision = self.with_rule
        found = next(one for one in decision.considered if one.match.occasion == code)
        failed = next((check for check in found.checks if not check.passed), None)
        rule = failed.rule if failed else decision.because
        return found.outcome, Why(rule.value if rule else "", found.why)


Comparing = Callable[[Sequence[Told]], Iterator[Compared]]
"""Compares one customer's orders, in the order of time."""


class TwoWorlds:
    """Makes the worlds of a rule."""

    def __init__(
        self, *, in_force: RulesInForce, gather: GatherCase, templates: Mapping[str, CardTemplate]
    ) -> None:
        self._in_force = in_force
        self._gather = gather
        self._templates = templates

    def __call__(self, tx: Transaction, brand: Brand, rule: Rule, since: datetime) -> Comparing:
        """Compares one customer's orders, from the cards on that they had before `since`."""
        template = self._templates[brand.template]
        now = self._in_force(tx, brand, template)
        tried = self._in_force.trying(tx, brand, template, rule)

        def compare(told: Sequence[Told]) -> Iterator[Compared]:
            worlds = _World(now, since), _World(tried, since)
            for one in told:
                case = self._case(tx, brand, one, tried.occasions)
                without, with_rule = (world.decide(case) for world in worlds)
                yield Compared(one, without, with_rule)

        return compare

    def _case(self, tx: Transaction, brand: Brand, told: Told, occasions: tuple[Occasion, ...]) -> Case:
        """The order as if it had just come in; each world has its own matches and cards."""
        order = _as_live(tx, brand, told.order)
        return self._gather(
            tx,
            order,
            brand=brand,
            customer_key=told.order.placed.customer_key,
            facts=told.facts,
            past=Past(noted=True),
            matches=find_matches(occasions, told.facts),
            now=order.placed_at,
        )


class _World:
    """One customer's cards as they come about under some occasions."""

    def __init__(self, in_force: InForce, since: datetime) -> None:
        self._in_force = in_force
        self._since = since
        self._sent: list[SentCard] = []

    def decide(self, case: Case) -> Decision:
        """Choose for the next order."""
        here = self._in_force
        before = tuple(card for card in case.cards if card.at < self._since)
        decision = decide(
            replace(
                case,
                matches=find_matches(here.occasions, case.facts),
                occasions=here.known,
                brand=here.brand,
                template=here.template,
                cards=(*before, *self._sent),
            )
        )
        if decision.has_card or decision.because is Barrier.HOLDOUT:
            occasion, variant = decision.would_be
            self._sent.append(
                SentCard(
                    occasion=occasion,
                    template=here.template.name,
                    variant=variant,
                    at=case.facts.at,
                    source_order_id=case.order.source_order_id,
                    number=case.order.number,
                )
            )
        return decision


def _as_live(tx: Transaction, brand: Brand, past: PastOrder) -> Order:
    """The order as it was posted; one of the imported history as it might have been."""
    if not past.imported:
        return replace(tx.orders.get(past.id).order, cancelled_at=None)
    placed = past.placed
    jobs = tuple(
        Job(source_item_id=str(index), sku="", category=category)
        for index, category in enumerate(sorted(placed.categories) or [None])
    )
    return Order(
        brand=brand.code,
        source="history",
        source_order_id=placed.source_order_id,
        placed_at=placed.at,
        value=past.value,
        customer=Customer(),
        jobs=jobs,
        kind=past.kind,
        language=past.language,
    )
