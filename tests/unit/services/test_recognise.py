"""A customer known by address and by id is one customer, in whatever order and way the orders come."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.customer import MOST_SHARE, Claim, Customer
from app.domain.money import Money
from app.domain.order import Job, Order
from app.domain.past import Placed, Recorded
from app.services.recognise import recognise, whom_it_touches
from app.store.database import Store, Transaction
from app.store.orders import StoredOrder

NOW = datetime(2026, 1, 1, tzinfo=UTC)
VALUE = Money(1000, "EUR")
BRANDS = itertools.count()


@dataclass(frozen=True)
class Came:
    """An order: its number, who it says placed it, and how it comes."""

    number: int
    id: str = ""
    mail: str = ""
    imported: bool = False

    @property
    def at(self) -> datetime:
        return NOW + timedelta(days=self.number)

    @property
    def key(self) -> str:
        return f"id:{self.id}" if self.id else f"mail:{self.mail}"

    @property
    def claim(self) -> Claim | None:
        if not (self.id and self.mail):
            return None
        return Claim(
            mail=f"mail:{self.mail}", customer=f"id:{self.id}", at=self.at, source_order_id=self.name
        )

    @property
    def name(self) -> str:
        return f"O-{self.number}"


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    store = Store("sqlite://")
    store.create()
    yield store
    store.close()


def take(tx: Transaction, brand: str, came: Came) -> None:
    """As the intake, or as an import of one order does it."""
    if came.imported:
        placed = Placed(
            source_order_id=came.name,
            customer_key=came.key,
            at=came.at,
            eligible=True,
            categories=frozenset(),
        )
        tx.recording.orders(brand, [Recorded(placed=placed, value=VALUE)], source="history", at=NOW)
        tx.mail_claims.record(brand, [claim for claim in [came.claim] if claim is not None])
        tx.mail_claims.settle(brand, [f"mail:{came.mail}"])
        return
    order = Order(
        brand=brand,
        source="native",
        source_order_id=came.name,
        placed_at=came.at,
        value=VALUE,
        customer=Customer(),
        jobs=(Job(source_item_id="1", sku="BOOK", quantity=1),),
    )
    stored = StoredOrder(
        id=f"{brand}-{came.name}", order=order, customer_key=came.key, received_at=NOW, needed_by=NOW
    )
    keys = tx.customers.members(brand, came.key)
    touched = whom_it_touches(tx, brand, keys, came.claim)
    tx.orders.add(stored, content="")
    if touched is not None:
        recognise(tx, brand, came.key, came.claim)


def who_is_who(store: Store, orders: Sequence[Came]) -> dict[str, tuple[str, ...]]:
    """Each key of the orders, with all keys of the same customer, after the orders came in this order."""
    brand = f"b{next(BRANDS)}"
    with store.transaction() as tx:
        for came in orders:
            take(tx, brand, came)
        return {came.key: tx.customers.members(brand, came.key) for came in orders}


def by_definition(orders: Sequence[Came]) -> dict[str, tuple[str, ...]]:
    """An address that is known by itself leads to the id that said it first, if few ids say it."""
    own = {came.key for came in orders}
    groups = {key: {key} for key in own}
    for mail in {came.mail for came in orders if came.mail and not came.id}:
        said = sorted((came.at, came.key) for came in orders if came.mail == mail and came.id)
        if said and len({key for _, key in said}) <= MOST_SHARE:
            groups[said[0][1]].add(f"mail:{mail}")
    return {key: _largest(key, groups) for key in own}


def _largest(key: str, groups: dict[str, set[str]]) -> tuple[str, ...]:
    return max((tuple(sorted(group)) for group in groups.values() if key in group), key=len)


few_ids, few_mails = st.sampled_from(["", "a", "b"]), st.sampled_from(["", "x", "y"])


@st.composite
def orders_in_two_orders(draw: st.DrawFn) -> tuple[list[Came], list[Came]]:
    who = draw(
        st.lists(st.tuples(few_ids, few_mails).filter(any), min_size=2, max_size=7), label="who ordered"
    )
    orders = [Came(number, id_, mail) for number, (id_, mail) in enumerate(who)]
    ways = st.lists(st.booleans(), min_size=len(orders), max_size=len(orders))
    return tuple(  # type: ignore[return-value]
        [
            replace(came, imported=way)
            for came, way in zip(draw(st.permutations(orders)), draw(ways), strict=True)
        ]
        for _ in range(2)
    )


@settings(max_examples=60, deadline=None)
@given(orders_in_two_orders())
def test_any_order_of_arrival_knows_the_same_customers(
    store: Store, orders: tuple[list[Came], list[Came]]
) -> None:
    one, other = orders
    found = who_is_who(store, one)
    assert found == who_is_who(store, other)
    assert found == by_definition(one)


def test_an_address_that_too_many_say_is_nobodys_own(store: Store) -> None:
    few = [Came(n, id=f"c{n}", mail="counter") for n in range(MOST_SHARE)] + [Came(90, mail="counter")]
    assert who_is_who(store, few)["mail:counter"] == ("id:c0", "mail:counter")
    one_more = Came(50, id="one more", mail="counter")
    for orders in ([*few, one_more], [one_more, *reversed(few)]):
        assert who_is_who(store, orders)["mail:counter"] == ("mail:counter",)


def test_a_customers_second_order_says_nothing_new(store: Store) -> None:
    brand = f"b{next(BRANDS)}"
    first, second = Came(1, id="a", mail="x"), Came(2, id="a", mail="x")
    with store.transaction() as tx:
        assert whom_it_touches(tx, brand, [first.key], first.claim) == frozenset()
        take(tx, brand, first)
        assert whom_it_touches(tx, brand, [first.key], second.claim) is None


def test_a_threshold_is_forgotten_from_when_both_had_ordered(store: Store) -> None:
    brand = f"b{next(BRANDS)}"
    with store.transaction() as tx:
        take(tx, brand, Came(1, mail="x", imported=True))
        take(tx, brand, Came(5, id="a", imported=True))
        groups = [["mail:x"], ["id:a"]]
        assert tx.mail_claims.together_since(brand, groups) == Came(5).at
        assert tx.mail_claims.together_since(brand, [["mail:x"], ["id:nobody"]]) is None
