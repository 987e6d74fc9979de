"""Gathers what selection looks at: a customer's cards, arm of the experiment, and standing by now."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property

from app.domain.brand import Brand
from app.domain.customer import Identity
from app.domain.decision import Arm, Assignment
from app.domain.facts import Facts
from app.domain.fold import Standing
from app.domain.ids import order_id
from app.domain.occasion import Match, Occasion
from app.domain.order import Order
from app.domain.past import SentCard
from app.domain.template import CardTemplate
from app.selection.case import Case
from app.selection.holdout import assign
from app.store.customers import Heard
from app.store.database import Transaction


class KnownCustomer:
    """A customer as the ledger has them: each thing is asked once, however many orders it is wanted for."""

    def __init__(self, tx: Transaction, brand: str, key: str) -> None:
        """Nothing is asked yet."""
        self._tx = tx
        self._brand = brand
        self.key = key

    @cached_property
    def identity(self) -> Identity:
        """All that they are known as."""
        return self._tx.history.identity(self._brand, self.key)

    @cached_property
    def cards(self) -> tuple[SentCard, ...]:
        """Every card that they have been sent."""
        return self._tx.history.cards(self._brand, self.key)

    @cached_property
    def heard(self) -> Heard:
        """What was ever said of them."""
        return self._tx.customers.heard(self._brand, self.key)

    def withheld(self, experiment: str) -> tuple[SentCard, ...]:
        """Every card that an experiment kept from them."""
        return self._tx.history.withheld(self._brand, self.key, experiment)


class GatherCase:
    """Asks the ledger for what a choice rests on."""

    def __init__(
        self, *, templates: Mapping[str, CardTemplate], occasions: Mapping[str, Occasion], chance: bytes
    ) -> None:
        """Take what is the same for every order.

        Args:
            templates: by name.
            occasions: by code.
            chance: secret bytes behind whatever looks random.
        """
        self._templates = templates
        self._occasions = occasions
        self._chance = chance
        self._holdout = hmac.digest(chance, b"holdout", "sha256")

    def __call__(
        self,
        tx: Transaction,
        order: Order,
        *,
        brand: Brand,
        customer: KnownCustomer | None,
        facts: Facts,
        noted: bool,
        has_events: bool = True,
        matches: tuple[Match, ...],
        now: datetime | None = None,
    ) -> Case:
        """The case of one order.

        Args:
            tx: the caller's transaction.
            order: the order.
            brand: its brand.
            customer: who placed it, or None for a guest.
            facts: what was known at the order's moment.
            noted: whether anything beside orders is known of the customer; False saves asking.
            has_events: whether anything was heard of the order; False saves asking.
            matches: the occasions that hold.
            now: what is known by then may forbid a card; the order's own moment by default.
        """
        now = now or order.placed_at
        who = customer.identity if matches and customer else _alone(order, customer)
        assignment = assign(self._holdout, brand.code, brand.policy, who.remains, merged=who.keys)
        return Case(
            order=order,
            facts=facts,
            matches=matches,
            occasions=self._occasions,
            brand=brand,
            template=self._templates[brand.template],
            assignment=assignment,
            # How they stand by now: who asked for no cards after ordering gets none either.
            standing=customer.heard.standing(now) if customer and noted else Standing(),
            cancelled=_is_cancelled(tx, order, now, has_events=has_events),
            cards=_cards(customer, assignment) if matches and customer else (),
            seed=self._seed(brand, order, customer),
        )

    def _seed(self, brand: Brand, order: Order, customer: KnownCustomer | None) -> bytes:
        name = f"wording {brand.code} {_name(order, customer)}"
        return hmac.digest(self._chance, name.encode(), "sha256")


def _alone(order: Order, customer: KnownCustomer | None) -> Identity:
    name = _name(order, customer)
    return Identity(name, frozenset({name}))


def _name(order: Order, customer: KnownCustomer | None) -> str:
    """The customer's key; each order of a guest is a customer of its own."""
    return customer.key if customer else f"guest:{order.source_order_id}"


def _cards(customer: KnownCustomer, assignment: Assignment) -> tuple[SentCard, ...]:
    if assignment.arm is Arm.HOLDOUT:
        return customer.cards + customer.withheld(assignment.experiment)
    return customer.cards


def _is_cancelled(tx: Transaction, order: Order, now: datetime, *, has_events: bool) -> bool:
    """Whether the order is cancelled by now, by its own word or by an event that was here before it."""
    if order.cancelled_at is not None or not has_events:
        return order.cancelled_at is not None
    known = tx.order_events.state(order.brand, order_id(order.brand, order.source_order_id), at=now)
    return known.cancelled_at is not None
