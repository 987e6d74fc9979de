from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.customer import Customer
from app.domain.event import CustomerEvent, CustomerEventType
from app.domain.money import Money
from app.domain.order import Job, Order
from app.errors import NotFound
from app.registry.brands import load_brands
from app.registry.cards import load_cards
from app.services.brands_in_force import BrandsInForce
from app.services.rules_in_force import RulesInForce
from app.services.tag_order import TagOrder
from app.store.database import Transaction
from app.store.tables import CustomerRow, InsertRow
from tests.ledger import OCCASIONS, ledger, record
from tests.naive import Purchase
from tests.stored import put_order

DATA = Path(__file__).parents[2] / "data"
CARDS = load_cards(DATA / "cards")
BRANDS = load_brands(DATA / "brands")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ORDER = Order(
    brand="acorn",
    source="native",
    source_order_id="now",
    placed_at=NOON,
    value=Money(4200, "EUR"),
    customer=Customer(id="7", given_name="Amira"),
    jobs=(Job(source_item_id="1", sku="CAL-A3", category="calendars"),),
)


@pytest.fixture
def tx() -> Iterator[Transaction]:
    with ledger() as open_transaction:
        yield open_transaction


def tagger(**changes: Any) -> TagOrder:
    brands = {"acorn": replace(BRANDS["acorn"], policy=replace(BRANDS["acorn"].policy, **changes))}
    rules = RulesInForce(OCCASIONS)
    return TagOrder(
        brands=BrandsInForce(brands), templates=CARDS, occasions=OCCASIONS, rules=rules, chance=b"chance"
    )


def before(days: float, name: str = "before", **fields: Any) -> Purchase:
    return Purchase(id=name, customer=fields.pop("customer", "id:7"), at=NOON - days * DAY, **fields)


def held(tx: Transaction, order: Order = ORDER, key: str | None = "id:7", **policy: Any) -> set[str]:
    return {match.occasion for match in tagger(**policy)(tx, order, customer_key=key).matches}


def test_a_first_order_gets_its_card(tx: Transaction) -> None:
    facts, matches, decision = tagger()(tx, ORDER, customer_key="id:7")
    assert facts.n_prior == 0
    assert [match.occasion for match in matches] == ["first"]
    assert decision.has_card


def test_the_order_itself_is_never_its_own_past(tx: Transaction) -> None:
    record(tx, "acorn", [before(0, "now")])
    assert held(tx) == {"first"}


def test_a_guest_has_no_history_based_occasion(tx: Transaction) -> None:
    record(tx, "acorn", [before(400, customer=None)])
    tagged = tagger()(tx, ORDER, customer_key=None)
    assert tagged.matches == ()
    assert tagged.decision.reason.startswith("a guest")


def test_brands_do_not_know_each_others_customers(tx: Transaction) -> None:
    record(tx, "oak", [before(10)])
    assert held(tx) == {"first"}


def test_a_reprint_never_is_a_second_first_order(tx: Transaction) -> None:
    assert held(tx, replace(ORDER, value=Money(0, "EUR"))) == set()


def test_an_erased_customers_key_still_counts(tx: Transaction) -> None:
    record(tx, "acorn", [before(10)])
    tx.session.add(CustomerRow(brand="acorn", key="id:7", given_name="", display_name=""))
    assert "first_repeat" in held(tx)


def test_imported_orders_are_history_on_the_first_day(tx: Transaction) -> None:
    record(tx, "acorn", [before(400)])
    assert {"win_back", "first_repeat"} <= held(tx)


def test_merge_and_unmerge(tx: Transaction) -> None:
    record(tx, "acorn", [before(10, customer="mail:x")])
    row = CustomerRow(brand="acorn", key="mail:x", canonical_key="id:7")
    tx.session.add(row)
    assert "first_repeat" in held(tx)
    row.canonical_key = None
    assert held(tx) == {"first"}


def test_a_circle_of_merges_is_one_customer_and_ends(tx: Transaction) -> None:
    record(tx, "acorn", [before(10, customer="mail:x")])
    tx.session.add(CustomerRow(brand="acorn", key="mail:x", canonical_key="id:7"))
    tx.session.add(CustomerRow(brand="acorn", key="id:7", canonical_key="mail:x"))
    assert "first_repeat" in held(tx)


def test_an_opt_out_under_any_merged_key_holds(tx: Transaction) -> None:
    tx.session.add(CustomerRow(brand="acorn", key="mail:x", canonical_key="id:7"))
    out = CustomerEvent(type=CustomerEventType.OPTED_OUT, at=ORDER.placed_at, source_event_id="1")
    tx.customers.record("acorn", "mail:x", [out], received_at=ORDER.placed_at)
    assert tagger()(tx, ORDER, customer_key="id:7").decision.reason == "the customer asked for no cards"


def test_money_in_another_currency_counts_as_an_order_but_not_as_spend(tx: Transaction) -> None:
    record(tx, "acorn", [before(10, value=9000, currency="USD"), before(9, "more", value=100)])
    facts = tagger()(tx, ORDER, customer_key="id:7").facts
    assert (facts.n_prior, facts.spend_365) == (2, 100)


def test_a_backfilled_order_changes_what_comes_later_and_drops_the_threshold(tx: Transaction) -> None:
    tag, policy = tagger(smallest_population=1), {"smallest_population": 1}
    assert tag(tx, ORDER, customer_key="id:7").facts.threshold.population == 0
    late = replace(ORDER, source_order_id="late", placed_at=NOON - DAY)
    record(tx, "acorn", [before(1, "late")])
    tag(tx, late, customer_key="id:7")
    again = tagger(**policy)(tx, replace(ORDER, source_order_id="then"), customer_key="id:8")
    assert (again.facts.threshold.population, again.facts.threshold.minor) == (1, 1000)


