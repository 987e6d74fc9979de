from __future__ import annotations

import base64
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.domain.format import Context, HookSecret, Message
from app.domain.order import Order, OrderKind
from app.errors import MalformedOrder, Unauthenticated, UnknownFormat
from app.formats.shopify import PLUGIN
from app.registry.brands import load_brands
from app.registry.places import BRANDS

NOW = datetime(2025, 11, 3, 9, 0, tzinfo=UTC)
BRAND = load_brands(BRANDS)["fernweh"]
TOPIC = {"x-shopify-topic": "orders/create"}


def _parse(headers: dict[str, str] = TOPIC, **changed: Any) -> Order:
    body = json.dumps(json.loads(PLUGIN.samples[0].body) | changed).encode()
    return PLUGIN.parse(body, Context(brand=BRAND, received_at=NOW, headers=headers)).order


def _authenticate(body: bytes, signature: str) -> None:
    message = Message(
        method="POST",
        path="/hooks/shopify/fernweh",
        headers={"x-shopify-hmac-sha256": signature},
        body=body,
    )
    secrets = (HookSecret(token="", secret="one"), HookSecret(token="second", secret="two"))
    PLUGIN.authenticate(message, secrets, NOW, timedelta(minutes=5))


def _sign(secret: str, body: bytes) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), body, "sha256")).decode()


@pytest.mark.parametrize("secret", ["one", "two"])
def test_any_secret_of_the_brand_may_sign(secret: str) -> None:
    _authenticate(b"{}", _sign(secret, b"{}"))


@pytest.mark.parametrize("signature", ["", "x", _sign("three", b"{}"), _sign("one", b"{ }"), "\xff"])
def test_a_wrong_signature_is_refused(signature: str) -> None:
    with pytest.raises(Unauthenticated):
        _authenticate(b"{}", signature)


@pytest.mark.parametrize("topic", ["orders/updated", "orders/cancelled", "refunds/create", "\u202e" * 500])
def test_another_topic_is_no_new_order(topic: str) -> None:
    with pytest.raises(UnknownFormat, match="topic"):
        _parse(headers={"x-shopify-topic": topic})


def test_the_sample_is_read_whole() -> None:
    order = _parse()
    assert order.source_order_id == "5391420678"
    assert order.number == "#1042"
    assert (order.value.minor, order.value.currency) == (4590, "EUR")
    assert order.customer.id == "7741"
    assert order.customer.given_name == "Jonna"
    assert order.placed_at == datetime(2025, 11, 3, 8, 12, tzinfo=UTC)
    assert order.jobs[0].category == "photo-books"
    assert order.jobs[0].artwork == ("https://storage.example.com/1.jpg",)
    assert order.gift is not None
    assert (order.gift.recipient_name, order.gift.message) == ("Mika", "Happy birthday!")


def test_a_guest_is_keyed_by_their_address_or_not_at_all() -> None:
    assert str(_parse(customer=None).customer.key(b"x" * 32)).startswith("mail:")
    assert _parse(customer=None, email="").customer.key(b"x" * 32) is None


def test_a_test_order_is_no_sale() -> None:
    assert _parse(test=True).kind is OrderKind.TEST


def test_a_line_without_a_sku_is_named_by_its_variant() -> None:
    assert _parse(line_items=[{"id": 1, "sku": None, "variant_id": 44}]).jobs[0].sku == "variant-44"
    assert _parse(line_items=[{"id": 1}]).jobs[0].sku == "variant-1"


@pytest.mark.parametrize(
    ("name", "value"),
    [("Gift Message", "a\x07b"), ("gift_message", "x" * 2001), ("gift-recipient", "<b>Mika</b>")],
)
def test_a_hostile_gift_note_is_refused_where_it_stands(name: str, value: str) -> None:
    with pytest.raises(MalformedOrder) as refused:
        _parse(note_attributes=[{"name": "colour", "value": 3}, {"name": name, "value": value}])
    assert [v.pointer for v in refused.value.violations] == ["/note_attributes/1/value"]


def test_an_amount_is_exact_in_currencies_without_decimals() -> None:
    assert _parse(currency="JPY", total_price="4590").value.minor == 4590
    with pytest.raises(MalformedOrder):
        _parse(currency="JPY", total_price="4590.50")
