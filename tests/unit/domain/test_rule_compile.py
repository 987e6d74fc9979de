from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.fact_catalogue import FACTS
from app.domain.facts import Facts, PreviousOrder, Threshold
from app.domain.rule import AllOf, AnyOf, Condition, Node, Not, Op
from app.domain.rule_compile import compile_tree
from app.domain.rule_reading import TreeReader

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
KNOWN = Facts(
    at=AT,
    currency="GBP",
    known_customer=True,
    eligible=True,
    history_complete=True,
    n_prior=22,
    nth_this_year=23,
    spend_365=534_100,
    threshold=Threshold(minor=122_565, population=812),
    previous=PreviousOrder(placed_at=AT - timedelta(days=9)),
    categories=frozenset({"mug", "print"}),
    local_day=date(2026, 3, 2),
    country="DE",
)
GUEST = Facts(at=AT, currency="GBP", known_customer=False, eligible=True, history_complete=True)


def says(document: dict[str, Any], facts: Facts = KNOWN) -> bool | None:
    node = TreeReader().read(document)
    assert node is not None
    return compile_tree(node)(facts)


def leaf(fact: str, op: str, value: Any) -> dict[str, Any]:
    return {"fact": fact, "op": op, "value": value}


HOLDS = leaf("n_prior", "=", 22)
FAILS = leaf("n_prior", "=", 1)
MISSING = leaf("birthday", "=", "02-29")


@pytest.mark.parametrize(
    ("fact", "op", "value", "holds"),
    [
        ("n_prior", "=", 22, True), ("n_prior", "!=", 22, False), ("n_prior", "<", 22, False),
        ("n_prior", "<=", 22, True), ("n_prior", ">", 22, False), ("n_prior", ">=", 22, True),
        ("n_prior", "in", [21, 22], True), ("n_prior", "not_in", [21, 22], False),
        ("gift", "=", False, True), ("country", "!=", "AT", True), ("country", "in", ["AT"], False),
        ("categories", "has", "mug", True), ("categories", "has", "cup", False),
        ("categories", "has_any", ["cup", "mug"], True), ("categories", "has_any", ["cup"], False),
        ("categories", "has_all", ["print", "mug"], True), ("categories", "has_all", ["print", "cup"], False),
        ("local_day", "=", "2026-03-02", True), ("local_day", "<", "2026-03-02", False),
        ("placed_at", ">=", "2026-03-02T10:30:00+01:00", True),
        ("spend_365", ">=", {"fact": "high_value_from"}, True),
        ("spend_365", "<", {"fact": "high_value_from"}, False),
        ("categories", "has_any", {"fact": "new_categories"}, False),
    ],
)  # fmt: skip
def test_each_operator(fact: str, op: str, value: Any, *, holds: bool) -> None:
    assert says(leaf(fact, op, value)) is holds


def test_exactly_at_the_threshold_is_at_least_it() -> None:
    exact = replace(KNOWN, spend_365=122_565)
    assert says(leaf("spend_365", ">=", {"fact": "high_value_from"}), exact) is True
    assert says(leaf("spend_365", ">", {"fact": "high_value_from"}), exact) is False


def test_a_missing_fact_under_not_is_no_match() -> None:
    assert says(MISSING) is None
    assert says({"not": MISSING}) is None
    assert says({"not": {"not": MISSING}}) is None
    assert says({"not": {"all": [HOLDS, MISSING]}}) is None
    assert says({"not": {"any": [FAILS, MISSING]}}) is None
    assert says({"not": leaf("n_prior", ">", 5)}, GUEST) is None


def test_what_is_decided_without_the_missing_fact_stays_decided() -> None:
    assert says({"all": [MISSING, FAILS]}) is False
    assert says({"any": [MISSING, HOLDS]}) is True
    assert says({"all": [HOLDS, MISSING]}) is None
    assert says({"any": [FAILS, MISSING]}) is None
    assert says({"not": {"all": [MISSING, FAILS]}}) is True


def test_a_comparison_with_a_missing_fact_is_open() -> None:
    few = replace(KNOWN, threshold=Threshold(minor=None, population=49))
    assert says(leaf("spend_365", ">=", {"fact": "high_value_from"}), few) is None
    assert says({"not": leaf("spend_365", ">=", {"fact": "high_value_from"})}, few) is None


def naive(node: Node, facts: Facts) -> bool | None:
    """Kleene's tables, written out."""
    match node:
        case Condition(fact, op, wanted):
            value = fact.read(facts)
            return None if value is None else _PLAIN[op](value, wanted)
        case Not(part):
            return {True: False, False: True, None: None}[naive(part, facts)]
        case AllOf(parts):
            said = [naive(part, facts) for part in parts]
            return False if False in said else None if None in said else True
        case AnyOf(parts):
            said = [naive(part, facts) for part in parts]
            return True if True in said else None if None in said else False


_PLAIN: dict[Op, Callable[[Any, Any], bool]] = {
    Op.IS: lambda a, b: a == b,
    Op.AT_LEAST: lambda a, b: a >= b,
    Op.BELOW: lambda a, b: a < b,
}
some_leaves = st.builds(
    Condition,
    st.sampled_from(
        [FACTS["n_prior"], FACTS["quantity"], FACTS["days_since_last"], FACTS["years_a_customer"]]
    ),
    st.sampled_from(list(_PLAIN)),
    st.sampled_from([0, 9, 22]),
)
some_trees = st.recursive(
    some_leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: AllOf(tuple(parts))),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
        inner.map(Not),
    ),
)


@given(some_trees, st.sampled_from([KNOWN, GUEST, replace(KNOWN, quantity=9)]))
def test_the_compiled_tree_agrees_with_the_written_out_tables(tree: Node, facts: Facts) -> None:
    assert compile_tree(tree)(facts) is naive(tree, facts)
