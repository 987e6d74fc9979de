"""The engine's side of a population: it hears what comes in, as it comes, and is held to the reference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from app.domain.facts import Threshold
from app.domain.ids import order_id
from app.store.database import Transaction
from tests import ledger, naive, population
from tests.naive import Purchase, Tags, Told
from tests.population import About, Arrival, World

BRAND = ledger.brand_of(population.RULES)
UNKNOWN = Threshold(minor=None, population=0)


class Compared(NamedTuple):
    """What engine and reference say of an order."""

    order: Purchase
    engine: Tags
    reference: Tags

    @property
    def differs(self) -> bool:
        """Whether they disagree."""
        return self.engine != self.reference


def compare(customers: int, seed: int, every: int) -> Iterator[Compared]:
    """Let both hear a population: what they say of each order as it comes in, and of all in the end.

    Each order of `every` is asked for with T of its day as it comes in, so that T is there to be put right.
    """
    world, asked = World(), 0
    with ledger.ledger() as tx:
        for arrival in population.arrivals(customers, seed):
            is_new = isinstance(arrival, Purchase) and not world.knows(arrival.id)
            world.take(arrival)
            take(tx, arrival)
            if isinstance(arrival, Purchase) and is_new:
                asked += 1
                whole = asked % every == 0
                least = world.least(arrival.at) if whole else (None, 0)
                tagged = tags_now(tx, arrival, None if whole else UNKNOWN)
                yield Compared(arrival, tagged, world.tags(arrival.id, least))
        orders = sorted(world.orders(), key=lambda order: (order.at, order.id.encode()))
        expected = naive.tags(orders, [], world.rules())
        for order in orders:
            yield Compared(order, tags_now(tx, order, None), expected[order.id])


def take(tx: Transaction, arrival: Arrival) -> None:
    """Store what came in, and tell of older truth, as the services do."""
    brand = BRAND.code
    if isinstance(arrival, Purchase):
        tx.recording.orders(brand, [ledger.recorded(arrival)], source="test", at=ledger.NOW)
        tx.thresholds.older_truth(brand, arrival.at)
    elif isinstance(arrival, About):
        event = ledger.order_event(arrival.heard)
        if tx.order_events.record(brand, arrival.order, [event], received_at=ledger.NOW):
            tx.thresholds.older_truth(brand, event.at)
    elif tx.customers.record(
        brand, arrival.customer, [ledger.customer_event(arrival)], received_at=ledger.NOW
    ):
        _follow(tx, arrival)


def tags_now(tx: Transaction, order: Purchase, threshold: Threshold | None) -> Tags:
    """The engine's tags of an order under the key that it stands under now; T where it is given."""
    key = tx.orders.customer_of(order_id(BRAND.code, order.id))
    return ledger.engine_tags(tx, replace(order, customer=key), BRAND, threshold)


def _follow(tx: Transaction, told: Told) -> None:
    brand = BRAND.code
    if told.what == "erased":
        keys = tx.customers.members(brand, told.customer)
        for order in tx.erasure.orders_of(brand, keys):
            tx.erasure.erase_order(brand, order)
        tx.erasure.erase_customer(brand, keys)
    if told.what in ("merged", "unmerged", "erased"):
        tx.thresholds.older_truth(brand)
