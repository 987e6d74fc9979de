"""What becomes known of an order or a customer after the order was placed.

Events are kept as they came, each under its sender's own id, and may come late, twice and in any order. What
they amount to is said by `fold`. An event counts from its `at` on, and not before: one from the future waits
for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.facts import DatedStory, DayOfYear
from app.domain.money import Money
from app.domain.order import Order

STATED = "order:"
"""Begins the event id of what an order says itself; no sender's own event id may."""


class OrderEventType(StrEnum):
    """What can happen to an order."""

    PROMISED = "promised"
    PROMISE_REVISED = "promise_revised"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    CREDITED = "credited"
    REPRINTED = "reprinted"
    COMPLAINT_OPENED = "complaint_opened"
    COMPLAINT_CLOSED = "complaint_closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderEvent:
    """One event of one order.

    `promise` is the promised moment of PROMISED and PROMISE_REVISED; `credit` the (negative) amount of
    CREDITED. SHIPPED and DELIVERED speak of the `jobs` (the sender's ids) or the `parcel` that they name,
    and of the whole order where they name neither. `complaint` tells several complaints of one order apart.
    """

    type: OrderEventType
    at: datetime
    source_event_id: str
    promise: datetime | None = None
    credit: Money | None = None
    parcel: str | None = None
    jobs: tuple[str, ...] = ()
    complaint: str = ""


def stated(
    *,
    placed_at: datetime,
    promised_at: datetime | None = None,
    shipped_at: datetime | None = None,
    delivered_at: datetime | None = None,
    cancelled_at: datetime | None = None,
) -> tuple[OrderEvent, ...]:
    """What an order says of itself, as its first events: a promise counts from when it was placed."""
    kinds = OrderEventType
    moments = {
        kinds.SHIPPED: shipped_at,
        kinds.DELIVERED: delivered_at,
        kinds.CANCELLED: cancelled_at,
    }
    found = [
        OrderEvent(type=type_, at=at, source_event_id=f"{STATED}{type_}")
        for type_, at in moments.items()
        if at is not None
    ]
    if promised_at is not None:
        promise = OrderEvent(
            type=kinds.PROMISED,
            at=placed_at,
            source_event_id=f"{STATED}{kinds.PROMISED}",
            promise=promised_at,
        )
        found.append(promise)
    return tuple(found)


class CustomerEventType(StrEnum):
    """What can become known of a customer."""

    MERGED = "merged"
    """They are the same person as `into`."""
    UNMERGED = "unmerged"
    DATA_REQUESTED = "data_requested"
    """They asked what is known of them: `GET /v1/customers/{key}` is the answer."""
    ERASED = "erased"
    OPTED_OUT = "opted_out"
    OPTED_IN = "opted_in"
    BEREAVEMENT_SET = "bereavement_set"
    BEREAVEMENT_CLEARED = "bereavement_cleared"
    BIRTHDAY_GIVEN = "birthday_given"
    """They gave their birthday so that they may be written to on it."""
    BIRTHDAY_WITHDRAWN = "birthday_withdrawn"
    STORY_TOLD = "story_told"
    """They told of a dated event, such as the wedding that an album is of."""
    STORY_WITHDRAWN = "story_withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerEvent:
    """One event of one customer.

    `into` is the customer key of MERGED, `birthday` the day of BIRTHDAY_GIVEN, `story` what STORY_TOLD tells.
    `story_id` names that story, so that it can be told anew or withdrawn.
    """

    type: CustomerEventType
    at: datetime
    source_event_id: str
    into: str | None = None
    birthday: DayOfYear | None = None
    story: DatedStory | None = None
    story_id: str = ""


def said_by_order(order: Order) -> tuple[CustomerEvent, ...]:
    """What an order says of its customer, as events of the moment it was placed."""
    customer, said = order.customer, f"{STATED}{order.source_order_id}"
    found = []
    if customer.opted_out:
        found.append(
            CustomerEvent(
                type=CustomerEventType.OPTED_OUT, at=order.placed_at, source_event_id=f"{said} opted_out"
            )
        )
    if customer.birthday is not None:
        found.append(
            CustomerEvent(
                type=CustomerEventType.BIRTHDAY_GIVEN,
                at=order.placed_at,
                source_event_id=f"{said} birthday",
                birthday=customer.birthday,
            )
        )
    return tuple(found)
