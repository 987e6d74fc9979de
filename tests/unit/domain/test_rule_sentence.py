from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.domain.fact_catalogue import FACTS, FactType
from app.domain.fact_words import WORDS, Locale
from app.domain.facts import Facts, PreviousOrder, Threshold
from app.domain.rule import Node
from app.domain.rule_reading import TreeReader
from app.domain.rule_sentence import Verdict, explain, sentence, verdicts

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
BRITISH = Locale("en", "GBP", ZoneInfo("Europe/London"))
GERMAN = Locale("de", "EUR", ZoneInfo("Europe/Berlin"))
FACTS_NOW = Facts(
    at=AT,
    currency="GBP",
    known_customer=True,
    eligible=True,
    history_complete=True,
    n_prior=40,
    nth_this_year=23,
    spend_365=534_100,
    threshold=Threshold(minor=122_565, population=812),
    previous=PreviousOrder(placed_at=AT - timedelta(days=1)),
    categories=frozenset({"mug", "print"}),
    customer_since=date(2020, 2, 29),
    country="DE",
)
HIGH_VALUE = {
    "all": [
        {"fact": "nth_this_year", "op": "=", "value": 23},
        {"fact": "spend_365", "op": ">=", "value": {"fact": "high_value_from"}},
    ]
}

SENTENCE = "23rd order this year, and at least “what the best customers spend” spent in 365 days"


def tree(document: dict[str, Any]) -> Node:
    node = TreeReader().read(document)
    assert node is not None
    return node


def said(fact: str, op: str, value: Any, locale: Locale = BRITISH) -> str:
    return explain(tree({"fact": fact, "op": op, "value": value}), FACTS_NOW, locale)


def test_the_high_value_sentence() -> None:
    expected = "23rd order this year ✓; £5,341.00 spent in 365 days ≥ £1,225.65 ✓"
    assert explain(tree(HIGH_VALUE), FACTS_NOW, BRITISH) == expected


def test_in_another_locale() -> None:
    expected = "23. order this year ✓; 5.341,00 € spent in 365 days ≥ 1.225,65 € ✓"
    assert explain(tree(HIGH_VALUE), FACTS_NOW, GERMAN).replace("\xa0", " ") == expected


@pytest.mark.parametrize(
    ("fact", "op", "value", "expected"),
    [
        ("nth_this_year", "=", 22, "23rd order this year = 22nd ✗"),
        ("country", "=", "AT", "going to DE = AT ✗"),
        ("country", "in", ["AT", "DE"], "going to DE (one of AT, DE) ✓"),
        ("categories", "has", "mug", "mug, print in this order (asked for mug) ✓"),
        ("gift", "=", True, "no gift ✗"),
        ("gift", "!=", True, "no gift ✓"),
        ("birthday", "=", "02-29", "birthday unknown ?"),
        ("days_since_last", "<", 2, "1 day since the previous order < 2 days ✓"),
        ("customer_since", "<", "2021-01-01", "a customer since Feb 29, 2020 < Jan 1, 2021 ✓"),
        ("placed_at", ">", "2026-03-02T00:00:00Z", "placed Mar 2, 2026, 09:30 > Mar 2, 2026, 00:00 ✓"),
        ("value", ">", {"fact": "spend_365"}, "value of this order unknown ?"),
    ],
)
def test_each_kind_of_condition(fact: str, op: str, value: Any, expected: str) -> None:
    assert said(fact, op, value) == expected


def test_a_missing_other_side_is_said() -> None:
    few = replace(FACTS_NOW, threshold=Threshold(minor=None, population=3))
    found = verdicts(tree(HIGH_VALUE), few, BRITISH)
    assert [one.verdict for one in found] == [Verdict.HOLDS, Verdict.UNKNOWN]
    assert "what the best customers spend unknown" in found[1].text


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (HIGH_VALUE, SENTENCE),
        (
            {"any": [{"fact": "gift", "op": "=", "value": True}, {"not": HIGH_VALUE}]},
            f"A gift, or not ({SENTENCE})",
        ),
        ({"fact": "nth_ever", "op": ">=", "value": 10}, "10th or a later order ever"),
        (
            {"fact": "country", "op": "not_in", "value": ["DE", "AT", "CH"]},
            "Going to other than DE, AT or CH",
        ),
        ({"fact": "categories", "op": "has_all", "value": ["mug", "print"]}, "Mug and print in this order"),
        ({"fact": "customer_since", "op": "<", "value": "2020-01-01"}, "A customer since before Jan 1, 2020"),
        ({"fact": "spend_365", "op": ">", "value": 122_565}, "More than £1,225.65 spent in 365 days"),
        ({"fact": "known_customer", "op": "=", "value": False}, "A guest"),
        ({"all": [{"any": [HIGH_VALUE["all"][0]]}]}, "23rd order this year"),
    ],
)
def test_the_sentence_of_a_rule(document: dict[str, Any], expected: str) -> None:
    assert sentence(tree(document), BRITISH) == expected


def test_every_fact_has_words() -> None:
    assert WORDS.keys() == FACTS.keys()
    for name, words in WORDS.items():
        is_flag = FACTS[name].type is FactType.FLAG
        assert bool(words.denied) == is_flag, name
        assert ("{}" in words.said) != is_flag, name
        assert not words.ordinal or FACTS[name].unit == "orders"
