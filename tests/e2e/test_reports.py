"""What Shopify and Site Flow tell after an order, over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response

from tests.reception import NOW, Reception, native_order, open_reception, shopify_body, siteflow_body

DAY = timedelta(days=1)


@pytest.fixture
def reception(tmp_path: Path) -> Iterator[Reception]:
    with open_reception(tmp_path) as reception:
        yield reception


def told(reception: Reception, path: str) -> dict[str, Any]:
    found: dict[str, Any] = reception.get(f"/v1/{path}?brand=fernweh").json()
    return found


def stored_text(reception: Reception, *words: str) -> set[str]:
    with reception.services.store.engine.connect() as connection:
        tables = ("orders", "jobs", "customers", "customer_events", "inserts", "dead_letters")
        text = repr([connection.exec_driver_sql(f"SELECT * FROM {table}").all() for table in tables])
    return {word for word in words if word in text}


SITE_FLOW = {"sourceOrderId": "SF-60554", "timestamp": NOW.isoformat()}


def shopify(reception: Reception, topic: str, **body: Any) -> Response:
    return reception.post_shopify(json.dumps(body).encode(), topic=topic)


def moment(days_ago: float) -> str:
    at: datetime = NOW - days_ago * DAY
    return at.astimezone(UTC).isoformat()


FULFILMENT = {
    "id": 255,
    "order_id": 5391420678,
    "status": "success",
    "created_at": moment(2),
    "updated_at": moment(2),
    "line_items": [{"id": 466157049}],
}


def test_shopifys_webhooks_tell_the_same_whichever_of_them_is_lost_or_comes_twice(
    reception: Reception,
) -> None:
    paid_back = {"id": 1, "kind": "refund", "status": "success", "amount": "5.00", "currency": "EUR"}
    refund = {
        "id": 9,
        "order_id": 5391420678,
        "created_at": moment(1),
        "transactions": [paid_back],
    }
    delivered = FULFILMENT | {"shipment_status": "delivered", "updated_at": moment(1)}
    whole = {"id": 5391420678, "cancelled_at": None, "fulfillments": [delivered], "refunds": [refund]}
    hooks: list[tuple[str, dict[str, Any]]] = [
        ("fulfillments/create", FULFILMENT),
        ("fulfillments/update", delivered),
        ("refunds/create", refund),
        ("orders/updated", whole),
    ]
    for topic, body in [*hooks, *hooks]:
        assert shopify(reception, topic, **body).status_code == 202
    found = told(reception, "orders/5391420678/events")
    assert sorted(one["type"] for one in found["events"]) == ["credited", "delivered", "shipped"]
    assert found["state"] is None
    assert shopify(reception, "orders/edited", order_edit={"order_id": 5391420678}).status_code == 202
    assert shopify(reception, "orders/cancelled", id=5391420678, cancelled_at=moment(0)).status_code == 202
    reception.post_shopify(json.dumps(_shopify_order()).encode())
    found = told(reception, "orders/5391420678/events")
    assert found["state"]["cancelled_at"] is not None


def _shopify_order() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shopify_body())
    return found


def test_shopify_merges_and_erases_customers_and_notes_who_asks_for_their_data(reception: Reception) -> None:
    reception.post_shopify(json.dumps(_shopify_order()).encode())
    shopify(
        reception,
        "customers/merge",
        admin_graphql_api_customer_kept_id="gid://shopify/Customer/5",
        admin_graphql_api_customer_deleted_id="gid://shopify/Customer/7741",
        status="completed",
    )
    assert told(reception, "customers/id:5")["keys"] == ["id:5", "id:7741"]
    person = {"id": 5, "email": "jonna@example.com"}
    asked = shopify(reception, "customers/data_request", shop_id=1, customer=person, orders_requested=[1])
    assert asked.status_code == 202
    erased = shopify(reception, "customers/redact", shop_id=1, customer=person, orders_to_redact=[5391420678])
    assert erased.status_code == 202
    assert stored_text(reception, "Jonna", "Mika") == set()
    types = {one["type"] for one in told(reception, "customers/id:5")["events"]}
    assert types == {"data_requested", "erased"}


def test_a_shop_that_left_leaves_no_person_behind(reception: Reception) -> None:
    reception.post_shopify(json.dumps(_shopify_order()).encode())
    guest = _shopify_order() | {"id": 2, "customer": None, "email": ""}
    reception.post_shopify(json.dumps(guest).encode())
    gone = shopify(reception, "shop/redact", shop_id=1, shop_domain="x.myshopify.com")
    assert (gone.status_code, gone.json()["erased_orders"]) == (202, 2)
    assert stored_text(reception, "Jonna", "Mika") == set()


def test_a_shop_that_left_takes_nothing_from_the_brands_other_channels(reception: Reception) -> None:
    reception.post_shopify(json.dumps(_shopify_order()).encode())
    person = {"id": str(_shopify_order()["customer"]["id"]), "given_name": "Jonna"}
    for number, customer in (("FW-1", person), ("FW-2", {"id": "own", "given_name": "Tomke"})):
        answer = reception.post(native_order(id=number, customer=customer))
        assert answer.status_code == 201, answer.text
    gone = shopify(reception, "shop/redact", shop_id=1, shop_domain="x.myshopify.com")
    assert gone.json()["erased_orders"] == 1
    assert stored_text(reception, "Tomke") != set()
    assert told(reception, f"customers/id:{person['id']}")["given_name"] == "Jonna"
    with reception.services.store.reading() as tx:
        (shops,) = tx.erasure.orders_from("fernweh", "shopify")
        assert tx.orders.get(shops).order.customer.given_name == ""
        (kept, _) = tx.erasure.orders_from("fernweh", "native")
        assert tx.orders.get(kept).order.customer.given_name


def test_a_webhook_that_tells_nothing_known_is_kept(reception: Reception) -> None:
    refused = shopify(reception, "products/update", id=1)
    assert refused.status_code == 422
    assert reception.letters()
    broken = shopify(reception, "fulfillments/create", id=1)
    assert {v["pointer"] for v in broken.json()["violations"]} == {"/order_id", "/created_at"}


@pytest.mark.parametrize(
    ("body", "state"),
    [
        (
            {"sourceOrderId": "SF-60554", "status": "dispatched", "timestamp": moment(0), "shipmentIndex": 0},
            "shipped_at",
        ),
        ({"SourceOrderId": "SF-60554", "OrderStatus": "Cancelled", "TimeStamp": moment(0)}, "cancelled_at"),
    ],
)
def test_site_flow_tells_of_dispatch_and_cancellation(
    reception: Reception, body: dict[str, Any], state: str
) -> None:
    reception.post_siteflow(siteflow_body())
    for step in (body, body, {"sourceOrderId": "SF-60554", "status": "component printed"}):
        assert reception.post_siteflow(json.dumps(step).encode()).status_code == 202
    found = reception.get("/v1/orders/SF-60554/events?brand=maple-row").json()
    assert found["state"][state] is not None
    unknown = reception.post_siteflow(b'{"sourceOrderId": "SF-60554", "status": "levitated"}')
    assert unknown.status_code == 422
