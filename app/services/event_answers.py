"""What is answered about events, customers and differences, as documented in OpenAPI."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from pydantic import BaseModel, Field

from app.domain.diff import Diff
from app.domain.event import CustomerEvent, OrderEvent
from app.domain.fold import OrderState, Standing
from app.services.answers import MoneyAnswer
from app.services.links import Links
from app.services.record_report import CustomerNoted, Noted, OrderNoted
from app.store.customers import CustomerRecord, ReceivedCustomerEvent
from app.store.order_events import ReceivedEvent


class OrderEventAnswer(BaseModel):
    """One event of an order. What the order said itself has an id that begins with `order:`."""

    id: str
    type: str
    at: datetime
    received_at: datetime
    promise: datetime | None
    credit: MoneyAnswer | None = Field(description="Given back: above zero.")
    parcel: str | None
    jobs: list[str]
    complaint: str | None


class OrderStateAnswer(BaseModel):
    """What an order's events amount to now, in whatever order they came."""

    promised_at: datetime | None
    shipped_at: datetime | None = Field(
        description="When its last part had shipped; null while one is missing."
    )
    delivered_at: datetime | None
    cancelled_at: datetime | None
    reprinted_at: datetime | None
    complaint_open: bool


class OrderEventsAnswer(BaseModel):
    """An order's events. `state` is null while the order itself is not known: then they wait for it."""

    order: str = Field(description="tipin's id of the order.")
    source_order_id: str
    state: OrderStateAnswer | None
    events: list[OrderEventAnswer]
    links: dict[str, str]


class OrderNotedAnswer(BaseModel):
    """What became of the events of one order."""

    order: str
    source_order_id: str
    new: list[str] = Field(description="Ids of those that were not here already.")
    state: OrderStateAnswer | None


class StoryAnswer(BaseModel):
    """A dated event that the customer told of."""

    on: date
    about: str


class StandingAnswer(BaseModel):
    """What is known of a customer beside their orders, under all keys that were merged."""

    opted_out: bool
    bereaved: bool
    open_complaint: bool
    erased_at: datetime | None
    birthday: str | None = Field(description="Month and day.")
    stories: list[StoryAnswer]


class CustomerNotedAnswer(BaseModel):
    """What became of the events of one customer."""

    key: str
    new: list[str]
    standing: StandingAnswer


class NotedAnswer(BaseModel):
    """What became of a body that tells of orders and customers."""

    orders: list[OrderNotedAnswer]
    customers: list[CustomerNotedAnswer]
    erased_orders: int = Field(description="Orders whose personal data is gone now.")


class CustomerEventAnswer(BaseModel):
    """One event of a customer. What an order said of them has an id that begins with `order:`."""

    id: str
    key: str
    type: str
    at: datetime
    received_at: datetime
    into: str | None
    birthday: str | None
    story: StoryAnswer | None
    story_id: str | None


class CustomerAnswer(BaseModel):
    """Everything that is known of a customer: this is what they may ask to see."""

    key: str
    keys: list[str] = Field(description="Every key that stands for the same person, by merges.")
    given_name: str
    display_name: str
    language: str | None
    known_since: datetime | None
    merged_into: str | None
    standing: StandingAnswer
    events: list[CustomerEventAnswer]
    orders: list[str] = Field(description="tipin's ids of their orders, under all keys.")


class CustomerKeyAnswer(BaseModel):
    """The key that a customer is known by here."""

    key: str


class DiffAnswer(BaseModel):
    """A tag that would now be another. The order's tag and card stay as they are."""

    order: str
    brand: str
    says: str
    tagged: str | None = Field(description="The occasion that it was tagged with; null: no card.")
    before: str | None = Field(description="What it would have been just before this became known.")
    after: str | None = Field(description="What it would be now; null: no card.")
    reason: str
    cause: str = Field(description="The kind of event that changed it, or `order` for one that came late.")
    cause_id: str
    found_at: datetime
    links: dict[str, str]


class DiffPage(BaseModel):
    """Some differences, the latest first."""

    diffs: list[DiffAnswer]


