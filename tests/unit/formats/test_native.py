from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from app.domain.format import Context
from app.domain.order import Order, OrderKind
from app.errors import MalformedOrder
from app.formats.native import EXAMPLE, PLUGIN
from app.registry.brands import load_brands
from app.registry.places import BRANDS

NOW = datetime(2025, 11, 3, 9, 0, tzinfo=UTC)
BRAND = load_brands(BRANDS)["fernweh"]
JOB = {"id": "1", "sku": "PB-A4-40"}


def _parse(**changed: Any) -> Order:
    body = json.dumps(EXAMPLE | changed).encode()
    return PLUGIN.parse(body, Context(brand=BRAND, received_at=NOW)).order


def _refused(**changed: Any) -> set[str]:
    with pytest.raises(MalformedOrder) as refused:
        _parse(**changed)
    return {v.pointer for v in refused.value.violations}


def test_the_example_is_read_whole() -> None:
    order = _parse()
    assert order.source_order_id == "FW-20417"
    assert order.customer.key(b"x" * 32) == "id:c-7741"
    assert [job.category for job in order.jobs] == ["photo-books", "prints"]
    assert order.needed_by == datetime(2025, 11, 3, 14, 0, tzinfo=UTC)


def test_a_stated_category_wins_over_the_skus() -> None:
    assert _parse(jobs=[JOB | {"category": "albums"}]).jobs[0].category == "albums"


@pytest.mark.parametrize(
    ("changed", "pointers"),
    [
        ({"jobs": []}, {"/jobs"}),
        ({"jobs": [JOB] * 501}, {"/jobs"}),
        ({"jobs": [JOB, JOB]}, {"/jobs/0/id", "/jobs/1/id"}),
        ({"jobs": [JOB | {"quantity": -1}]}, {"/jobs/0/quantity"}),
        ({"jobs": [JOB | {"quantity": 10**9}]}, {"/jobs/0/quantity"}),
        ({"jobs": [JOB | {"quantity": "2"}]}, {"/jobs/0/quantity"}),
        ({"jobs": [JOB | {"quantity": 1.5}]}, {"/jobs/0/quantity"}),
        ({"value": {"minor": -1, "currency": "EUR"}}, {"/value/minor"}),
        ({"value": {"minor": 1, "currency": "ABC"}}, {"/value/currency"}),
        ({"value": {"minor": "1", "currency": "EUR"}}, {"/value/minor"}),
        ({"value": None}, {"/value"}),
        ({"placed_at": "2025-11-03T09:12:00"}, {"/placed_at"}),
        ({"needed_by": "2099-11-03T09:12:00Z"}, {"/needed_by"}),
        ({"brand": "maple-row"}, {"/brand"}),
        ({"id": " "}, {"/id"}),
        ({"id": "x" * 129}, {"/id"}),
        ({"kind": "gift"}, {"/kind"}),
        ({"country": "Germany"}, {"/country"}),
        ({"customer": {"given_name": "<script>"}}, {"/customer/given_name"}),
        ({"customer": {"given_name": "x" * 10_000}}, {"/customer/given_name"}),
        ({"gift": {"message": "\x00"}}, {"/gift/message"}),
    ],
)
def test_what_is_wrong_is_named_where_it_stands(changed: dict[str, Any], pointers: set[str]) -> None:
    assert _refused(**changed) == pointers


def test_a_credit_note_may_be_below_zero() -> None:
    order = _parse(kind="credit_note", value={"minor": -100, "currency": "EUR"})
    assert order.kind is OrderKind.CREDIT_NOTE
    assert not order.eligible
