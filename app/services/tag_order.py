"""Tags an order with its occasions and decides on its card, inside the intake transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from app.domain.brand import Brand
from app.domain.decision import Decision
from app.domain.facts import Facts, Threshold
from app.domain.occasion import Match, Occasion
from app.domain.order import Order
from app.domain.past import Placed
from app.domain.template import CardTemplate
from app.selection.case import Case
from app.selection.decide import decide
from app.services.brands_in_force import BrandsInForce
from app.services.gather_case import GatherCase, KnownCustomer
from app.services.learn_facts import find_matches, learn_facts, threshold_of
from app.services.rules_in_force import InForce, RulesInForce
from app.store.database import Transaction
from app.store.diffs import TaggedOrder
from app.store.orders import StoredOrder
from app.store.past_walk import PastWalk

_WORTH_A_WALK = 12
"""Orders of one customer: to ask for the past of fewer of them is quicker than to walk through it."""


class Tagged(NamedTuple):
    """What was known, what holds, and what was decided on it."""

    facts: Facts
    matches: tuple[Match, ...]
    decision: Decision


class _Known(NamedTuple):
    """What was known, what holds, and all that the choice rests on."""

    facts: Facts
    matches: tuple[Match, ...]
    case: Case
    in_force: InForce


class TagOrder:
    """Facts, occasions and decision of an order, as of the moment it was placed."""

    def __init__(
        self,
        *,
        brands: BrandsInForce,
        templates: Mapping[str, CardTemplate],
        occasions: Mapping[str, Occasion],
        rules: RulesInForce,
        chance: bytes,
    ) -> None:
        """Nothing is read before an order comes.

        Args:
            brands: as they are in force; their templates and occasions are known to be there.
            templates: by name.
            occasions: by code.
            rules: finds the brand's own occasions beside these.
            chance: secret bytes behind whatever looks random.
        """
        self._brands = brands
        self._templates = templates
        self._rules = rules
        self._gather = GatherCase(templates=templates, occasions=occasions, chance=chance)

    def __call__(
        self,
        tx: Transaction,
        order: Order,
        *,
        customer_key: str | None,
        received_at: datetime | None = None,
        now: datetime | None = None,
    ) -> Tagged:
        """Tag one order; whether it is stored already makes no difference to what it is tagged with.

        Call it when the customer is stored. Remembered thresholds of later days, which do not know of this
        order yet, are dropped.

        Args:
            tx: the intake transaction.
            order: the order.
            customer_key: the customer's key within the brand, or None for a guest.
            received_at: when its job came in; None stands for when it was placed.
            now: what is known by then may forbid a card; the order's own moment by default.

        Raises:
            NotFound: there is no such brand.
        """
        brand = self._brands(tx, order.brand)
        if customer_key is not None:
            tx.history.one_at_a_time(brand.code, customer_key)
        placed = placed_of(order, customer_key, received_at)
        threshold = threshold_of(tx, brand, placed)
        known = self._learn(tx, brand, order, placed, threshold=threshold, now=now or placed.at)
        decision = known.in_force.spoken(decide(known.case))
        tx.thresholds.older_truth(brand.code, placed.at)
        return Tagged(known.facts, known.matches, decision)

    def again(self, tx: Transaction, orders: Sequence[TaggedOrder]) -> list[Decision]:
        """What the moments of tagged orders would bring with what is known now; nothing is written.

        Cards that came after an order are unknown to it. Its T(day) stays the one that it was tagged with:
        that is a figure of all customers, and moves with every order of anybody.

        Args:
            tx: any transaction.
            orders: as they were taken, with what they were tagged with.
        """
        found: dict[str, Decision] = {}
        for theirs in _by_customer(orders):
            walk = self._walk(tx, theirs)
            found |= {one.stored.id: self._one_again(tx, one, walk) for one in theirs}
        return [found[one.stored.id] for one in orders]

    def _walk(self, tx: Transaction, theirs: Sequence[TaggedOrder]) -> PastWalk | None:
        """A walk through their customer's past, where that takes less than asking for each of them."""
        stored = [one.stored for one in theirs]
        key = stored[0].customer_key
        if key is None or len(theirs) < _WORTH_A_WALK:
            return None
        brand, last = self._brands(tx, stored[0].order.brand), stored[-1].order.placed_at
        return tx.retelling.walk(
            brand.code,
            key,
            currency=brand.currency,
            since=stored[0].order.placed_at,
            until=last + datetime.resolution,
        )

    def _one_again(self, tx: Transaction, one: TaggedOrder, walk: PastWalk | None) -> Decision:
        stored, tag = one
        brand = self._brands(tx, stored.order.brand)
        order = as_known(tx, stored, tag.decided_at)
        placed = placed_of(order, stored.customer_key, stored.received_at)
        known = self._learn(
            tx,
            brand,
            order,
            placed,
            threshold=tag.facts.threshold,
            now=tag.decided_at,
            rules_of=tag.decided_at,
            walk=walk,
        )
        before = tuple(card for card in known.case.cards if card.at < tag.decided_at)
        return known.in_force.spoken(decide(replace(known.case, cards=before)))

    def _learn(
        self,
        tx: Transaction,
        brand: Brand,
        order: Order,
        placed: Placed,
        *,
        threshold: Threshold,
        now: datetime,
        rules_of: datetime | None = None,
        walk: PastWalk | None = None,
    ) -> _Known:
        facts, past = learn_facts(tx, brand, placed, threshold, walk=walk)
        in_force = self._rules(tx, brand, self._templates[brand.template], as_of=rules_of)
        matches = find_matches(in_force.occasions, facts)
        case = self._gather(
            tx,
            order,
            brand=in_force.brand,
            customer=KnownCustomer(tx, brand.code, placed.customer_key) if placed.customer_key else None,
            facts=facts,
            noted=past.noted,
            matches=matches,
            now=now,
        )
        case = replace(case, occasions=in_force.known, template=in_force.template)
        return _Known(facts, matches, case, in_force)


def _by_customer(orders: Iterable[TaggedOrder]) -> list[list[TaggedOrder]]:
    """The orders of each customer's key, in the order of their time."""
    found: dict[str, list[TaggedOrder]] = {}
    for one in sorted(orders, key=lambda one: (one.stored.order.placed_at, one.stored.order.source_order_id)):
        found.setdefault(one.stored.customer_key or "", []).append(one)
    return list(found.values())


def as_known(tx: Transaction, stored: StoredOrder, at: datetime) -> Order:
    """A stored order with what had been heard of it by a moment, whenever that came in."""
    order = stored.order
    if not tx.order_events.received(order.brand, stored.id):
        return order
    state = tx.order_events.state(order.brand, stored.id, at=at)
    return replace(
        order,
        promised_at=state.promised_at,
        shipped_at=state.shipped_at,
        delivered_at=state.delivered_at,
        cancelled_at=state.cancelled_at,
    )


def placed_of(order: Order, customer_key: str | None, received_at: datetime | None = None) -> Placed:
    """The order as history sees it, and as it stood when its job came in."""
    return Placed(
        source_order_id=order.source_order_id,
        customer_key=customer_key,
        at=order.placed_at,
        eligible=order.eligible,
        categories=order.categories,
        value=order.value,
        quantity=sum(job.quantity for job in order.jobs),
        channel=order.channel,
        country=order.country,
        gift=order.gift is not None,
        received_at=received_at,
        promised_at=order.promised_at,
        shipped_at=order.shipped_at,
        delivered_at=order.delivered_at,
    )