def describe_order_events(
    order: str, source_id: str, state: OrderState | None, events: Iterable[ReceivedEvent], links: Links
) -> OrderEventsAnswer:
    """The events of an order."""
    return OrderEventsAnswer(
        order=order,
        source_order_id=source_id,
        state=describe_state(state),
        events=[_order_event(one.event, one.received_at) for one in events],
        links={} if state is None else {"order": links.order(order)},
    )


def describe_noted(noted: Noted) -> NotedAnswer:
    """What became of a report."""
    return NotedAnswer(
        orders=[describe_order_noted(one) for one in noted.orders],
        customers=[describe_customer_noted(one) for one in noted.customers],
        erased_orders=noted.erased_orders,
    )


def describe_order_noted(one: OrderNoted) -> OrderNotedAnswer:
    """What became of the events of an order."""
    return OrderNotedAnswer(
        order=one.order_id,
        source_order_id=one.source_order_id,
        new=[event.source_event_id for event in one.new],
        state=describe_state(one.state),
    )


def describe_customer_noted(one: CustomerNoted) -> CustomerNotedAnswer:
    """What became of the events of a customer."""
    return CustomerNotedAnswer(
        key=one.key,
        new=[event.source_event_id for event in one.new],
        standing=describe_standing(one.standing),
    )


def describe_state(state: OrderState | None) -> OrderStateAnswer | None:
    """What is known of an order; None where it is not stored."""
    if state is None:
        return None
    return OrderStateAnswer(
        promised_at=state.promised_at,
        shipped_at=state.shipped_at,
        delivered_at=state.delivered_at,
        cancelled_at=state.cancelled_at,
        reprinted_at=state.reprinted_at,
        complaint_open=state.complaint_open,
    )


def describe_standing(standing: Standing) -> StandingAnswer:
    """What is known of a customer beside their orders."""
    return StandingAnswer(
        opted_out=standing.opted_out,
        bereaved=standing.bereaved,
        open_complaint=standing.open_complaint,
        erased_at=standing.erased_at,
        birthday=None if standing.birthday is None else _day(*standing.birthday),
        stories=[StoryAnswer(on=story.on, about=story.about) for story in standing.stories],
    )


def describe_customer(
    record: CustomerRecord,
    keys: Iterable[str],
    standing: Standing,
    events: Iterable[ReceivedCustomerEvent],
    orders: Iterable[str],
) -> CustomerAnswer:
    """A customer in full."""
    return CustomerAnswer(
        key=record.key,
        keys=list(keys),
        given_name=record.given_name,
        display_name=record.display_name,
        language=record.language,
        known_since=record.known_since,
        merged_into=record.merged_into,
        standing=describe_standing(standing),
        events=[_customer_event(one) for one in events],
        orders=list(orders),
    )


def describe_diff(diff: Diff, links: Links) -> DiffAnswer:
    """A difference."""
    return DiffAnswer(
        order=diff.order_id,
        brand=diff.brand,
        says=diff.says,
        tagged=diff.tagged,
        before=diff.before,
        after=diff.after,
        reason=diff.reason,
        cause=diff.cause.kind,
        cause_id=diff.cause.id,
        found_at=diff.found_at,
        links={"order": links.order(diff.order_id)},
    )


def _order_event(event: OrderEvent, received_at: datetime) -> OrderEventAnswer:
    credit = event.credit
    return OrderEventAnswer(
        id=event.source_event_id,
        type=event.type,
        at=event.at,
        received_at=received_at,
        promise=event.promise,
        credit=None if credit is None else MoneyAnswer(minor=-credit.minor, currency=credit.currency),
        parcel=event.parcel,
        jobs=list(event.jobs),
        complaint=event.complaint or None,
    )


def _customer_event(one: ReceivedCustomerEvent) -> CustomerEventAnswer:
    event: CustomerEvent = one.event
    story = event.story
    return CustomerEventAnswer(
        id=event.source_event_id,
        key=one.key,
        type=event.type,
        at=event.at,
        received_at=one.received_at,
        into=event.into,
        birthday=None if event.birthday is None else _day(*event.birthday),
        story=None if story is None else StoryAnswer(on=story.on, about=story.about),
        story_id=event.story_id or None,
    )


def _day(month: int, day: int) -> str:
    return f"{month:02}-{day:02}"
