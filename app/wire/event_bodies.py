"""Events as they are posted to the API: what each kind needs, with every fault told at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from app.domain.event import STATED, CustomerEvent, CustomerEventType, OrderEvent, OrderEventType
from app.domain.facts import DatedStory
from app.domain.format import Context
from app.domain.money import Money
from app.errors import MalformedOrder, MalformedReport, Violation
from app.wire.fields import (
    MOST_JOBS,
    MOST_MINOR,
    BirthdayText,
    Code,
    Coming,
    Currency,
    Language,
    Name,
    day_of_year,
    violation,
)
from app.wire.reading import Model, read
from app.wire.strict_json import child, decode_object, malformed

_MOST_EVENTS = 200
_KEY = re.compile(r"(id|mail):.+", re.DOTALL)
_FIRST_YEAR = 1900
_PROMISES = {OrderEventType.PROMISED, OrderEventType.PROMISE_REVISED}
_ARRIVALS = {OrderEventType.SHIPPED, OrderEventType.DELIVERED}
_COMPLAINTS = {OrderEventType.COMPLAINT_OPENED, OrderEventType.COMPLAINT_CLOSED}
_STORIES = {CustomerEventType.STORY_TOLD, CustomerEventType.STORY_WITHDRAWN}

ORDER_EVENTS_EXAMPLE: dict[str, Any] = {
    "events": [
        {"id": "ship-88", "type": "shipped", "at": "2025-11-05T16:20:00+01:00", "jobs": ["1"]},
        {
            "id": "promise-2",
            "type": "promise_revised",
            "at": "2025-11-06T09:00:00+01:00",
            "promise": "2025-11-10T18:00:00+01:00",
        },
        {
            "id": "refund-4",
            "type": "credited",
            "at": "2025-11-12T11:00:00+01:00",
            "credit": {"minor": 500, "currency": "EUR"},
        },
    ]
}
CUSTOMER_EVENTS_EXAMPLE: dict[str, Any] = {
    "events": [
        {"id": "merge-3", "type": "merged", "at": "2025-11-05T16:20:00+01:00", "into": "id:c-7741"},
        {
            "id": "album-9",
            "type": "story_told",
            "at": "2025-11-05T16:20:00+01:00",
            "story_id": "wedding-album",
            "story": {"on": "2025-06-14", "about": "wedding"},
        },
    ]
}
CUSTOMER_EXAMPLE: dict[str, Any] = {"given_name": "Jonna", "language": "de", "birthday": "05-17"}


def _own_id(text: str) -> str:
    if text.startswith(STATED):
        mine = f"begins with {STATED!r}, which tipin keeps for itself"
        raise violation("reserved", mine, "name it otherwise")
    return text


def _key(text: str) -> str:
    if not _KEY.fullmatch(text):
        raise violation("customer_key", "is no customer key", "write id:YOUR-ID, or ask /v1/customers/lookup")
    return text


def _year(day: date) -> date:
    if day.year < _FIRST_YEAR:
        raise violation("story_day", f"lies before {_FIRST_YEAR}", "check the year")
    return day


EventId = Annotated[Code, AfterValidator(_own_id)]
CustomerKey = Annotated[Code, AfterValidator(_key)]


class _In(BaseModel):
    """Exact types; unknown fields are passed over."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)


class CreditIn(_In):
    """Money given back, in the currency's smallest unit."""

    minor: Annotated[int, Field(ge=1, le=MOST_MINOR, description="Minor units: 500 is 5.00 EUR.")]
    currency: Currency


