"""Call-backs: what the sender of an order is told, and where each telling stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class CallBackEvent(StrEnum):
    """What became of an order's pieces. Of its card, every order ends with exactly one of the first three."""

    READY = "insert.ready"
    """The card is with its target, or can be fetched."""
    NONE = "insert.none"
    """Selection decided on no card."""
    FAILED = "insert.failed"
    """The card could not be made or handed over; the order goes out without."""
    ITEM_READY = "item.ready"
    """A photo item is with its target, or can be fetched."""
    ITEM_FAILED = "item.failed"
    """A photo item could not be made or handed over, and why: what its customer may be told as well."""


class DeliveryState(StrEnum):
    """Where one call-back stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"
    NOWHERE = "nowhere"
    """The brand has set no address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where a brand's sender is told. `secret` is a Standard Webhooks `whsec_…` secret."""

    brand: str
    url: str
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One logical call-back. `id` and `body` stay the same over every try."""

    id: str
    brand: str
    order_id: str
    body: bytes
    state: DeliveryState
    made_at: datetime
    attempts: int = 0
    last_status: int | None = None
    last_error: str = ""
    delivered_at: datetime | None = None
