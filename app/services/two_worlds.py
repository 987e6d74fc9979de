"""What customers would have been sent with a rule and without it: the same orders, chosen for twice."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from app.domain.brand import Brand
from app.domain.customer import Customer
from app.domain.decision import Decision, Outcome
from app.domain.decision import Rule as Barrier
from app.domain.facts import Facts
from app.domain.occasion import Match, Occasion
from app.domain.order import Gift, Job, Order
from app.domain.past import SentCard
from app.domain.rule import Rule
from app.domain.template import CardTemplate
from app.selection.case import Case
from app.selection.decide import FINAL, decide
from app.services.gather_case import GatherCase, KnownCustomer
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
    """One order in both worlds.

    Where the rule makes no difference to the card, both decisions are the one that was made with the rule.
    """

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


Comparing = Callable[[Sequence[Told], Collection[str]], Iterator[Compared]]
"""Compares one customer's orders, in the order of time, given the ids of those that the rule matches."""


class TwoWorlds:
    """Makes the worlds of a rule."""

    def __init__(
        self, *, in_force: RulesInForce, gather: GatherCase, templates: Mapping[str, CardTemplate]
    ) -> None:
        self._in_force = in_force
        self._gather = gather
        self._templates = templates

    def __call__(self, tx: Transaction, brand: Brand, rule: Rule, since: datetime) -> Comparing:
        """Compares one customer's orders, from the cards on that they had before `since`.

        Those for which no occasion holds in either world get no card and are passed over. It ends where
        nothing more can differ: behind the last order that the rule matches, once both worlds are alike.
        """
        template = self._templates[brand.template]
        now = self._in_force(tx, brand, template)
        tried = self._in_force.trying(tx, brand, template, rule)

        def compare(told: Sequence[Told], matched: Collection[str]) -> Iterator[Compared]:
            key = told[0].order.placed.customer_key
            customer = KnownCustomer(tx, brand.code, key) if key else None
            worlds = _Worlds(now, tried, rule.code, since)
            left = len(matched)
            for one in told:
                if not left and worlds.alike:
                    return
                left -= one.order.id in matched
                matches = find_matches(tried.occasions, one.facts)
                if matches or worlds.replaces:
                    case = self._case(tx, brand, one, customer, matches)
                    yield Compared(one, *worlds.decide(case))

        return compare

    def _case(
        self,
        tx: Transaction,
        brand: Brand,
        told: Told,
        customer: KnownCustomer | None,
        matches: tuple[Match, ...],
    ) -> Case:
        """The order as if it had just come in."""
        order = _as_live(tx, brand, told.order)
        return self._gather(
            tx,
            order,
            brand=brand,
            customer=customer,
            facts=told.facts,
            noted=True,
            has_events=told.order.has_events,
            matches=matches,
            now=order.placed_at,
        )


class _Worlds:
    """One customer's cards as they come about with a rule and without it.

    Most orders need one decision: as long as the same cards were sent in both worlds, and the rule's match
    neither has the card nor ends the search for another, the card is the same.
    """

    def __init__(self, now: InForce, tried: InForce, code: str, since: datetime) -> None:
        self._code = code
        self._without = _World(now, since)
        self._with_rule = _World(tried, since)
        known = {occasion.code for occasion in now.occasions}
        self.replaces = code in known
        """Whether another version of the rule is in force, which then holds for other orders."""

    @property
    def alike(self) -> bool:
        """Whether the same cards were sent in both, and the same orders match but for the rule's own."""
        return not self.replaces and self._without.sent == self._with_rule.sent

    def decide(self, case: Case) -> tuple[Decision, Decision]:
        """Choose for the next order, without the rule and with it; `case` has the matches with it."""
        alike = self.alike
        with_rule = self._with_rule.decide(case, case.matches)
        if alike and not _turns_on(with_rule, self._code):
            self._without.sent = [*self._with_rule.sent]
            return with_rule, with_rule
        return self._without.decide(case, self._matches(case)), with_rule

    def _matches(self, case: Case) -> tuple[Match, ...]:
        if self.replaces:
            return find_matches(self._without.occasions, case.facts)
        return tuple(match for match in case.matches if match.occasion != self._code)


def _turns_on(decision: Decision, code: str) -> bool:
    """Whether the match of a rule has the card, or ended the search for another."""
    found = next((one for one in decision.considered if one.match.occasion == code), None)
    if found is None or found.outcome is Outcome.OUTRANKED:
        return False
    return found.outcome is not Outcome.SUPPRESSED or any(
        check.rule in FINAL and not check.passed for check in found.checks
    )


class _World:
    """One customer's cards as they come about under some occasions."""

    def __init__(self, in_force: InForce, since: datetime) -> None:
        self._in_force = in_force
        self._since = since
        self.sent: list[SentCard] = []

    @property
    def occasions(self) -> tuple[Occasion, ...]:
        """Those that may hold here."""
        return self._in_force.occasions

    def decide(self, case: Case, matches: tuple[Match, ...]) -> Decision:
        """Choose for the next order."""
        here = self._in_force
        before = tuple(card for card in case.cards if card.at < self._since)
        decision = decide(
            replace(
                case,
                matches=matches,
                occasions=here.known,
                brand=here.brand,
                template=here.template,
                cards=(*before, *self.sent),
            )
        )
        if decision.has_card or decision.because is Barrier.HOLDOUT:
            occasion, variant = decision.would_be
            self.sent.append(
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
        country=placed.country,
        channel=placed.channel,
        gift=Gift() if placed.gift else None,
    )
