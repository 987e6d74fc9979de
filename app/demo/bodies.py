"""Writes demo orders down as senders would: native, Site Flow and Shopify bodies.

The demo knows these formats from their senders' side, so it shares no code with the parsers.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.demo.history import DemoOrder, PhotoWish


def native(order: DemoOrder, photo_id: str = "") -> dict[str, Any]:
    """The order as `POST /v1/orders` takes it; `photo_id` is that of its photo, which was sent before."""
    body: dict[str, Any] = {
        "brand": order.brand,
        "id": order.number,
        "placed_at": order.placed_at.isoformat(),
        "value": {"minor": order.value, "currency": order.currency},
        "customer": _native_customer(order),
        "jobs": [
            {"id": str(position), "sku": line.sku, "quantity": line.quantity}
            for position, line in enumerate(order.lines, start=1)
        ],
        "supplied_insert": order.supplied_insert,
    }
    if order.promised_at:
        body["promised_at"] = order.promised_at.isoformat()
    if order.gift_to:
        body["gift"] = {"recipient_name": order.gift_to}
    if order.photo and photo_id:
        body["jobs"].append(_photo_job(order.photo, photo_id))
    return body


def _photo_job(wish: PhotoWish, photo_id: str) -> dict[str, Any]:
    said = {"product": wish.product, "caption": wish.caption, "name": wish.name, "on_card": wish.on_card}
    return {
        "id": "photo",
        "sku": f"PHOTO-{wish.product}",
        "photo": {"photo": photo_id, "consent": True, **said},
    }


def historic(order: DemoOrder) -> dict[str, Any]:
    """The order as a line of a history file: as `native`, with what happened since."""
    since = {"delivered_at": order.delivered_at, "cancelled_at": order.cancelled_at}
    return native(order) | {name: moment.isoformat() for name, moment in since.items() if moment}


def _native_customer(order: DemoOrder) -> dict[str, Any]:
    person = order.person
    if person is None:
        return {}
    return {
        "id": person.id,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "language": person.language,
    }


def siteflow(order: DemoOrder) -> dict[str, Any]:
    """The order as Site Flow submits it."""
    person = order.person
    items = [
        {
            "sourceItemId": f"{order.number}-{position}",
            "sku": line.sku,
            "quantity": line.quantity,
            "unitPrice": float(Decimal(line.unit_price) / 100),
            "shipmentIndex": 0,
            "barcode": f"{order.number}{position:02d}",
            "components": [{"code": "body", "fetch": True, "path": f"https://art.example/{line.sku}.pdf"}],
        }
        for position, line in enumerate(order.lines, start=1)
    ]
    shipment: dict[str, Any] = {
        "shipmentIndex": 0,
        "shipTo": {
            "name": order.gift_to or (person.name if person else "Guest"),
            "isoCountry": "DE" if person and person.language == "de" else "GB",
        },
        "carrier": {"code": "post", "service": "standard"},
    }
    if order.promised_at:
        shipment["shipByDate"] = order.promised_at.isoformat()
    data: dict[str, Any] = {
        "sourceOrderId": order.number,
        "items": items,
        "shipments": [shipment],
        "extraData": {
            "placedAt": order.placed_at.isoformat(),
            "currency": order.currency,
            "giftRecipient": order.gift_to or "",
            "suppliedInsert": order.supplied_insert,
        },
    }
    if person:
        data |= {"customerName": person.name, "email": person.e_mail}
        data["extraData"] |= {
            "customerId": person.id,
            "givenName": person.given_name,
            "familyName": person.family_name,
            "language": person.language,
        }
    return {"destination": {"name": "plant"}, "orderData": data}


def shopify(order: DemoOrder) -> dict[str, Any]:
    """The order as Shopify's `orders/create` webhook carries it."""
    person = order.person
    number = int("".join(character for character in order.number if character.isdigit()))
    body: dict[str, Any] = {
        "id": 5_000_000_000 + number,
        "name": f"#{order.number}",
        "created_at": order.placed_at.isoformat(),
        "currency": order.currency,
        "total_price": str(Decimal(order.value) / 100),
        "test": False,
        "source_name": "web",
        "note_attributes": [{"name": "gift_recipient", "value": order.gift_to}] if order.gift_to else [],
        "line_items": [
            {
                "id": 9_000_000_000 + 100 * number + position,
                "sku": line.sku,
                "quantity": line.quantity,
                "price": str(Decimal(line.unit_price) / 100),
                "properties": [],
            }
            for position, line in enumerate(order.lines, start=1)
        ],
    }
    if person:
        body |= {
            "email": person.e_mail,
            "customer_locale": person.language,
            "customer": {
                "id": int(person.id),
                "email": person.e_mail,
                "first_name": person.given_name,
                "last_name": person.family_name,
            },
        }
    return body