@pytest.mark.parametrize(("population", "least"), [(49, None), (50, 1000)])
def test_no_threshold_while_fewer_than_fifty_customers(
    tx: Transaction, population: int, least: int | None
) -> None:
    record(tx, "acorn", [before(5, f"{n}", customer=f"id:{n}") for n in range(population)])
    threshold = tagger()(tx, ORDER, customer_key="id:x").facts.threshold
    assert (threshold.population, threshold.minor) == (population, least)


@pytest.mark.parametrize(("nth", "holds"), [(22, False), (23, True), (24, False)])
def test_only_the_milestone_itself(tx: Transaction, nth: int, holds: bool) -> None:  # noqa: FBT001 -- an expectation
    record(tx, "acorn", [before(n + 1, f"{n}") for n in range(nth - 1)])
    year = replace(ORDER, placed_at=NOON)
    assert ("high_value_nth" in held(tx, year, smallest_population=1)) == holds


def test_the_23rd_after_a_cancellation_is_the_24th_that_was_placed(tx: Transaction) -> None:
    orders = [before(n + 1, f"{n}") for n in range(23)]
    record(tx, "acorn", [replace(orders[0], cancelled=orders[0].at + DAY / 24), *orders[1:]])
    assert "high_value_nth" in held(tx, smallest_population=1)


@pytest.mark.parametrize(("spent", "holds"), [(999, False), (1000, True), (1001, True)])
def test_spend_exactly_at_the_threshold(tx: Transaction, spent: int, holds: bool) -> None:  # noqa: FBT001 -- an expectation
    others = [before(5, f"o{n}", customer=f"id:o{n}") for n in range(20)]
    record(tx, "acorn", [before(5, value=spent), *others])
    assert ("high_value_nth" in held(tx, milestones=(2,), smallest_population=1)) == holds


def test_the_card_before_is_remembered_by_customer(tx: Transaction) -> None:
    put_order(tx, "O1", "J1", brand="acorn")
    card = InsertRow(
        job_id="J1",
        order_id="O1",
        brand="acorn",
        customer_key="id:7",
        state="accepted",
        occasion="after_delay",
        template="plain",
        variant="after-delay-plain",
        language="en",
        planned_at=NOON - 20 * DAY,
        needed_by=NOON,
    )
    tx.session.add(card)
    record(tx, "acorn", [before(10, promised=NOON - 8 * DAY)])
    assert "a person should write" in tagger()(tx, ORDER, customer_key="id:7").decision.reason
    card.state = "failed"
    assert tagger()(tx, ORDER, customer_key="id:7").decision.has_card


DELAYS: Mapping[str, tuple[dict[str, Any], bool]] = {
    "late": ({"promised": NOON - 5 * DAY, "delivered": NOON - 4 * DAY}, True),
    "undelivered past its promise": ({"promised": NOON - DAY}, True),
    "not yet due": ({"promised": NOON + DAY}, False),
    "delivered late, but after this order": ({"promised": NOON - DAY, "delivered": NOON + DAY}, True),
    "delivered in time, after this order": ({"promised": NOON + 2 * DAY, "delivered": NOON + DAY}, False),
    "no promise": ({"delivered": NOON - DAY}, False),
    "late, but cancelled": ({"promised": NOON - 5 * DAY, "cancelled": NOON - 4 * DAY}, False),
    "shipped in time, no word of delivery": ({"promised": NOON - DAY, "shipped": NOON - 2 * DAY}, False),
}


@pytest.mark.parametrize(("fields", "late"), DELAYS.values(), ids=DELAYS)
def test_the_order_before(tx: Transaction, fields: dict[str, Any], late: bool) -> None:  # noqa: FBT001 -- an expectation
    record(tx, "acorn", [before(10, **fields)])
    assert ("after_delay" in held(tx)) == late


def test_only_the_last_order_counts_for_a_delay(tx: Transaction) -> None:
    record(tx, "acorn", [before(20, "late", promised=NOON - 15 * DAY), before(10, "fine")])
    assert "after_delay" not in held(tx)


CATEGORIES: Mapping[str, tuple[set[str], bool]] = {
    "had before": ({"calendars"}, False),
    "had something else": ({"books"}, True),
    "had both": ({"books", "calendars"}, False),
}


@pytest.mark.parametrize(("had", "new"), CATEGORIES.values(), ids=CATEGORIES)
def test_new_categories(tx: Transaction, had: set[str], new: bool) -> None:  # noqa: FBT001 -- an expectation
    record(tx, "acorn", [before(10, categories=frozenset(had))])
    assert ("new_category" in held(tx)) == new


def test_a_category_seen_only_in_a_cancelled_order_is_new(tx: Transaction) -> None:
    cancelled = before(10, "x", categories=frozenset({"calendars"}), cancelled=NOON - 9 * DAY)
    record(tx, "acorn", [cancelled, before(20, categories=frozenset({"books"}))])
    assert "new_category" in held(tx)


def test_unknown_categories_are_never_new(tx: Transaction) -> None:
    record(tx, "acorn", [before(10)])
    assert "new_category" not in held(tx, replace(ORDER, jobs=(Job(source_item_id="1", sku="?"),)))


def test_an_unknown_brand_is_named(tx: Transaction) -> None:
    with pytest.raises(NotFound, match="oak"):
        tagger()(tx, replace(ORDER, brand="oak"), customer_key=None)
