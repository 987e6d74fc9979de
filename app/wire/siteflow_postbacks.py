"""Site Flow's postbacks: what became of an order that it produced, one short body a step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

from app.domain.event import OrderEvent, OrderEventType
from app.domain.format import Context
from app.domain.report import OrderReport, Report
from app.errors import Violation
from app.wire.fields import Code, LocalPast
from app.wire.reading import read
from app.wire.strict_json import malformed

_SYNONYMS = {
    "sourceorderid": "source_order_id",
    "status": "status",
    "orderstatus": "status",
    "type": "status",
    "event": "status",
    "timestamp": "at",
    "datetime": "at",
    "date": "at",
    "shipmentindex": "shipment_index",
}
_STEPS: Mapping[str, OrderEventType | None] = {
    "received": None,
    "printready": None,
    "printed": None,
    "componentprinted": None,
    "errored": None,
    "error": None,
    "cancelled": OrderEventType.CANCELLED,
    "canceled": OrderEventType.CANCELLED,
    "dispatched": OrderEventType.SHIPPED,
    "shipped": OrderEventType.SHIPPED,
}
"""By name, lower-case letters only: what a step means here. Steps within the plant change nothing."""


class _Postback(BaseModel):
    """Names in any case, numbers as strings, null as not given: what is sent differs by template."""

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)
    source_order_id: Code
    status: Code
    at: LocalPast | None = None
    shipment_index: Code | None = None

    @model_validator(mode="before")
    @classmethod
    def _by_our_names(cls, document: Any) -> Any:
        if not isinstance(document, dict):
            return document
        found: dict[str, Any] = {}
        for key, value in document.items():
            name = _SYNONYMS.get(str(key).lower())
            if name is not None and value is not None:
                found.setdefault(name, value)
        return found


def looks_like_postback(document: Mapping[str, Any]) -> bool:
    """Whether a document names an order and a step of it, and is no order itself."""
    names = {str(key).lower() for key in document}
    return "orderdata" not in names and "sourceorderid" in names and bool(names & _STATUS_NAMES)


_STATUS_NAMES = {name for name, ours in _SYNONYMS.items() if ours == "status"}


def read_postback(document: Mapping[str, Any], context: Context) -> Report:
    """What a postback tells.

    Raises:
        MalformedOrder: with every violation; a step that Site Flow does not have is one.
    """
    model = read(_Postback, document, context)
    step = "".join(c for c in model.status.lower() if c.isalpha())
    if step not in _STEPS:
        known = ", ".join(sorted(_STEPS))
        raise malformed((Violation("/status", f"{model.status[:40]!r} is no step", f"send one of {known}"),))
    kind = _STEPS[step]
    if kind is None:
        return Report()
    return Report(
        orders=(OrderReport(source_order_id=model.source_order_id, events=(_event(model, kind, context),)),)
    )


def _event(model: _Postback, kind: OrderEventType, context: Context) -> OrderEvent:
    """The event; its parcel is named as the order's jobs name theirs."""
    at = model.at or context.received_at
    shipped = kind is OrderEventType.SHIPPED and model.shipment_index is not None
    parcel = f"{model.source_order_id}-{model.shipment_index}" if shipped else None
    return OrderEvent(
        type=kind,
        at=at,
        source_event_id=f"postback:{kind}:{model.shipment_index or ''}:{at.isoformat()}",
        parcel=parcel,
    )
