"""What is told by the API's own addresses: the address says of which order or customer, the body says what.

Such a body is taken, refused, kept and replayed like one of an inbound format; its `source` is a code from
here, and what the address said goes along with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.domain.format import Context
from app.domain.report import CustomerReport, OrderReport, Report
from app.wire.event_bodies import checked_key, read_customer, read_customer_events, read_order_events

ORDER_EVENTS = "order-events"
CUSTOMER_EVENTS = "customer-events"
CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class ToldByAddress:
    """One kind of such bodies. `about` is what the address names, in a word for people."""

    title: str
    about: str
    read: Callable[[bytes, str, Context], Report]
    """From the body and what the address named; raises MalformedReport with every violation."""


def _order_events(body: bytes, about: str, context: Context) -> Report:
    events = read_order_events(body, context)
    return Report(orders=(OrderReport(source_order_id=about, events=events),))


def _customer_events(body: bytes, about: str, context: Context) -> Report:
    key, events = checked_key(about), read_customer_events(body, context)
    return Report(customers=(CustomerReport(who=key, events=events),))


def _customer(body: bytes, about: str, context: Context) -> Report:
    key, (names, events) = checked_key(about), read_customer(body, context)
    return Report(customers=(CustomerReport(who=key, events=events, names=names),))


TOLD_BY_ADDRESS: Mapping[str, ToldByAddress] = {
    ORDER_EVENTS: ToldByAddress("Events of an order", "order", _order_events),
    CUSTOMER_EVENTS: ToldByAddress("Events of a customer", "customer", _customer_events),
    CUSTOMER: ToldByAddress("Who a customer is", "customer", _customer),
}
"""By the code that stands where an inbound format's would."""
