"""Gathers what selection looks at: a customer's cards, arm of the experiment, and standing by now."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime

from app.domain.brand import Brand
from app.domain.customer import Identity
from app.domain.decision import Arm, Assignment
from app.domain.facts import Facts
from app.domain.fold import Standing
from app.domain.ids import order_id
from app.domain.occasion import Match, Occasion
from app.domain.order import Order
from app.domain.past import Past, SentCard
from app.domain.template import CardTemplate
from app.selection.case import Case
from app.selection.holdout import assign
from app.store.database import Transaction


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
        customer_key: str | None,
        facts: Facts,
        past: Past,
        matches: tuple[Match, ...],
        now: datetime | None = None,
    ) -> Case:
        """The case of one order.

        Args:
            tx: the caller's transaction.
            order: the order.
            brand: its brand.
            customer_key: the customer's key within the brand, or None for a guest.
            facts: what was known at the order's moment.
            past: what they came from.
            matches: the occasions that hold.
            now: what is known by then may forbid a card; the order's own moment by default.
        """
        now = now or order.placed_at
        who = self._who(tx, order, customer_key) if matches else _alone(order, customer_key)
        assignment = assign(self._holdout, brand.code, brand.policy, who.remains, merged=who.keys)
        return Case(
            order=order,
            facts=facts,
            matches=matches,
            occasions=self._occasions,
            brand=brand,
            template=self._templates[brand.template],
            assignment=assignment,
            standing=_standing(tx, brand, customer_key, past, now),
            cancelled=_is_cancelled(tx, order, now),
            cards=_cards(tx, brand, customer_key, assignment) if matches and customer_key else (),
            seed=self._seed(brand, order, customer_key),
        )

    def _seed(self, brand: Brand, order: Order, customer_key: str | None) -> bytes:
        name = f"wording {brand.code} {_name(order, customer_key)}"
        return hmac.digest(self._chance, name.encode(), "sha256")

    @staticmethod
    def _who(tx: Transaction, order: Order, customer_key: str | None) -> Identity:
        if customer_key is None:
            return _alone(order, customer_key)
        return tx.history.identity(order.brand, customer_key)


def _alone(order: Order, customer_key: str | None) -> Identity:
    name = _name(order, customer_key)
    return Identity(name, frozenset({name}))


def _name(order: Order, customer_key: str | None) -> str:
    """The customer's key; each order of a guest is a customer of its own."""
    return customer_key or f"guest:{order.source_order_id}"


def _cards(tx: Transaction, brand: Brand, key: str, assignment: Assignment) -> tuple[SentCard, ...]:
    cards = tx.history.cards(brand.code, key)
    if assignment.arm is Arm.HOLDOUT:
        cards += tx.history.withheld(brand.code, key, assignment.experiment)
    return cards


def _standing(tx: Transaction, brand: Brand, key: str | None, past: Past, now: datetime) -> Standing:
    """How the customer stands by now: who asked for no cards after ordering gets none either."""
    if key is None or not past.noted:
        return past.standing
    return tx.customers.standing(brand.code, key, at=now)


def _is_cancelled(tx: Transaction, order: Order, now: datetime) -> bool:
    """Whether the order is cancelled by now, by its own word or by an event that was here before it."""
    known = tx.order_events.state(order.brand, order_id(order.brand, order.source_order_id), at=now)
    return order.cancelled_at is not None or known.cancelled_at is not None