class OrderEventIn(_In):
    """One thing that happened to an order."""

    id: Annotated[EventId, Field(description="Your own id of it: sent again, it is the same event.")]
    type: Annotated[OrderEventType, Field(strict=False)]
    at: Annotated[Coming, Field(description="When it happened; it counts from then on.", strict=False)]
    promise: Annotated[Coming | None, Field(description="Of promised, promise_revised.", strict=False)] = None
    credit: Annotated[CreditIn | None, Field(description="Of credited.")] = None
    parcel: Annotated[Code | None, Field(description="Of shipped, delivered: only this parcel.")] = None
    jobs: Annotated[
        tuple[Code, ...],
        Field(max_length=MOST_JOBS, description="Of shipped, delivered: only these jobs.", strict=False),
    ] = ()
    complaint: Annotated[Code | None, Field(description="Which, where an order has several.")] = None


class OrderEventsIn(_In):
    """Events of one order, in any order."""

    model_config = ConfigDict(json_schema_extra={"examples": [ORDER_EVENTS_EXAMPLE]})

    events: Annotated[tuple[OrderEventIn, ...], Field(min_length=1, max_length=_MOST_EVENTS, strict=False)]


class StoryIn(_In):
    """A dated event that the customer told of."""

    on: Annotated[date, Field(strict=False), AfterValidator(_year)]
    about: Annotated[Code, Field(description="What it was, as a code.", examples=["wedding"])]


class CustomerEventIn(_In):
    """One thing that became known of a customer."""

    id: Annotated[EventId, Field(description="Your own id of it: sent again, it is the same event.")]
    type: Annotated[CustomerEventType, Field(strict=False)]
    at: Annotated[Coming, Field(description="When it became so; it counts from then on.", strict=False)]
    into: Annotated[CustomerKey | None, Field(description="Of merged: the key of who remains.")] = None
    birthday: Annotated[BirthdayText | None, Field(description="Of birthday_given.")] = None
    story: Annotated[StoryIn | None, Field(description="Of story_told.")] = None
    story_id: Annotated[Code | None, Field(description="Of story_told, story_withdrawn.")] = None


class CustomerEventsIn(_In):
    """Events of one customer, in any order."""

    model_config = ConfigDict(json_schema_extra={"examples": [CUSTOMER_EVENTS_EXAMPLE]})

    events: Annotated[tuple[CustomerEventIn, ...], Field(min_length=1, max_length=_MOST_EVENTS, strict=False)]


