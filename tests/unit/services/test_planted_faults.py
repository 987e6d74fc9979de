"""Faults planted on purpose: the comparison with the naive reference must notice each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from app.domain import calendar
from app.domain.facts import Facts
from app.domain.occasion import Match, Occasion
from app.services import learn_facts
from app.store import history, spend_window
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
    sql = history._PAST_OF_ONE._sql
    assert right in sql
    monkeypatch.setattr(history, "_PAST_OF_ONE", Statement(sql.replace(right, wrong)))
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
RULE_FAULTS: dict[str, tuple[str, Callable[[Facts], Facts]]] = {
    "a year is over a year": ("win_back", lambda facts: replace(facts, at=facts.at + INSTANT)),
    "more than the threshold": (
        "high_value_nth",
        lambda facts: replace(facts, spend_365=facts.spend_365 - 1),
    ),
    "on the promise is late": ("after_delay", lambda facts: _promised_earlier(facts, INSTANT)),
    "a first order is all new": ("new_category", lambda facts: replace(facts, n_prior=facts.n_prior + 1)),
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
