from __future__ import annotations

import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.domain.format import Context, HookSecret, Message
from app.errors import MalformedOrder, Unauthenticated
from app.formats.siteflow import PLUGIN
from app.registry.brands import load_brands
from app.registry.places import BRANDS

NOW = datetime(2025, 11, 3, 9, 0, tzinfo=UTC)
SECRETS = (HookSecret(token="old", secret="s0"), HookSecret(token="shop", secret="s1"))
BRAND = load_brands(BRANDS)["maple-row"]
FIVE_MINUTES = timedelta(minutes=5)


def _message(
    *, text: str, stamp: str, token: str = "shop", secret: str = "s1", algorithm: str | None = "SHA256"
) -> Message:
    name = (algorithm or "SHA1").lower()
    signature = hmac.new(secret.encode(), text.encode(), name).hexdigest()
    headers = {"x-oneflow-authorization": f"{token}:{signature}", "x-oneflow-date": stamp}
    if algorithm:
        headers["x-oneflow-algorithm"] = algorithm
    path = "/hooks/siteflow/maple-row/api/order"
    return Message(method="POST", path=path, headers=headers, body=b"{}", tail="/api/order")


def _stamps() -> list[str]:
    return ["2025-11-03T09:00:00Z", "2025-11-03T08:59:00.123Z", "1762160400", "1762160400000"]


@pytest.mark.parametrize("stamp", _stamps())
@pytest.mark.parametrize("path", ["/hooks/siteflow/maple-row/api/order", "/api/order"])
@pytest.mark.parametrize("algorithm", ["SHA256", "SHA1", None])
def test_every_way_in_which_clients_sign_is_taken(stamp: str, path: str, algorithm: str | None) -> None:
    message = _message(text=f"POST {path} {stamp}", stamp=stamp, algorithm=algorithm)
    PLUGIN.authenticate(message, SECRETS, NOW, FIVE_MINUTES)


@pytest.mark.parametrize(
    "message",
    [
        _message(text="POST /api/order 1762160400", stamp="1762160400", secret="s0"),
        _message(text="POST /api/order 1762160400", stamp="1762160400", token="none"),
        _message(text="PUT /api/order 1762160400", stamp="1762160400"),
        _message(text="POST /api/other 1762160400", stamp="1762160400"),
        _message(text="POST /api/order 1762160401", stamp="1762160400"),
        _message(text="POST /api/order 1762160400", stamp="1762160400", algorithm="MD5"),
    ],
    ids=["another token's secret", "unknown token", "method", "path", "time", "weak algorithm"],
)
def test_a_wrong_signature_is_refused(message: Message) -> None:
    with pytest.raises(Unauthenticated):
        PLUGIN.authenticate(message, SECRETS, NOW, FIVE_MINUTES)


@pytest.mark.parametrize(
    "stamp", ["2025-11-03T08:54:59Z", "2025-11-03T09:05:01Z", "1", "9" * 400, "soon", ""]
)
def test_a_stale_or_senseless_time_is_refused(stamp: str) -> None:
    with pytest.raises(Unauthenticated, match="x-oneflow-date"):
        PLUGIN.authenticate(
            _message(text=f"POST /api/order {stamp}", stamp=stamp), SECRETS, NOW, FIVE_MINUTES
        )


def _parse(**changed: Any) -> Any:
    document = json.loads(PLUGIN.samples[0].body)
    document["orderData"] |= changed
    return PLUGIN.parse(json.dumps(document).encode(), Context(brand=BRAND, received_at=NOW)).order


def test_a_name_alone_is_nobodys_key() -> None:
    order = _parse(extraData=[], email=None, customerName="John Smith")
    assert order.customer.key(b"x" * 32) is None
    assert order.customer.display_name == "Ada Brown"


def test_the_address_of_a_gifts_receiver_is_not_the_buyers() -> None:
    ship_to = {"name": "Mika", "email": "mika@example.com", "isoCountry": "GB"}
    plain = _parse(email=None, extraData={}, shipments=[{"shipTo": ship_to}])
    gift = _parse(email=None, extraData={"giftMessage": "For you"}, shipments=[{"shipTo": ship_to}])
    assert plain.customer.e_mail == "mika@example.com"
    assert gift.customer.e_mail is None
    assert gift.gift.message == "For you"


def test_a_total_wins_over_prices_and_is_rounded_once() -> None:
    items = [{"sourceItemId": "1", "sku": "MUG", "quantity": 3, "unitPrice": "0.335"}]
    assert _parse(items=items).value.minor == 101
    assert _parse(items=items, amount="9.99").value.minor == 999


def test_without_its_own_date_an_order_is_of_the_moment_it_came() -> None:
    assert _parse(extraData={}).placed_at == NOW


def test_a_field_given_in_two_spellings_is_read_by_the_right_one() -> None:
    item = {"sourceItemId": "1", "sku": "MUG", "Quantity": 7, "quantity": 3, "unitPrice": 1}
    order = _parse(items=[item])
    assert order.jobs[0].quantity == 3
    assert order.extra["orderData"]["items"]["0"] == {"Quantity": 7}


def test_jobs_know_their_parcel() -> None:
    items = [
        {"sourceItemId": str(i), "sku": "MUG", "unitPrice": 1, "shipmentIndex": str(i % 2)} for i in range(3)
    ]
    order = _parse(items=items, shipments=[{}, {}])
    assert [job.parcel for job in order.jobs] == ["SF-60554-0", "SF-60554-1", "SF-60554-0"]
    assert order.parcel is None


def test_items_of_one_name_are_refused() -> None:
    item = {"sourceItemId": "1", "sku": "MUG", "unitPrice": 1}
    with pytest.raises(MalformedOrder) as refused:
        _parse(items=[item, item])
    assert [v.pointer for v in refused.value.violations] == [
        "/orderData/items/0/sourceItemId",
        "/orderData/items/1/sourceItemId",
    ]
