"""What is sent to Site Flow: a piece as a component or an attachment of an order, events, and the signature.

Names as HP's published clients send them: `items[].components[].{code,path,fetch}` and
`shipments[].attachments[].{path,type,contentType,fetch}`.
"""

from __future__ import annotations

import hmac
import json
from datetime import UTC, datetime
from typing import Any

from app.domain.ticket import Ticket
from app.errors import IntakeError
from app.wire.strict_json import decode_object

_MOST_TEXT = 300


def signed_headers(token: str, secret: str, *, method: str, path: str, at: datetime) -> dict[str, str]:
    """The headers of one request: `TOKEN:hex(HMAC-SHA256("METHOD PATH TIME"))`.

    Args:
        token: which secret it is.
        secret: the shared one.
        method: POST, PUT …
        path: the whole path of the address, without its query.
        at: now; receivers refuse an old one.
    """
    time = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    signature = hmac.new(secret.encode(), f"{method} {path} {time}".encode(), "sha256").hexdigest()
    return {
        "content-type": "application/json",
        "x-oneflow-authorization": f"{token}:{signature}",
        "x-oneflow-date": time,
        "x-oneflow-algorithm": "SHA256",
    }


def as_component(ticket: Ticket, *, destination: str, order: str, sku: str, code: str, url: str) -> bytes:
    """A submission that holds the piece as an item with one component.

    Args:
        ticket: the piece.
        destination: the account that prints.
        order: the sourceOrderId.
        sku: the plant's product for such pieces.
        code: the component's code in that product.
        url: where the PDF is fetched from.
    """
    item = {
        "sourceItemId": ticket.name,
        "sku": sku,
        "quantity": ticket.copies,
        "barcode": ticket.bench_code,
        "shipmentIndex": 0,
        "components": [{"code": code, "path": url, "fetch": True}],
    }
    return _submission(ticket, destination, {"sourceOrderId": order, "items": [item]})


def as_attachment(ticket: Ticket, *, destination: str, order: str, url: str) -> bytes:
    """A submission that holds the piece as an attachment of the first shipment; see `as_component`."""
    attachment = {"path": url, "type": "insert", "contentType": "application/pdf", "fetch": True}
    shipment = {"shipmentIndex": 0, "attachments": [attachment]}
    return _submission(ticket, destination, {"sourceOrderId": order, "shipments": [shipment]})


def event(ticket: Ticket, *, order: str, status: str, at: datetime) -> bytes:
    """News of the piece, in the shape of Site Flow's own postbacks."""
    said = {
        "sourceOrderId": order,
        "sourceItemId": ticket.name,
        "status": status,
        "timestamp": at.astimezone(UTC).isoformat(timespec="seconds"),
    }
    return json.dumps(said).encode()


def _submission(ticket: Ticket, destination: str, order: dict[str, Any]) -> bytes:
    extra = {"tipinRecord": ticket.job, "tipinPiece": ticket.name, "parcel": ticket.parcel or ""}
    document = {"destination": {"name": destination}, "orderData": {**order, "extraData": extra}}
    return json.dumps(document, ensure_ascii=False).encode()


def order_id(body: bytes) -> str:
    """Site Flow's own id of what it took; empty where its answer names none."""
    document = _object(body)
    inner = document.get("order")
    found = (inner if isinstance(inner, dict) else document).get("_id", "")
    return found[:_MOST_TEXT] if isinstance(found, str) else ""


def error_in(body: bytes) -> str:
    """What an answer says is wrong; empty where it says nothing that is understood."""
    said = _object(body).get("error", "")
    if isinstance(said, dict):
        said = said.get("message", "")
    return " ".join(said.split())[:_MOST_TEXT] if isinstance(said, str) else ""


def _object(body: bytes) -> dict[str, Any]:
    try:
        return decode_object(body)
    except IntakeError:
        return {}
