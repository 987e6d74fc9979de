"""What Shopify tells after an order: parcels, refunds, cancellations, wishes of customers and shops.

A webhook may be lost, come twice or out of turn. So every body that holds a whole order is read for all that
it tells, under the ids that the topics of their own would use: what one webhook lost, the next one brings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.domain.customer import Customer
from app.domain.event import CustomerEvent, CustomerEventType, OrderEvent, OrderEventType
from app.domain.format import Context
from app.domain.money import Money
from app.domain.report import CustomerReport, OrderReport, Report
from app.errors import Violation
from app.wire.fields import MOST_JOBS, Amount, Code, Currency, Past
from app.wire.reading import read
from app.wire.strict_json import child, malformed

_DONE = frozenset({"success", ""})
_LONGEST_ADDRESS = 320


class ShopifyModel(BaseModel):
    """Null as not given, and ids as numbers or strings: webhook versions differ."""

    model_config = ConfigDict(extra="allow", frozen=True, coerce_numbers_to_str=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, document: Any) -> Any:
        if not isinstance(document, dict):
            return document
        return {k: v for k, v in document.items() if v is not None or k not in cls.model_fields}


class _Line(ShopifyModel):
    id: Code


class _Fulfilment(ShopifyModel):
    id: Code
    order_id: Code
    status: str = ""
    shipment_status: str = ""
    created_at: Past
    updated_at: Past | None = None
    line_items: Annotated[tuple[_Line, ...], Field(max_length=MOST_JOBS)] = ()


class _Transaction(ShopifyModel):
    id: Code
    kind: str = ""
    status: str = ""
    amount: Amount = Decimal(0)
    currency: Currency
    created_at: Past | None = None


class _Refund(ShopifyModel):
    id: Code
    order_id: Code
    created_at: Past
    transactions: Annotated[tuple[_Transaction, ...], Field(max_length=MOST_JOBS)] = ()


class _ReportedOrder(ShopifyModel):
    id: Code
    cancelled_at: Past | None = None
    fulfillments: Annotated[tuple[_Fulfilment, ...], Field(max_length=MOST_JOBS)] = ()
    refunds: Annotated[tuple[_Refund, ...], Field(max_length=MOST_JOBS)] = ()


class _Person(ShopifyModel):
    id: Code | None = None
    email: Annotated[str, Field(max_length=_LONGEST_ADDRESS)] = ""


class _Request(ShopifyModel):
    customer: _Person
    orders_to_redact: tuple[Code, ...] = ()


class _Merge(ShopifyModel):
    admin_graphql_api_customer_kept_id: Code
    admin_graphql_api_customer_deleted_id: Code
    status: str = ""


def read_report(topic: str, document: Mapping[str, Any], context: Context) -> Report | None:
    """What a webhook of a topic tells; None where the topic tells nothing but orders, or is not known.

    Raises:
        MalformedOrder: with every violation.
    """
    reader = _READERS.get(topic)
    return reader(document, context) if reader else None


def _fulfilment(document: Mapping[str, Any], context: Context) -> Report:
    model = read(_Fulfilment, document, context)
    return _of_order(model.order_id, _shipping(model))


def _refund(document: Mapping[str, Any], context: Context) -> Report:
    model = read(_Refund, document, context)
    return _of_order(model.order_id, _credits(model, ""))


def _order(document: Mapping[str, Any], context: Context) -> Report:
    model = read(_ReportedOrder, document, context)
    return _of_order(model.id, _told_by(model))


def _told_by(order: _ReportedOrder) -> Iterator[OrderEvent]:
    if order.cancelled_at is not None:
        yield OrderEvent(type=OrderEventType.CANCELLED, at=order.cancelled_at, source_event_id="cancelled")
    for fulfilment in order.fulfillments:
        yield from _shipping(fulfilment)
    for index, refund in enumerate(order.refunds):
        yield from _credits(refund, child("/refunds", index))


def _of_order(order: str, events: Iterator[OrderEvent]) -> Report:
    """The report of an order; where nothing of it counts here, an empty one."""
    found = tuple(events)
    return Report(orders=(OrderReport(source_order_id=order, events=found),) if found else ())


def _shipping(model: _Fulfilment) -> Iterator[OrderEvent]:
    """A fulfilment's line items have left the house; later it may say that they were delivered."""
    if model.status not in _DONE:
        return
    name, jobs = f"fulfillment:{model.id}", tuple(line.id for line in model.line_items)
    yield OrderEvent(
        type=OrderEventType.SHIPPED, at=model.created_at, source_event_id=f"{name}:shipped", jobs=jobs
    )
    if model.shipment_status == "delivered":
        # Any later change moves `updated_at`; the first of these events is when it was delivered.
        at = model.updated_at or model.created_at
        yield OrderEvent(
            type=OrderEventType.DELIVERED,
            at=at,
            source_event_id=f"{name}:delivered:{at.isoformat()}",
            jobs=jobs,
        )


