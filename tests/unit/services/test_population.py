"""The engine against the naive reference on a population of 5,000, whose past comes in as it will."""

from __future__ import annotations

from dataclasses import replace

from app.domain.facts import Threshold
from app.domain.ids import order_id
from app.store.database import Transaction
from tests import ledger, naive, population
from tests.naive import Purchase, Tags, Told
from tests.population import About, Arrival, World

BRAND = ledger.brand_of(population.RULES)
CUSTOMERS, SEED = 5_000, 41
UNKNOWN = Threshold(minor=None, population=0)
EVERY = 300
"""Each order of so many is asked for with T of its day as it comes in, so that T is there to be put right."""


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
        follow(tx, arrival)


def follow(tx: Transaction, told: Told) -> None:
    brand = BRAND.code
    if told.what == "erased":
        keys = tx.customers.members(brand, told.customer)
        for order in tx.erasure.orders_of(brand, keys):
            tx.erasure.erase_order(brand, order)
        tx.erasure.erase_customer(brand, keys)
    if told.what in ("merged", "unmerged", "erased"):
        tx.thresholds.older_truth(brand)


def tags_now(tx: Transaction, order: Purchase, threshold: Threshold | None) -> Tags:
    """The engine's tags of an order under the key that it stands under now."""
    key = tx.orders.customer_of(order_id(BRAND.code, order.id))
    stands = replace(order, customer=key)
    return ledger.engine_tags(tx, stands, BRAND, threshold)


def test_5000_customers_whose_orders_and_events_come_in_any_order_and_twice() -> None:
    world, asked = World(), 0
    with ledger.ledger() as tx:
        for arrival in population.arrivals(CUSTOMERS, SEED):
            is_new = isinstance(arrival, Purchase) and not world.knows(arrival.id)
            world.take(arrival)
            take(tx, arrival)
            if isinstance(arrival, Purchase) and is_new:
                asked += 1
                whole = asked % EVERY == 0
                least = world.least(arrival.at) if whole else (None, 0)
                tagged = tags_now(tx, arrival, None if whole else UNKNOWN)
                assert tagged == world.tags(arrival.id, least), arrival
        orders = sorted(world.orders(), key=lambda order: (order.at, order.id.encode()))
        expected = naive.tags(orders, [], world.rules())
        found = {order.id: tags_now(tx, order, None) for order in orders}
    assert {name: tags for name, tags in found.items() if tags != expected[name]} == {}
    assert set().union(*(tags.occasions for tags in expected.values())) == set(ledger.OCCASIONS)
