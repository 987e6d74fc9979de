from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated

import pytest
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from app.domain.format import Context
from app.domain.order import OrderKind
from app.errors import MalformedOrder, Violation
from app.registry.brands import load_brands
from app.registry.places import BRANDS
from app.wire.fields import Name, Quantity
from app.wire.reading import read, read_value, unknown_fields

CONTEXT = Context(brand=load_brands(BRANDS)["fernweh"], received_at=datetime(2025, 11, 3, tzinfo=UTC))


class Part(BaseModel):
    model_config = ConfigDict(extra="allow")

    size: Quantity = 1


class Whole(BaseModel):
    model_config = ConfigDict(extra="allow")

    name: Name
    kind: OrderKind = OrderKind.SALE
    parts: Annotated[tuple[Part, ...], Field(min_length=1, max_length=2)] = ()


def _violations(document: object) -> list[Violation]:
    with pytest.raises(MalformedOrder) as refused:
        read(Whole, document, CONTEXT)
    return list(refused.value.violations)


@pytest.mark.parametrize(
    ("document", "violation"),
    [
        ({}, Violation("/name", "is missing", "add it")),
        ({"name": 7}, Violation("/name", "is not text", "send text")),
        ({"name": "x" * 201}, Violation("/name", "is over 200 characters", "shorten it")),
        ({"name": "x", "parts": []}, Violation("/parts", "is empty", "send at least one")),
        ({"name": "x", "parts": {}}, Violation("/parts", "is not a list", "send a list")),
        ({"name": "x", "parts": [{"size": 0}]}, Violation("/parts/0/size", "is below 1", "send at least 1")),
        ({"name": "x", "parts": [7]}, Violation("/parts/0", "is not an object", "send an object")),
        ([], Violation("", "is not an object", "send an object")),
    ],
)
def test_a_fault_is_told_in_words_with_its_place_and_mend(document: object, violation: Violation) -> None:
    assert _violations(document) == [violation]


def test_every_fault_is_told_and_only_where_it_lies() -> None:
    document = {"kind": "gift", "parts": [{"size": "many"}, {"size": -1}]}
    assert [v.pointer for v in _violations(document)] == ["/name", "/kind", "/parts/0/size", "/parts/1/size"]


def test_a_single_value_is_refused_at_the_place_it_is_given() -> None:
    with pytest.raises(MalformedOrder) as refused:
        read_value(TypeAdapter[str](Name), "<b>", "/notes/3/value", CONTEXT)
    assert [v.pointer for v in refused.value.violations] == ["/notes/3/value"]


def test_unknown_fields_keep_their_place_and_private_ones_are_dropped() -> None:
    document = {
        "name": "x",
        "ratio": Decimal("1.5"),
        "E-Mail": "a@example.com",
        "nested": {"phone": "1", "keep": [{"billing_address": {}, "colour": "red"}]},
        "parts": [{}, {"size": 2, "finish": "matt", "Address1": "1 Mill Lane"}],
    }
    assert unknown_fields(read(Whole, document, CONTEXT)) == {
        "ratio": 1.5,
        "nested": {"keep": [{"colour": "red"}]},
        "parts": {"1": {"finish": "matt"}},
    }
