from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from app.domain.fact_words import Locale
from app.domain.facts import Facts, PreviousOrder
from app.domain.rule_occasion import SLOTS, RuleOccasion
from tests.custom_rules import rule

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LOCALE = Locale("en", "EUR", ZoneInfo("Europe/Berlin"))
THIRD = Facts(
    at=AT,
    currency="EUR",
    known_customer=True,
    eligible=True,
    history_complete=True,
    n_prior=2,
    nth_this_year=1,
    previous=PreviousOrder(placed_at=AT - timedelta(days=800)),
    new_categories=frozenset({"mugs", "books"}),
)


def test_a_match_says_why_and_fills_the_slots() -> None:
    match = RuleOccasion(rule(), LOCALE).match(THIRD)
    assert match is not None
    assert match.occasion == "rule:third-order"
    assert match.reason == "Third order: 2 orders before this one ✓"
    assert match.slots == {
        "n_orders": 3,
        "nth_year": 1,
        "category": "books",
        "days_since_last": 800,
        "months_since_last": 26,
        "years_since_last": 2,
    }
    assert match.slots.keys() <= SLOTS


def test_another_order_a_guest_and_one_that_does_not_count_have_none() -> None:
    occasion = RuleOccasion(rule(), LOCALE)
    assert occasion.match(replace(THIRD, n_prior=1)) is None
    assert occasion.match(replace(THIRD, known_customer=False)) is None
    assert occasion.match(replace(THIRD, eligible=False)) is None


def test_a_rule_may_ask_for_orders_that_do_not_count() -> None:
    asks = rule(when={"fact": "eligible", "op": "=", "value": False})
    assert RuleOccasion(asks, LOCALE).match(replace(THIRD, eligible=False)) is not None


def test_outside_its_dates_a_rule_holds_for_nobody() -> None:
    ended = RuleOccasion(rule(until="2026-03-02T09:30:00Z"), LOCALE)
    begun = RuleOccasion(rule(since="2026-03-02T09:30:00Z"), LOCALE)
    assert ended.match(THIRD) is None
    assert begun.match(THIRD) is not None


def test_a_rule_over_the_whole_past_needs_a_complete_history() -> None:
    country = rule(when={"fact": "country", "op": "=", "value": "DE"})
    assert RuleOccasion(rule(), LOCALE).needs_complete_history
    assert not RuleOccasion(country, LOCALE).needs_complete_history
