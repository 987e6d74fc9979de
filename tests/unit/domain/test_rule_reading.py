from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.fact_catalogue import FACTS, FactType
from app.domain.rule import DEEPEST, LISTED, MOST_CONDITIONS, OPS, AllOf, AnyOf, Condition, Node, Not, Op
from app.domain.rule_reading import TreeReader, write_tree
from app.errors import Violation

MUG = {"fact": "categories", "op": "has", "value": "mug"}


def read(document: Any) -> Node:
    reader = TreeReader()
    node = reader.read(document, "/when")
    assert node is not None, reader.violations
    return node


def faults(document: Any) -> list[Violation]:
    reader = TreeReader()
    assert reader.read(document, "/when") is None
    return reader.violations


def fault(document: Any) -> Violation:
    (only,) = faults(document)
    return only


def test_a_tree_is_read_with_its_groups_and_values() -> None:
    node = read(
        {
            "all": [
                {"fact": "nth_this_year", "op": "=", "value": 23},
                {"fact": "spend_365", "op": ">=", "value": {"fact": "high_value_from"}},
                {"any": [MUG, {"not": {"fact": "country", "op": "in", "value": ["DE", "AT"]}}]},
            ]
        }
    )
    assert node == AllOf(
        (
            Condition(FACTS["nth_this_year"], Op.IS, 23),
            Condition(FACTS["spend_365"], Op.AT_LEAST, FACTS["high_value_from"]),
            AnyOf(
                (
                    Condition(FACTS["categories"], Op.HAS, "mug"),
                    Not(Condition(FACTS["country"], Op.IN, ("DE", "AT"))),
                )
            ),
        )
    )


def test_days_and_moments_are_typed() -> None:
    since = read({"fact": "customer_since", "op": "<", "value": "2020-02-29"})
    assert since == Condition(FACTS["customer_since"], Op.BELOW, date(2020, 2, 29))
    placed = read({"fact": "placed_at", "op": ">=", "value": "2026-12-01T00:00:00+01:00"})
    assert placed == Condition(FACTS["placed_at"], Op.AT_LEAST, datetime(2026, 11, 30, 23, tzinfo=UTC))


def test_an_unknown_fact_is_told_with_the_one_that_was_meant() -> None:
    found = fault({"all": [MUG, {"fact": "nth_this_yaer", "op": "=", "value": 23}]})
    assert found.pointer == "/when/all/1/fact"
    assert found.detail == 'there is no fact "nth_this_yaer"'
    assert found.mend == "did you mean nth_this_year? "


@pytest.mark.parametrize(
    ("document", "pointer", "detail", "mend"),
    [
        ({"fact": "n_prior", "op": "==", "value": 1}, "/op", "is no operator", "did you mean =?"),
        ({"fact": "n_prior", "op": "gte", "value": 1}, "/op", "is no operator", "did you mean >=?"),
        (
            {"fact": "gift", "op": "<", "value": True},
            "/op",
            "does not go with gift (flag)",
            "use one of = !=",
        ),
        ({"fact": "n_prior", "value": 1}, "", "has no op", 'add "op"'),
        ({"fact": "n_prior", "op": "="}, "", "has no value", 'add "value": 23'),
        (
            {"fact": "n_prior", "op": "=", "value": 1, "valeu": 2},
            "/valeu",
            "is no key",
            "did you mean value?",
        ),
        ({"all": [MUG], "any": [MUG]}, "", "all and any at once", "nest one"),
        ({"al": [MUG]}, "", "neither all, any, not nor a fact", "did you mean all?"),
        ({}, "", "neither", "write"),
        ({"all": []}, "/all", "no list with anything", "brackets"),
        ({"not": [MUG]}, "/not", "a list is no condition", "write an object"),
        ([MUG], "", "a list is no condition", "write an object"),
        (None, "", "null is no condition", "write an object"),
        (True, "", "true is no condition", "write an object"),
        ({"fact": ["n_prior"], "op": "=", "value": 1}, "/fact", "there is no fact a list", "use one of"),
        ({"fact": "n_prior", "op": ["="], "value": 1}, "/op", "a list is no operator", "use one of"),
        ({"fact": "country", "op": "in", "value": []}, "/value", "no list with anything", '["DE"]'),
        ({"fact": "country", "op": "in", "value": "DE"}, "/value", "no list with anything", '["DE"]'),
        ({"fact": "country", "op": "in", "value": ["DE"] * 101}, "/value", "over 100", "shorten"),
        ({"fact": "n_prior", "op": ">", "value": {}}, "/value", "names no fact", "plain value"),
        (
            {"fact": "n_prior", "op": ">", "value": {"fact": "value"}},
            "/value",
            "no meaning",
            "number of orders",
        ),
        ({"fact": "n_prior", "op": ">", "value": {"fact": "days_late"}}, "/value", "no meaning", "orders"),
        ({"fact": "n_prior", "op": ">", "value": {"fact": "n_prior"}}, "/value", "itself", "another fact"),
        ({"fact": "country", "op": "in", "value": {"fact": "channel"}}, "/value", "no meaning", "operator"),
    ],
)
def test_what_cannot_be_read_is_told_with_place_and_mend(
    document: Any, pointer: str, detail: str, mend: str
) -> None:
    found = fault(document)
    assert found.pointer == f"/when{pointer}"
    assert detail in found.detail
    assert mend in found.mend


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("n_prior", "23"), ("n_prior", 2.5), ("n_prior", True), ("n_prior", None), ("n_prior", 2**60),
        ("spend_365", 12.5), ("spend_365", "£5"), ("gift", 1), ("gift", "true"), ("country", 49),
        ("country", " "), ("country", "x" * 201), ("customer_since", "01.03.2020"), ("customer_since", 2020),
        ("placed_at", "2026-03-01T00:00:00"), ("placed_at", "0001-01-01T00:00:00+23:59"),
        ("birthday", "29.02."), ("birthday", "13-01"), ("n_prior", [1]),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_type_is_told_with_one_of_the_right_type(fact: str, value: Any) -> None:
    found = fault({"fact": fact, "op": "=", "value": value})
    assert found.pointer == "/when/value"
    assert "is no" in found.detail
    assert "such as" in found.mend


