"""What the ledger tells of a customer at the moment of an order: the order's place in it, and the answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from app.domain.facts import PreviousOrder
from app.domain.fold import Standing
from app.domain.money import Money
from app.domain.order import OrderKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An order as history sees it. `customer_key` is None for a guest.

    Orders of one moment stand in the order of their ids' UTF-8 bytes. What has a default is only asked of the
    order at hand, and None where it is not known of it.
    """

    source_order_id: str
    customer_key: str | None
    at: datetime
    eligible: bool
    categories: frozenset[str]
    value: Money | None = None
    quantity: int | None = None
    """Pieces in all its jobs."""
    channel: str | None = None
    country: str | None = None
    gift: bool = False
    received_at: datetime | None = None
    """When its job came in."""
    promised_at: datetime | None = None
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SentCard:
    """A card that a customer has been sent, or may have been."""

    occasion: str
    template: str
    variant: str
    at: datetime
    source_order_id: str = ""
    number: str = ""
    """What the customer knows its order by; empty where that is `source_order_id`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """P(o): the customer's counted orders before an order, summed up as known at its moment.

    Counted: eligible, before it by (placed_at, order id), not cancelled as of its moment. `spent` sums those
    of the trailing 365 days, `credited` (≤ 0) the credits of that time, both in the brand's currency only:
    amounts in other currencies count as orders but not as money, for no rate would be exact.
    """

    n: int = 0
    n_this_year: int = 0
    first_at: datetime | None = None
    """When the first of them was placed."""
    spent: int = 0
    credited: int = 0
    categories: frozenset[str] = frozenset()
    """Of the order's own categories those that one of them had."""
    previous: PreviousOrder | None = None
    noted: bool = False
    """Whether anything beside orders is known of the customer, under any merged key: it is in `standing`."""
    standing: Standing = field(default=Standing())

    @property
    def opted_out(self) -> bool:
        """Whether the customer, under any merged key, asked for no cards."""
        return self.standing.opted_out


class Entry(NamedTuple):
    """An order of the past as one entry of the ledger: `Recorded` in one piece, for imports make millions."""

    source_order_id: str
    customer_key: str | None
    placed_at: datetime
    value_minor: int
    currency: str
    kind: OrderKind
    eligible: bool
    categories: frozenset[str]
    promised_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    cancelled_at: datetime | None
    channel: str | None
    country: str | None
    gift: bool
    quantity: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An order of the past with all that became of it, as history needs it."""

    placed: Placed
    value: Money
    kind: OrderKind = OrderKind.SALE
    promised_at: datetime | None = None
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    cancelled_at: datetime | None = None

    @property
    def entry(self) -> Entry:
        """The same in one piece."""
        placed = self.placed
        return Entry(
            source_order_id=placed.source_order_id,
            customer_key=placed.customer_key,
            placed_at=placed.at,
            value_minor=self.value.minor,
            currency=self.value.currency,
            kind=self.kind,
            eligible=placed.eligible,
            categories=placed.categories,
            promised_at=self.promised_at,
            shipped_at=self.shipped_at,
            delivered_at=self.delivered_at,
            cancelled_at=self.cancelled_at,
            channel=placed.channel,
            country=placed.country,
            gift=placed.gift,
            quantity=placed.quantity,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """Money given back to a customer; `value` is not above zero."""

    customer_key: str
    at: datetime
    value: Money
