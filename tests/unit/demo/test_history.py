from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from app.demo.history import CAST_SIZE, DemoOrder, Writer, write_history
from app.demo.morning import write_morning
from app.demo.people import Person
from app.domain.brand import Brand
from app.registry.brands import load_brands
from app.registry.places import BRANDS

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)
DAYS = [NOON, datetime(2027, 1, 1, 6, tzinfo=UTC), datetime(2028, 2, 29, 23, 59, tzinfo=UTC)]
BUILT_IN = load_brands(BRANDS)


@pytest.fixture(params=sorted(BUILT_IN))
def brand(request: pytest.FixtureRequest) -> Brand:
    return BUILT_IN[request.param]


def write(
    brand: Brand, now: datetime = NOON
) -> tuple[list[DemoOrder], dict[str, list[Person]], list[DemoOrder]]:
    writer = Writer(brand, now, 23)
    past, cast = write_history(writer)
    return past, cast, write_morning(writer, cast)


def test_the_same_day_writes_the_same_plant(brand: Brand) -> None:
    assert write(brand) == write(brand)


def test_both_brands_together_have_at_least_two_thousand_past_orders() -> None:
    assert sum(len(write(brand)[0]) for brand in BUILT_IN.values()) >= 2_000


@pytest.mark.parametrize("now", DAYS, ids=str)
def test_history_spans_three_years_and_ends_before_this_morning(brand: Brand, now: datetime) -> None:
    past, _, _ = write(brand, now)
    assert now - past[0].placed_at > timedelta(days=2.9 * 365)
    assert all(order.placed_at < now for order in past)
    assert all(order.delivered_at is None or order.delivered_at < now for order in past)


def test_a_morning_is_twenty_orders_with_numbers_of_their_own(brand: Brand) -> None:
    past, _, morning = write(brand)
    assert len(morning) == sum(CAST_SIZE.values()) == 20
    assert max(Counter(order.number for order in past + morning).values()) == 1


@pytest.mark.parametrize("now", DAYS, ids=str)
def test_the_high_value_customer_has_22_orders_in_the_brands_own_year(brand: Brand, now: datetime) -> None:
    past, cast, _ = write(brand, now)
    (person,) = cast["high_value_nth"]
    years = {o.placed_at.astimezone(brand.time_zone).year for o in past if o.person == person}
    assert years == {now.astimezone(brand.time_zone).year}
    assert sum(order.person == person for order in past) == 22


def test_who_comes_back_was_away_for_over_a_year(brand: Brand) -> None:
    past, cast, _ = write(brand)
    for person in cast["win_back"]:
        last = max(order.placed_at for order in past if order.person == person)
        assert last < NOON - timedelta(days=366)


def test_one_gift_one_supplied_insert_and_one_guest_a_brand(brand: Brand) -> None:
    _, _, morning = write(brand)
    assert sum(order.gift_to is not None for order in morning) == 1
    assert sum(order.supplied_insert for order in morning) == 1
    assert sum(order.person is None for order in morning) == 1