def test_every_fault_is_told_at_once() -> None:
    found = faults({"any": [{"fact": "x", "op": "=", "value": 1}, {"fact": "gift", "op": "=", "value": 1}]})
    assert [one.pointer for one in found] == ["/when/any/0/fact", "/when/any/1/value"]


def nested(levels: int) -> dict[str, Any]:
    document: dict[str, Any] = dict(MUG)
    for _ in range(levels):
        document = {"not": document}
    return document


def test_a_tree_1000_deep_is_refused_where_it_becomes_too_deep() -> None:
    found = fault(nested(1_000))
    assert found.pointer == "/when" + "/not" * DEEPEST
    assert found.detail == f"conditions are nested over {DEEPEST} levels"
    read(nested(DEEPEST - 1))


def test_a_tree_too_large_is_refused() -> None:
    assert "over 60" in fault({"all": [MUG] * 100_000}).detail
    wide = {"any": [{"all": [MUG] * 30} for _ in range(3)]}
    assert any("over 60 conditions" in one.detail for one in faults(wide))
    read({"all": [MUG] * MOST_CONDITIONS})


def test_keys_with_slashes_are_escaped_in_pointers() -> None:
    assert fault(MUG | {"a/b~c": 1}).pointer == "/when/a~1b~0c"


VALUES = {
    FactType.NUMBER: st.integers(-1000, 1000),
    FactType.MONEY: st.integers(-1000, 1000),
    FactType.FLAG: st.booleans(),
    FactType.TEXT: st.sampled_from(["DE", "web"]),
    FactType.CODES: st.sampled_from(["mug", "print"]),
    FactType.DATE: st.dates().map(str),
    FactType.MOMENT: st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat),
}


@st.composite
def leaves(draw: st.DrawFn) -> dict[str, Any]:
    fact = draw(st.sampled_from([fact for fact in FACTS.values() if fact.name != "birthday"]))
    op = draw(st.sampled_from(OPS[fact.type]))
    values = VALUES[fact.type]
    value = draw(st.lists(values, min_size=1, max_size=3) if op in LISTED else values)
    return {"fact": fact.name, "op": op.value, "value": value}


trees = st.recursive(
    leaves(),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
    ),
    max_leaves=5,
)


@given(trees)
def test_a_tree_is_written_as_it_was_read(document: dict[str, Any]) -> None:
    reader = TreeReader()
    node = reader.read(document)
    if node is None:
        assert {one.detail for one in reader.violations} == {f"conditions are nested over {DEEPEST} levels"}
        return
    assert read(write_tree(node)) == node


KEYS = ["all", "any", "not", "fact", "op", "value"]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(KEYS), inner),
)


@given(json_values)
def test_hostile_json_is_refused_or_read_and_never_breaks(document: Any) -> None:
    reader = TreeReader()
    assert (reader.read(document) is None) == bool(reader.violations)