def _credits(model: _Refund, pointer: str) -> Iterator[OrderEvent]:
    """Each payment that went back; a return without one gives no money back."""
    for index, payment in enumerate(model.transactions):
        if payment.kind != "refund" or payment.status not in _DONE or not payment.amount:
            continue
        where = child(child(f"{pointer}/transactions", index), "amount")
        yield OrderEvent(
            type=OrderEventType.CREDITED,
            at=payment.created_at or model.created_at,
            source_event_id=f"refund:{model.id}:{payment.id}",
            credit=_given_back(payment, where),
        )


def _given_back(payment: _Transaction, pointer: str) -> Money:
    try:
        paid = Money.from_decimal(payment.amount, payment.currency)
    except ValueError as error:
        mend = f"round it as {payment.currency} is"
        raise malformed((Violation(pointer, str(error), mend),)) from error
    return Money(-paid.minor, paid.currency)


def _edited(_document: Mapping[str, Any], _context: Context) -> Report:
    """An order counts as it was placed; what an edit gives back comes as a refund."""
    return Report()


def _redacted(document: Mapping[str, Any], context: Context) -> Report:
    model = read(_Request, document, context)
    erased = _now(CustomerEventType.ERASED, "redact", context)
    return Report(
        customers=(CustomerReport(who=_who(model.customer), events=(erased,)),),
        erased_orders=model.orders_to_redact,
    )


def _data_requested(document: Mapping[str, Any], context: Context) -> Report:
    model = read(_Request, document, context)
    asked = _now(CustomerEventType.DATA_REQUESTED, "data_request", context)
    return Report(customers=(CustomerReport(who=_who(model.customer), events=(asked,)),))


def _merged(document: Mapping[str, Any], context: Context) -> Report:
    model = read(_Merge, document, context)
    if model.status not in {"completed", ""}:
        return Report()
    kept, gone = (
        _plain_id(gid)
        for gid in (model.admin_graphql_api_customer_kept_id, model.admin_graphql_api_customer_deleted_id)
    )
    event = _now(CustomerEventType.MERGED, f"merge:{kept}", context, into=Customer(id=kept).key(b""))
    return Report(customers=(CustomerReport(who=Customer(id=gone), events=(event,)),))


def _shop_redacted(_document: Mapping[str, Any], _context: Context) -> Report:
    return Report(erased_shop=True)


def _now(type_: CustomerEventType, name: str, context: Context, *, into: str | None = None) -> CustomerEvent:
    """An event whose webhook names no moment: it is that of its arrival."""
    at: datetime = context.received_at
    return CustomerEvent(type=type_, at=at, source_event_id=f"{name}:{at.isoformat()}", into=into)


def _who(person: _Person) -> Customer:
    return Customer(id=person.id, e_mail=person.email or None)


def _plain_id(gid: str) -> str:
    """`gid://shopify/Customer/7` as the `7` that orders name."""
    return gid.rsplit("/", 1)[-1]


_READERS: Mapping[str, Callable[[Mapping[str, Any], Context], Report]] = {
    "fulfillments/create": _fulfilment,
    "fulfillments/update": _fulfilment,
    "refunds/create": _refund,
    "orders/cancelled": _order,
    "orders/updated": _order,
    "orders/fulfilled": _order,
    "orders/partially_fulfilled": _order,
    "orders/edited": _edited,
    "customers/redact": _redacted,
    "customers/data_request": _data_requested,
    "customers/merge": _merged,
    "shop/redact": _shop_redacted,
}
TOPICS = frozenset(_READERS)
"""The topics that tell something beside new orders."""
