"""What happens to an order after it was placed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EventType(StrEnum):
    """Events that change what is known of an order. More are filed as issues need them."""

    PROMISED = "promised"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    CREDITED = "credited"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderEvent:
    """One event of one order.

    `value_minor` is the (negative) credit of CREDITED; `promise` the promised moment of PROMISED.
    """

    type: EventType
    at: datetime
    source_event_id: str
    value_minor: int | None = None
    promise: datetime | None = None
