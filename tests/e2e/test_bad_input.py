"""Whatever a sender gets wrong: a 4xx that says how to mend it, and nothing is changed.

Each is posted through a real application over a real database.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from httpx2 import Response

from tests.reception import NOW, Reception, native_order, open_reception, shopify_body, siteflow_body

JOB = {"id": "1", "sku": "PB-A4-40"}


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reception]:
    with open_reception(tmp_path_factory.mktemp("reception")) as reception:
        yield reception


@pytest.fixture
def reception(opened: Reception) -> Iterator[Reception]:
    """One for all tests: each leaves it as it was, but for the bodies that are kept."""
    key = opened.key
    yield opened
    assert not any(opened.counts().values()), "bad input left something behind"
    assert opened.queue.inserts == []
    opened.key = key
    with opened.services.store.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM dead_letters")


def _refused(answer: Response, status: int, *pointers: str) -> dict[str, Any]:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem["type"].startswith("/problems/")
    assert problem["detail"]
    assert problem["mend"]
    assert [violation["pointer"] for violation in problem.get("violations", [])] == list(pointers)
    return problem


def _named(name: str) -> bytes:
    return json.dumps(native_order(customer={"id": "7", "given_name": name})).encode()


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        "x" * 10_000,
        "Jonna\x00",
        "Jonna\u202egro.live",
        "\u2066Jonna",
        "Jon\x1b[2Jna",
        "Jonna\nLindqvist",
    ],
    ids=["script", "10,000 characters", "NUL", "right-to-left override", "isolate", "escape", "line break"],
)
def test_a_hostile_name(reception: Reception, name: str) -> None:
    _refused(reception.post(_named(name)), 422, "/customer/given_name")


def test_a_lone_surrogate(reception: Reception) -> None:
    body = _named("Jonna").replace(b'"Jonna"', b'"Jon\\ud800na"')
    _refused(reception.post(body), 422, "/customer/given_name")


@pytest.mark.parametrize("field", ["given_name", "family_name", "display_name"])
def test_markup_in_any_name_by_any_door(reception: Reception, field: str) -> None:
    hostile = "<img src=x>"
    _refused(reception.post(native_order(customer={field: hostile})), 422, f"/customer/{field}")
    shopify = shopify_body().replace(b'"Lindqvist"', json.dumps(hostile).encode())
    _refused(reception.post_shopify(shopify), 422, "/customer/last_name")
    siteflow = siteflow_body().replace(b'"Ada"', json.dumps(hostile).encode())
    _refused(reception.post_siteflow(siteflow), 422, "/orderData/extraData/givenName")


def test_a_wrong_site_flow_signature(reception: Reception) -> None:
    _refused(reception.post_siteflow(siteflow_body(), secret="wrong"), 401)
    assert reception.letters() == []


def test_a_wrong_shopify_signature(reception: Reception) -> None:
    _refused(reception.post_shopify(shopify_body(), secret="wrong"), 401)
    assert reception.letters() == []


def test_a_shopify_body_that_was_changed_on_its_way(reception: Reception) -> None:
    mac = "3N1bqVPp1Yb4ZzVRs7yM1cT2rrGq7wMIlmG1kzUZy7E="
    answer = reception.client.post(
        "/hooks/shopify/fernweh", content=shopify_body(), headers={"X-Shopify-Hmac-Sha256": mac}
    )
    _refused(answer, 401)


def test_a_replayed_site_flow_request(reception: Reception) -> None:
    stamp = (NOW - timedelta(minutes=6)).isoformat()
    problem = _refused(reception.post_siteflow(siteflow_body(), stamp=stamp), 401)
    assert "replay" in problem["detail"]


@pytest.mark.parametrize("header", ["Bearer none", "Basic !!!", "Basic eDp5", "Digest x", ""])
def test_a_wrong_or_missing_key(reception: Reception, header: str) -> None:
    answer = reception.client.post("/v1/orders", json=native_order(), headers={"Authorization": header})
    _refused(answer, 401)
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert reception.letters() == []


def test_a_site_flow_signature_without_a_key(reception: Reception) -> None:
    reception.key = "tipin_wrong"
    _refused(reception.post_siteflow(siteflow_body()), 401)


@pytest.mark.parametrize("currency", ["ABC", "EURO", "€", "", "eu", 978, None])
def test_an_unknown_currency(reception: Reception, currency: Any) -> None:
    _refused(reception.post(native_order(value={"minor": 1, "currency": currency})), 422, "/value/currency")


@pytest.mark.parametrize("quantity", [0, -1, 1_000_001, 10**25, 1.5, "2", None, True])
def test_a_negative_or_huge_quantity(reception: Reception, quantity: Any) -> None:
    _refused(reception.post(native_order(jobs=[JOB | {"quantity": quantity}])), 422, "/jobs/0/quantity")


def test_a_negative_quantity_by_the_other_doors(reception: Reception) -> None:
    siteflow = siteflow_body().replace(b'"quantity": 2', b'"quantity": "-2"')
    _refused(reception.post_siteflow(siteflow), 422, "/orderData/items/0/quantity")
    shopify = shopify_body().replace(b'"quantity": 1', b'"quantity": -1')
    _refused(reception.post_shopify(shopify), 422, "/line_items/0/quantity")


@pytest.mark.parametrize(
    "placed_at",
    [
        "2025-02-30T09:00:00Z",
        "2025-11-03T09:00:00",
        "03.11.2025",
        "",
        0,
        "1999-01-01T00:00:00Z",
        "9999-12-31T00:00:00Z",
    ],
)
def test_an_invalid_date(reception: Reception, placed_at: Any) -> None:
    _refused(reception.post(native_order(placed_at=placed_at)), 422, "/placed_at")


def test_a_date_of_tomorrow(reception: Reception) -> None:
    placed_at = (NOW + timedelta(days=1, minutes=1)).isoformat()
    _refused(reception.post(native_order(placed_at=placed_at)), 422, "/placed_at")


def test_a_body_over_the_limit(reception: Reception) -> None:
    limit = reception.services.settings.max_body_bytes
    _refused(reception.post(b" " * (limit + 1)), 413)
    assert reception.letters() == []


def test_a_body_over_the_limit_whose_length_is_not_announced(reception: Reception) -> None:
    whole = reception.services.settings.max_body_bytes // 65_536 + 1
    chunks = (b" " * 65_536 for _ in range(whole))
    answer = reception.client.post(
        "/v1/orders", content=chunks, headers={"Authorization": f"Bearer {reception.key}"}
    )
    _refused(answer, 413)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (b"", ""),
        (b"{", ""),
        (b'{"id": 1,}', ""),
        (b"\xff\xfe", ""),
        (b"[" * 100_000, "/0" * 32),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "/a" * 32),
        (b'{"id": "1", "id": "2"}', "/id"),
        (b'{"value": {"minor": NaN}}', "/value/minor"),
        (b'{"value": {"minor": 1e400}}', "/value/minor"),
        (b'{"value": {"minor": ' + b"9" * 5000 + b"}}", "/value/minor"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_broken_json(reception: Reception, body: bytes, pointer: str) -> None:
    problem = _refused(reception.post(body), 422, pointer)
    kept = reception.get(f"/v1/dead-letters/{problem['dead_letter']['id']}").json()
    assert base64.b64decode(kept["body_base64"]) == body


def test_a_body_that_is_no_object(reception: Reception) -> None:
    for body in (b"null", b"[]", b'"order"', b"7"):
        assert _refused(reception.post(body), 422, "")["dead_letter"]


def test_everything_that_is_missing_is_named_at_once(reception: Reception) -> None:
    body = json.dumps({"brand": "fernweh"}).encode()
    problem = _refused(reception.post(body), 422, "/id", "/placed_at", "/value", "/jobs")
    assert {violation["mend"] for violation in problem["violations"]} == {"add it"}


def test_an_unknown_format_or_brand(reception: Reception) -> None:
    for path in ("/hooks/telex/fernweh", "/hooks/shopify/none-such", "/hooks/..%2f/fernweh"):
        _refused(reception.client.post(path, content=b"{}"), 404)


@pytest.mark.parametrize(
    "path", ["/v1/orders?cursor=x", "/v1/orders?cursor=9-", "/v1/orders/%00", "/v1/jobs/%F0%9F"]
)
def test_an_address_that_leads_nowhere(reception: Reception, path: str) -> None:
    _refused(reception.get(path), 404)


def test_a_page_size_out_of_range(reception: Reception) -> None:
    _refused(reception.get("/v1/orders?limit=0"), 422, "/query/limit")
