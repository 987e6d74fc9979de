"""Tries a rule on past orders before it goes live: how many cards, for whom, and instead of which.

Two worlds are told side by side over the same orders: as the brand's occasions are now, and with the rule
among them. Both begin with the cards that customers really had before. The imported past is told as if it had
come in live.
"""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import groupby

from app.domain.brand import Brand
from app.domain.clock import Clock
from app.domain.decision import Outcome
from app.domain.decision import Rule as Barrier
from app.domain.rule import Rule
from app.domain.rule_occasion import RuleOccasion
from app.domain.rule_sentence import Said, verdicts
from app.services.retold_facts import RetoldFacts
from app.services.rule_reach import Reach
from app.services.rules_in_force import locale_of
from app.services.two_worlds import Compared, Comparing, Told, TwoWorlds
from app.store.database import Transaction
from app.store.retelling import PastOrder

MOST_DAYS = 3_650
NO_CARD = "none"
"""Stands for the occasion of an order that gets no card."""
_REACH_DAYS = timedelta(days=90)
_REACH_ORDERS = 2_000
_MOST_DECIDED = 100_000
"""Orders that are decided in both worlds, whole customers at a time: what a rule does shows among these."""
_MOST_CASES = 12
_STEP = 500
_PSEUDONYM = 8
REASONS: Mapping[str, str] = {
    Barrier.KIND: "a reprint, a credit note or a test",
    Barrier.IMPORTED: "came with the imported history",
    Barrier.CANCELLED: "the order was cancelled",
    Barrier.OWN_INSERT: "the merchant supplied an insert of their own",
    Barrier.OPT_OUT: "the customer asked for no cards",
    Barrier.BEREAVEMENT: "the customer is in mourning",
    Barrier.OPEN_COMPLAINT: "a complaint of the customer is open",
    Barrier.CHANNEL: "the brand gives no cards on this channel",
    Barrier.GIFT: "the brand gives no cards with gifts",
    Barrier.SWITCHED_OFF: "the brand switched this occasion off",
    Barrier.HISTORY: "the brand’s history is not complete",
    Barrier.AGAIN: "the customer had this card before",
    Barrier.SPLIT: "another part of the order has the card",
    Barrier.RECOVERY_GAP: "another card after trouble was sent too recently",
    Barrier.SOFT_GAP: "another card was sent too recently",
    Barrier.SOFT_GAP_TO_SOFT: "another card like it was sent too recently",
    Barrier.SURPRISE: "left out so that cards stay a surprise",
    Barrier.NO_WORDS: "no words for it that fit the order and the brand",
    Barrier.EXHAUSTED: "every wording was said to the customer",
    Barrier.HOLDOUT: "the customer is held out to measure",
    Barrier.GUEST: "a guest",
    Barrier.NO_VALUE: "an order without a value",
    Barrier.NO_OCCASION: "no occasion holds",
    "": "an occasion of higher priority found no card either",
}
"""What can keep a card back, in a few words; a test holds this list to the policy's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedCase:
    """One order that the rule matches, and what it would have come to."""

    order_id: str
    pseudonym: str | None
    """Tells customers apart without naming them; None for a guest."""
    placed_at: datetime
    outcome: Outcome
    why: str
    instead_of: str
    """The occasion of the card that the order gets without the rule, or NO_CARD."""
    said: tuple[Said, ...]


@dataclass(slots=True, kw_only=True)
class Simulation:
    """What a rule would have done. Grows while the orders go by; every count but `decided` is of orders."""

    since: datetime
    until: datetime
    orders: int
    told: int = 0
    matched: int = 0
    customers: int = 0
    """Customers with a matching order; each order of a guest counts as one."""
    decided: int = 0
    """Of the matching orders, those that the following counts are over: all, but for very broad rules."""
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    instead_of: Counter[str] = field(default_factory=Counter)
    """The occasions whose cards the rule's cards take the place of, NO_CARD among them."""
    kept_back: Counter[str] = field(default_factory=Counter)
    """Why the rule's card would not be sent: the policy's rule that forbids it."""
    outranked_by: Counter[str] = field(default_factory=Counter)
    lost_later: Counter[str] = field(default_factory=Counter)
    """Cards of other orders that there is no room for after one of the rule's."""
    cases: list[TriedCase] = field(default_factory=list)

    @property
    def cards(self) -> int:
        """How many of the decided orders would get a card of this rule."""
        return self.outcomes[Outcome.CHOSEN]

    @property
    def reach(self) -> Reach:
        """How much of all the orders the rule matches."""
        return Reach(orders=self.told, matched=self.matched)


