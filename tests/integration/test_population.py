"""The engine against the naive reference on a population of 5,000, whose past comes in as it will."""

from __future__ import annotations

from tests import arrivals, ledger

CUSTOMERS, SEED, EVERY = 5_000, 41, 300


def test_5000_customers_whose_orders_and_events_come_in_any_order_and_twice() -> None:
    held: set[str] = set()
    for one in arrivals.compare(CUSTOMERS, SEED, EVERY):
        assert one.engine == one.reference, one.order
        held |= one.reference.occasions
    assert held == set(ledger.OCCASIONS)
