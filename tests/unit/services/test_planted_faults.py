"""Faults planted on purpose: the comparison with the naive reference must notice each."""

from __future__ import annotations

import sys
from calendar import isleap
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.domain import calendar, derive
from app.domain.facts import Facts
from app.domain.occasion import Match, Occasion
from app.domain.story import GLAD
from app.registry.seasons import next_season
from app.services import learn_facts
from app.store import history, spend_window
from app.store.customers import CustomerRepository
from app.store.order_events import OrderEventRepository
from app.store.sql import Statement
from tests import ledger, naive
from tests.shop import ORDERS, REFUNDS, RULES

EXPECTED = naive.tags(ORDERS, REFUNDS, RULES)


def differences() -> set[str]:
    tagged = ledger.tag_all(ORDERS, REFUNDS, RULES)
    return {name for name in EXPECTED if tagged[name] != EXPECTED[name]}


def test_without_a_fault_nothing_differs() -> None:
    assert differences() == set()


PAST_FAULTS = [
    ("(placed_at, source_order_id) < (", "(placed_at, source_order_id) <= ("),
    ("(placed_at, source_order_id) < (:at, :source_order_id)", "placed_at < :at"),
    ("(cancelled_at IS NULL OR cancelled_at > :at)", "true"),
    ("(cancelled_at IS NULL OR cancelled_at > :at)", "cancelled_at IS NULL"),
    ("cancelled_at > :at", "cancelled_at >= :at"),
    ("placed_at >= :new_year", "placed_at > :new_year"),
    ("placed_at >= :year_ago", "placed_at > :year_ago"),
    ("AND at >= :year_ago", "AND at > :year_ago"),
    ("AND at >= :year_ago", ""),
    ("AND at < :at", "AND at <= :at"),
    ("ORDER BY placed_at DESC", "ORDER BY placed_at"),
    ("min(placed_at)", "max(placed_at)"),
]
WINDOW_FAULTS = [
    ("_CAME", "placed_at < :until", "placed_at <= :until"),
    ("_CAME", "placed_at >= :since", "placed_at > :since"),
    ("_CAME", "(cancelled_at IS NULL OR +cancelled_at > :as_of)", "true"),
    ("_CAME", "(cancelled_at IS NULL OR +cancelled_at > :as_of)", "cancelled_at IS NULL"),
    ("_CAME", "+cancelled_at > :as_of", "+cancelled_at >= :as_of"),
    ("_WERE_CANCELLED", "cancelled_at <= :as_of", "cancelled_at < 0"),
    ("_CREDITS", "at >= :since AND", ""),
    ("_CREDITS", "sum(value_minor)", "-sum(value_minor)"),
]


@pytest.mark.parametrize(("right", "wrong"), PAST_FAULTS)
def test_a_fault_planted_in_the_past_is_noticed(
    right: str, wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = 0
    for name in ("_SUMS_OF_ONE", "_LAST_OF_ONE"):
        sql = getattr(history, name)._sql
        found += sql.count(right)
        monkeypatch.setattr(history, name, Statement(sql.replace(right, wrong)))
    assert found
    assert differences()


@pytest.mark.parametrize(("name", "right", "wrong"), WINDOW_FAULTS)
def test_a_fault_planted_in_the_threshold_is_noticed(
    name: str, right: str, wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sql = getattr(spend_window, name)._sql
    assert right in sql
    monkeypatch.setattr(spend_window, name, Statement(sql.replace(right, wrong)))
    assert differences()


@pytest.mark.parametrize("function", ["year_start", "day_start"])
def test_utc_for_the_brands_zone_is_noticed(function: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right = getattr(calendar, function)
    monkeypatch.setattr(learn_facts, function, lambda at, _zone: right(at, ZoneInfo("UTC")))
    assert differences()


INSTANT = timedelta(microseconds=1)


def _settled(facts: Facts) -> Facts:
    before = facts.previous
    if before is None:
        return facts
    return replace(facts, previous=replace(before, complaint_closed_at=before.complaint_opened_at))


RULE_FAULTS: dict[str, tuple[str, Callable[[Facts], Facts]]] = {
    "a year is over a year": ("win_back", lambda facts: replace(facts, at=facts.at + INSTANT)),
    "more than the threshold": (
        "high_value_nth",
        lambda facts: replace(facts, spend_365=facts.spend_365 - 1),
    ),
    "on the promise is late": ("after_delay", lambda facts: _promised_earlier(facts, INSTANT)),
    "a first order is all new": ("new_category", lambda facts: replace(facts, n_prior=facts.n_prior + 1)),
    "the order at hand is not counted": (
        "milestone",
        lambda facts: replace(facts, n_prior=facts.nth_ever - 2),
    ),
    "on its own promise is late": (
        "running_late",
        lambda facts: replace(facts, received_at=(facts.received_at or facts.at) + INSTANT),
    ),
    "an open complaint is settled": ("after_complaint", _settled),
    "every order is a gift": ("gift", lambda facts: replace(facts, gift=True)),
    "an anniversary is kept a day early": ("customer_anniversary", lambda facts: replace(facts, lead_days=1)),
    "a birthday is kept a day early": ("birthday", lambda facts: replace(facts, lead_days=1)),
}


def _promised_earlier(facts: Facts, by: timedelta) -> Facts:
    before = facts.previous
    if before is None or before.promised_at is None:
        return facts
    return replace(facts, previous=replace(before, promised_at=before.promised_at - by))


@dataclass(frozen=True)
class Faulty:
    right: Occasion
    seen: Callable[[Facts], Facts]

    def match(self, facts: Facts) -> Match | None:
        return self.right.match(self.seen(facts))


@pytest.mark.parametrize(("code", "seen"), RULE_FAULTS.values(), ids=RULE_FAULTS)
def test_a_fault_planted_in_a_rule_is_noticed(
    code: str, seen: Callable[[Facts], Facts], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "OCCASIONS", {**ledger.OCCASIONS, code: Faulty(ledger.OCCASIONS[code], seen)})
    assert differences()


def test_29_february_on_1_march_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    right = calendar.kept_in

    def kept_in(month: int, day: int, year: int) -> date:
        leaps = isleap(year) or (month, day) != (2, 29)
        return right(month, day, year) if leaps else date(year, 3, 1)

    monkeypatch.setattr(calendar, "kept_in", kept_in)
    assert differences()


def test_utc_for_the_brands_day_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(derive, "_day", lambda at, _zone: at.astimezone(UTC).date())
    assert differences()


def test_a_season_a_day_too_early_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "app.services.learn_facts.next_season"
    monkeypatch.setattr(name, lambda country, day, ahead: next_season(country, day, ahead + 1))
    assert differences()


def test_a_day_of_grief_celebrated_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    occasion = ledger.OCCASIONS["story_anniversary"]
    monkeypatch.setattr(sys.modules[type(occasion).__module__], "GLAD", GLAD | {"farewell"})
    assert differences()


@pytest.mark.parametrize(
    ("repository", "method"), [(OrderEventRepository, "state"), (CustomerRepository, "standing")]
)
def test_the_future_known_too_early_is_noticed(
    repository: type, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = getattr(repository, method)

    def all_knowing(self: object, brand: str, name: str, *, at: datetime) -> object:  # noqa: ARG001 -- the fault
        return right(self, brand, name)

    monkeypatch.setattr(repository, method, all_knowing)
    assert differences()


def test_an_order_as_it_was_sent_rather_than_as_it_stood_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learn_facts, "_as_it_stood", lambda _tx, _brand, placed: placed)
    assert differences()