class SimulateRule:
    """Tells the past again. Everything is read in the caller's transaction, and nothing is written."""

    def __init__(self, *, worlds: TwoWorlds, clock: Clock, secret: bytes) -> None:
        """`secret` keys the pseudonyms of customers."""
        self._worlds = worlds
        self._clock = clock
        self._secret = secret

    def __call__(
        self,
        tx: Transaction,
        brand: Brand,
        rule: Rule,
        *,
        days: int,
    ) -> Simulation:
        """Try a rule on the orders of the last days, as if it had been in force over all of them.

        Args:
            tx: a reading transaction.
            brand: whose rule it is.
            rule: which need not be kept anywhere.
            days: how far back, 1 to MOST_DAYS.
        """
        *_, found = self.steps(tx, brand, rule, days=days)
        return found

    def steps(self, tx: Transaction, brand: Brand, rule: Rule, *, days: int) -> Iterator[Simulation]:
        """The same, giving what was found so far every few hundred orders; the last one is the whole."""
        until = self._clock.now()
        since = until - timedelta(days=days)
        orders = tx.retelling.count(brand.code, since, until)
        found = Simulation(since=since, until=until, orders=orders)
        tried = _Tried(
            rule, brand, self._worlds(tx, brand, _undated(rule), since), found, secret=self._secret
        )
        for told in _by_customer(tx, brand, found):
            before = found.told
            tried.add(told)
            if before // _STEP != found.told // _STEP:
                yield found
        found.orders = found.told
        yield found

    def reach(self, tx: Transaction, brand: Brand, rule: Rule) -> Reach:
        """How many of the brand's latest orders a rule matches."""
        until = self._clock.now()
        since = until - _REACH_DAYS
        facts_of = RetoldFacts(tx, brand, since, until)
        occasion = RuleOccasion(_undated(rule), locale_of(brand))
        orders = tx.retelling.latest(brand.code, since, until, limit=_REACH_ORDERS)
        matched = sum(occasion.holds(facts) for of_one in _customers(orders) for facts in facts_of(of_one))
        return Reach(orders=len(orders), matched=matched)


class _Tried:
    """A rule that is tried on one customer after the other."""

    def __init__(
        self, rule: Rule, brand: Brand, compare: Comparing, found: Simulation, *, secret: bytes
    ) -> None:
        self._rule = _undated(rule)
        self._locale = locale_of(brand)
        self._occasion = RuleOccasion(self._rule, self._locale)
        self._compare = compare
        self._secret = hmac.digest(secret, brand.code.encode(), "sha256")
        self._found = found
        self._cases: list[tuple[bytes, TriedCase]] = []
        self._decided = 0

    def add(self, told: list[Told]) -> None:
        """Tell one customer's orders."""
        found = self._found
        found.told += len(told)
        matched = {one.order.id for one in told if self._occasion.holds(one.facts)}
        if not matched:
            return
        found.matched += len(matched)
        found.customers += 1
        if self._decided >= _MOST_DECIDED:
            return
        self._decided += len(told)
        found.decided += len(matched)
        for compared in self._compare(told, matched):
            if compared.told.order.id in matched:
                self._count(compared)
            elif compared.is_lost:
                found.lost_later[compared.without.match.occasion if compared.without.match else NO_CARD] += 1

    def _count(self, compared: Compared) -> None:
        found = self._found
        outcome, why = compared.outcome_of(self._rule.code)
        instead_of = compared.without.match.occasion if compared.without.match else NO_CARD
        found.outcomes[outcome] += 1
        if outcome is Outcome.CHOSEN:
            found.instead_of[instead_of] += 1
        elif outcome is Outcome.OUTRANKED:
            found.outranked_by[compared.chosen] += 1
        elif outcome is Outcome.SUPPRESSED:
            found.kept_back[why.rule] += 1
        drawn = sha256(compared.told.order.id.encode()).digest()
        if len(self._cases) < _MOST_CASES or drawn < self._cases[-1][0]:
            self._keep(drawn, self._case(compared, outcome, why.says, instead_of))

    def _case(self, compared: Compared, outcome: Outcome, why: str, instead_of: str) -> TriedCase:
        order = compared.told.order
        return TriedCase(
            order_id=order.id,
            pseudonym=self._pseudonym(order.placed.customer_key),
            placed_at=order.placed.at,
            outcome=outcome,
            why=why,
            instead_of=instead_of,
            said=verdicts(self._rule.when, compared.told.facts, self._locale),
        )

    def _pseudonym(self, key: str | None) -> str | None:
        if key is None:
            return None
        return f"c-{hmac.digest(self._secret, key.encode(), 'sha256').hex()[:_PSEUDONYM]}"

    def _keep(self, drawn: bytes, case: TriedCase) -> None:
        """The cases that are shown: drawn by the orders' ids, the same each time and spread over all."""
        self._cases.append((drawn, case))
        self._cases.sort(key=lambda drawn: drawn[0])
        del self._cases[_MOST_CASES:]
        self._found.cases = [one for _, one in self._cases]


def _undated(rule: Rule) -> Rule:
    """The rule as if it were always in force: it is tried on orders from before it begins."""
    return replace(rule, since=None, until=None)


def _by_customer(tx: Transaction, brand: Brand, found: Simulation) -> Iterator[list[Told]]:
    """Each customer's orders, with their facts; a guest's order is a customer of its own."""
    facts_of = RetoldFacts(tx, brand, found.since, found.until)
    orders = tx.retelling.by_customer(brand.code, found.since, found.until)
    for _, of_one in groupby(orders, key=_customer):
        told = list(of_one)
        yield [Told(*each) for each in zip(told, facts_of(told), strict=True)]


def _customers(orders: Iterable[PastOrder]) -> Iterator[list[PastOrder]]:
    """Orders, in the order of time, by customer."""
    found: dict[str, list[PastOrder]] = {}
    for order in orders:
        found.setdefault(_customer(order), []).append(order)
    return iter(found.values())


def _customer(order: PastOrder) -> str:
    """Whose order it is; a guest's is of a customer of its own."""
    return order.placed.customer_key or f" {order.id}"
