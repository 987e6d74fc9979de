"""An order and its manufacturing jobs, as parsed from any inbound format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.domain.customer import Customer
from app.domain.item import AskedItem
from app.domain.money import Money


class OrderKind(StrEnum):
    """What an order is; only a sale with a value above zero counts as history."""

    SALE = "sale"
    REPRINT = "reprint"
    CREDIT_NOTE = "credit_note"
    TEST = "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One manufacturing job of an order, as the sender describes it."""

    source_item_id: str
    sku: str
    quantity: int = 1
    category: str | None = None
    description: str = ""
    barcode: str | None = None
    parcel: str | None = None
    artwork: tuple[str, ...] = ()
    items: tuple[AskedItem, ...] = ()
    """The photo items that it is, where the sender says so outright."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """The recipient is not the buyer: the card speaks to the recipient, without figures."""

    recipient_name: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order as received. Times are aware UTC; `source` is the inbound format's code.

    `source_order_id` together with `brand` is the natural idempotency key. `imported` orders give
    facts but never cards. `extra` keeps what the format does not know by name.
    """

    brand: str
    source: str
    source_order_id: str
    placed_at: datetime
    value: Money
    customer: Customer
    jobs: tuple[Job, ...]
    kind: OrderKind = OrderKind.SALE
    number: str = ""
    """What the customer knows the order by; empty where that is `source_order_id`."""
    promised_at: datetime | None = None
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    cancelled_at: datetime | None = None
    needed_by: datetime | None = None
    language: str | None = None
    country: str | None = None
    channel: str | None = None
    parcel: str | None = None
    gift: Gift | None = None
    supplied_insert: bool = False
    imported: bool = False
    extra: Mapping[str, object] = field(default_factory=dict)

    @property
    def eligible(self) -> bool:
        """Whether it counts as history: value > 0, not a reprint, credit note or test."""
        return self.kind is OrderKind.SALE and self.value.minor > 0

    @property
    def categories(self) -> frozenset[str]:
        """Known categories of its jobs; unknown ones do not count."""
        return frozenset(job.category for job in self.jobs if job.category)
