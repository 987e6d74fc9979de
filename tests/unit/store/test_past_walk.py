"""Walking through a customer's past tells the same as asking for it at each order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from app.domain.calendar import year_start
from app.domain.money import Money
from app.domain.past import Past, Placed, Recorded
from app.store.database import Transaction
from app.store.retelling import PastOrder
from tests import arrivals, ledger, population

BRAND = arrivals.BRAND.code
FIRST, EVER = datetime(2023, 3, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
ORDERS = [
    Recorded(
        placed=Placed(
            source_order_id=f"o{n:02}",
            customer_key="id:7",
            at=FIRST + n * 40 * DAY,
            eligible=True,
            categories=frozenset({f"category-{n % 5}"}),
        ),
        value=Money(1_000 + n, "EUR"),
    )
    for n in range(20)
]


@pytest.fixture
def tx() -> Iterator[Transaction]:
    with ledger.ledger() as tx:
        yield tx


def orders_of(tx: Transaction, key: str) -> list[PastOrder]:
    return [
        one
        for one in tx.retelling.by_customer(BRAND, datetime(1970, 1, 1, tzinfo=UTC), EVER)
        if one.placed.customer_key == key
    ]


def asked_and_walked(tx: Transaction, orders: list[PastOrder]) -> Iterator[tuple[Past, Past]]:
    key = orders[0].placed.customer_key
    assert key is not None
    walk = tx.retelling.walk(BRAND, key, currency="EUR", since=orders[0].placed.at, until=EVER)
    for order in orders:
        new_year = year_start(order.placed.at, population.ZONE)
        asked = tx.history.past(BRAND, order.placed, currency="EUR", new_year=new_year)
        yield asked, walk.past(order.placed, new_year=new_year)


def test_a_population_that_was_heard_of_in_any_order_is_walked_through_as_it_is_asked(
    tx: Transaction,
) -> None:
    for one in population.arrivals(250, 11):
        arrivals.take(tx, one)
    by_customer: dict[str, list[PastOrder]] = {}
    for order in tx.retelling.by_customer(BRAND, datetime(1970, 1, 1, tzinfo=UTC), EVER):
        if order.placed.customer_key is not None:
            by_customer.setdefault(order.placed.customer_key, []).append(order)
    seen = []
    for orders in by_customer.values():
        for asked, walked in asked_and_walked(tx, orders):
            assert walked == asked
            seen.append(asked)
        for asked, walked in asked_and_walked(tx, orders[len(orders) // 2 :]):
            assert walked == asked, "what lies before the first that is asked for is read in less detail"
    assert {bool(past.credited) for past in seen} == {past.noted for past in seen} == {True, False}
    assert any(earlier.n > later.n for earlier, later in pairwise(seen))
    assert max(past.n for past in seen) > len(ORDERS) / 4


@pytest.mark.parametrize("after", [timedelta(0), DAY, 90 * DAY, 365 * DAY, 400 * DAY])
def test_orders_that_are_cancelled_later_count_until_then(tx: Transaction, after: timedelta) -> None:
    orders = [
        replace(one, cancelled_at=one.placed.at + after) if place % 3 else one
        for place, one in enumerate(ORDERS)
    ]
    tx.recording.orders(BRAND, orders, source="test", at=ledger.NOW)
    found = list(asked_and_walked(tx, orders_of(tx, "id:7")))
    assert [asked for asked, _ in found] == [walked for _, walked in found]
    assert found[-1][0].n < len(ORDERS) - 1
    for begin in range(1, len(ORDERS)):
        ((asked, walked), *_) = asked_and_walked(tx, orders_of(tx, "id:7")[begin:])
        assert walked == asked


def test_all_of_a_past_may_be_cancelled_at_once_and_another_begin(tx: Transaction) -> None:
    gone = ORDERS[9].placed.at + DAY
    orders = [replace(one, cancelled_at=gone) for one in ORDERS[:10]] + ORDERS[10:]
    tx.recording.orders(BRAND, orders, source="test", at=ledger.NOW)
    found = list(asked_and_walked(tx, orders_of(tx, "id:7")))
    assert [asked for asked, _ in found] == [walked for _, walked in found]
    assert [asked.n for asked, _ in found] == [*range(10), *range(10)]
