"""What a sender tells of orders and customers after the order: events, whoever they are of, and erasures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.customer import Customer
from app.domain.event import CustomerEvent, OrderEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReport:
    """Events of one order, by the sender's own id; the order may not be known yet."""

    source_order_id: str
    events: tuple[OrderEvent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerReport:
    """Events of one customer, who is named as in an order or by tipin's own key.

    `names` are said of them beside their events: given_name, display_name, language; None stays as it is.
    """

    who: Customer | str
    events: tuple[CustomerEvent, ...]
    names: Mapping[str, str | None] = field(default_factory=dict)

    def keys(self, secret: bytes) -> tuple[str, ...]:
        """The keys that the customer may be known by, the best first; none for somebody who is not named."""
        if isinstance(self.who, str):
            return (self.who,)
        names = (Customer(id=self.who.id), Customer(e_mail=self.who.e_mail))
        return tuple(key for key in (name.key(secret) for name in names) if key is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that one body tells; it may be nothing that matters here, which is no fault."""

    orders: tuple[OrderReport, ...] = ()
    customers: tuple[CustomerReport, ...] = ()
    erased_orders: tuple[str, ...] = ()
    """The sender's ids of orders whose personal data is to go, whoever placed them."""
    erased_shop: bool = False
    """All personal data that came by this format is to go: the shop has left."""