class CustomerSaidIn(_In):
    """What is said of a customer; what is left out stays as it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [CUSTOMER_EXAMPLE]})

    given_name: Name | None = None
    display_name: Name | None = None
    language: Language | None = None
    birthday: Annotated[
        BirthdayText | None, Field(description="Only where they gave it to be written to on it.")
    ] = None


class LookupIn(_In):
    """Who is looked up; the best name wins, as in an order."""

    id: Code | None = None
    email: Code | None = None


def read_order_events(body: bytes, context: Context) -> tuple[OrderEvent, ...]:
    """The events that a body tells of an order.

    Raises:
        MalformedReport: with every violation.
    """
    model = _read(OrderEventsIn, body, context)
    _refuse(v for i, event in enumerate(model.events) for v in _order_faults(event, child("/events", i)))
    return tuple(_order_event(event) for event in model.events)


def read_customer_events(body: bytes, context: Context) -> tuple[CustomerEvent, ...]:
    """The events that a body tells of a customer.

    Raises:
        MalformedReport: with every violation.
    """
    model = _read(CustomerEventsIn, body, context)
    _refuse(v for i, event in enumerate(model.events) for v in _customer_faults(event, child("/events", i)))
    return tuple(_customer_event(event) for event in model.events)


def read_customer(body: bytes, context: Context) -> tuple[dict[str, str | None], tuple[CustomerEvent, ...]]:
    """Names by field, and what else a body says of a customer, as events of the moment it came.

    Raises:
        MalformedReport: with every violation.
    """
    model = _read(CustomerSaidIn, body, context)
    names = {"given_name": model.given_name, "display_name": model.display_name, "language": model.language}
    if model.birthday is None:
        return names, ()
    said = f"{STATED}said {context.received_at.isoformat()} birthday"
    return names, (_birthday(model.birthday, said, context.received_at),)


def read_lookup(body: bytes, context: Context) -> LookupIn:
    """Whom a body asks for.

    Raises:
        MalformedReport: it names nobody.
    """
    model = _read(LookupIn, body, context)
    if not model.id and not model.email:
        _refuse([Violation("", "names nobody", "send id or email")])
    return model


def checked_key(text: str) -> str:
    """A customer key as it stands in an address.

    Raises:
        MalformedReport: it is none.
    """
    if not _KEY.fullmatch(text) or len(text) > _MOST_EVENTS:
        raise MalformedReport(
            f"{text[:40]!r} is no customer key", mend="write id:YOUR-ID, or ask POST /v1/customers/lookup"
        )
    return text


def _read(model: type[Model], body: bytes, context: Context) -> Model:
    try:
        return read(model, decode_object(body), context)
    except MalformedOrder as error:
        raise MalformedReport(error.detail, mend=error.mend, violations=error.violations) from error


def _refuse(found: Iterator[Violation] | list[Violation]) -> None:
    if violations := tuple(found):
        error = malformed(violations)
        raise MalformedReport(error.detail, mend=error.mend, violations=error.violations)


def _order_faults(event: OrderEventIn, pointer: str) -> Iterator[Violation]:
    """What a single field cannot know: which fields belong to which kind of event."""
    kind = event.type
    yield from _belongs(pointer, "promise", event.promise, kind, needed=kind in _PROMISES)
    yield from _belongs(pointer, "credit", event.credit, kind, needed=kind is OrderEventType.CREDITED)
    for name, value in (("parcel", event.parcel), ("jobs", event.jobs)):
        yield from _belongs(pointer, name, value, kind, allowed=kind in _ARRIVALS)
    yield from _belongs(pointer, "complaint", event.complaint, kind, allowed=kind in _COMPLAINTS)


def _customer_faults(event: CustomerEventIn, pointer: str) -> Iterator[Violation]:
    kind = event.type
    yield from _belongs(pointer, "into", event.into, kind, needed=kind is CustomerEventType.MERGED)
    given = kind is CustomerEventType.BIRTHDAY_GIVEN
    yield from _belongs(pointer, "birthday", event.birthday, kind, needed=given)
    yield from _belongs(pointer, "story", event.story, kind, needed=kind is CustomerEventType.STORY_TOLD)
    yield from _belongs(pointer, "story_id", event.story_id, kind, needed=kind in _STORIES)


def _belongs(
    pointer: str, name: str, value: object, kind: str, *, needed: bool = False, allowed: bool = False
) -> Iterator[Violation]:
    if needed and value is None:
        yield Violation(child(pointer, name), f"is missing, and {kind} says it", "add it")
    if not needed and not allowed and value:
        yield Violation(child(pointer, name), f"is nothing that {kind} says", "take it out")


def _order_event(model: OrderEventIn) -> OrderEvent:
    credit = model.credit
    return OrderEvent(
        type=model.type,
        at=model.at,
        source_event_id=model.id,
        promise=model.promise,
        credit=None if credit is None else Money(-credit.minor, credit.currency),
        parcel=model.parcel,
        jobs=model.jobs,
        complaint=model.complaint or "",
    )


def _customer_event(model: CustomerEventIn) -> CustomerEvent:
    if model.birthday is not None:
        return _birthday(model.birthday, model.id, model.at)
    story = model.story
    return CustomerEvent(
        type=model.type,
        at=model.at,
        source_event_id=model.id,
        into=model.into,
        story=None if story is None else DatedStory(on=story.on, about=story.about),
        story_id=model.story_id or "",
    )


def _birthday(text: str, event_id: str, at: datetime) -> CustomerEvent:
    return CustomerEvent(
        type=CustomerEventType.BIRTHDAY_GIVEN,
        at=at,
        source_event_id=event_id,
        birthday=day_of_year(text),
    )
