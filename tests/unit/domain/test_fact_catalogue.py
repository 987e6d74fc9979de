from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app import occasions
from app.domain.fact_catalogue import FACTS, Fact, FactType, facts_told
from app.domain.facts import DatedStory, DayOfYear, Facts, PreviousOrder, Season, Threshold
from app.domain.occasion import Occasion
from app.registry.plugins import discover

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
FULL = Facts(
    at=AT,
    currency="EUR",
    known_customer=True,
    eligible=True,
    history_complete=True,
    n_prior=7,
    nth_this_year=3,
    spend_365=23_000,
    threshold=Threshold(minor=12_000, population=60),
    previous=PreviousOrder(
        placed_at=AT - 10 * DAY,
        promised_at=AT - 6 * DAY,
        delivered_at=AT - 4 * DAY,
        reprinted_at=AT - 3 * DAY,
        complaint_opened_at=AT - 2 * DAY,
    ),
    categories=frozenset({"mugs", "cards"}),
    new_categories=frozenset({"mugs"}),
    local_day=date(2026, 3, 2),
    customer_since=date(2023, 3, 3),
    birthday=DayOfYear(2, 29),
    stories=(DatedStory(on=date(2025, 3, 2), about="wedding"),),
    season=Season(code="easter", day=date(2026, 4, 5)),
    gift=True,
    open_complaint=True,
    value=4_590,
    quantity=25,
    channel="web",
    country="DE",
    promised_at=AT - 2 * DAY,
    received_at=AT + DAY,
)
TYPES = {
    FactType.NUMBER: int,
    FactType.MONEY: int,
    FactType.FLAG: bool,
    FactType.TEXT: str,
    FactType.CODES: frozenset,
    FactType.DATE: date,
    FactType.MOMENT: datetime,
}
SAYS_NOTHING_OF_ORDERS = {"given_name", "brand", "signer", "order_no", "story"}
each = pytest.mark.parametrize("fact", FACTS.values(), ids=FACTS)


@each
def test_a_fact_is_read_as_the_type_it_says(fact: Fact) -> None:
    assert type(fact.read(FULL)) is TYPES[fact.type]


@each
def test_only_numbers_have_a_unit(fact: Fact) -> None:
    assert bool(fact.unit) == (fact.type is FactType.NUMBER)


@each
def test_the_meaning_is_one_plain_phrase(fact: Fact) -> None:
    assert fact.meaning[0].islower()
    assert fact.meaning[-1].isalnum()
    assert "\n" not in fact.meaning


@each
def test_nothing_is_printed_that_a_customer_would_not_expect(fact: Fact) -> None:
    assert fact.expected or not fact.slots


def test_the_past_of_a_guest_is_unknown_rather_than_empty() -> None:
    guest = Facts(at=AT, currency="EUR", known_customer=False, eligible=True, history_complete=True)
    past = {name for name, fact in FACTS.items() if fact.read(guest) is None}
    assert {"n_prior", "nth_ever", "nth_this_year", "spend_365", "new_categories", "open_complaint"} <= past
    assert {"placed_at", "eligible", "known_customer", "categories", "gift"}.isdisjoint(past)


def test_money_is_never_printed() -> None:
    assert not [fact.name for fact in FACTS.values() if fact.type is FactType.MONEY and fact.slots]


def test_values() -> None:
    values = {name: fact.read(FULL) for name, fact in FACTS.items()}
    assert values["nth_ever"] == 8
    assert values["high_value_from"] == 12_000
    assert values["years_a_customer"] == 2  # a day short of three
    assert values["birthday"] == "02-29"
    assert values["days_since_last"] == 10
    assert values["days_late"] == 3
    assert values["previous_days_late"] == 2
    assert values["previous_reprinted"] is True
    assert values["stories"] == frozenset({"wedding"})


def test_an_order_in_time_is_not_late_by_zero_days() -> None:
    assert FACTS["days_late"].read(replace(FULL, received_at=AT - 2 * DAY)) is None


def test_one_fact_in_three_units_is_one_fact() -> None:
    assert facts_told({"days_since_last", "years_since_last", "given_name"}) == {"days_since_last"}
    assert facts_told({"n_orders", "nth_year"}) == {"nth_ever", "nth_this_year"}
    assert facts_told(SAYS_NOTHING_OF_ORDERS) == frozenset()


def test_every_slot_of_every_occasion_tells_a_fact_of_the_catalogue() -> None:
    plugins: dict[str, Occasion] = discover(occasions)
    slots = {slot for plugin in plugins.values() for slot in plugin.slots}
    told = {slot for fact in FACTS.values() for slot in fact.slots}
    assert slots <= told
