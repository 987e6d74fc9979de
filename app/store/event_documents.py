"""Events as rows, and back: what every event has in columns, what only some have as JSON."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, NamedTuple

from app.domain.event import CustomerEvent, CustomerEventType, OrderEvent, OrderEventType
from app.domain.facts import DatedStory, DayOfYear
from app.domain.money import Money
from app.store.columns import micros, moment

ERASED_DOCUMENT = {"erased": True}
"""Stands where an erased customer's event said something of them."""


class EventColumns(NamedTuple):
    """An event as the tables of events hold it; `at` in microseconds."""

    source_event_id: str
    type: str
    at: int
    document: str


def order_event_columns(event: OrderEvent) -> EventColumns:
    """An order's event as a row."""
    document: dict[str, Any] = {
        "promise": None if event.promise is None else micros(event.promise),
        "credit": None if event.credit is None else [event.credit.minor, event.credit.currency],
        "parcel": event.parcel,
        "jobs": list(event.jobs),
        "complaint": event.complaint,
    }
    return _columns(event, document)


def read_order_event(source_event_id: str, type_: str, at: int, document: object) -> OrderEvent:
    """The inverse of `order_event_columns`."""
    found = _document(document)
    promise, credit = found.get("promise"), found.get("credit")
    return OrderEvent(
        type=OrderEventType(type_),
        at=moment(at),
        source_event_id=source_event_id,
        promise=None if promise is None else moment(promise),
        credit=None if credit is None else Money(*credit),
        parcel=found.get("parcel"),
        jobs=tuple(found.get("jobs", ())),
        complaint=found.get("complaint", ""),
    )


def customer_event_columns(event: CustomerEvent) -> EventColumns:
    """A customer's event as a row."""
    story = event.story
    document: dict[str, Any] = {
        "into": event.into,
        "birthday": None if event.birthday is None else list(event.birthday),
        "story": None if story is None else {"on": story.on.isoformat(), "about": story.about},
        "story_id": event.story_id,
    }
    return _columns(event, document)


def read_customer_event(source_event_id: str, type_: str, at: int, document: object) -> CustomerEvent:
    """The inverse of `customer_event_columns`."""
    found = _document(document)
    birthday, story = found.get("birthday"), found.get("story")
    return CustomerEvent(
        type=CustomerEventType(type_),
        at=moment(at),
        source_event_id=source_event_id,
        into=found.get("into"),
        birthday=None if birthday is None else DayOfYear(*birthday),
        story=None if story is None else DatedStory(on=date.fromisoformat(story["on"]), about=story["about"]),
        story_id=found.get("story_id", ""),
    )


def is_erased(document: object) -> bool:
    """Whether an event's document was erased."""
    return _document(document) == ERASED_DOCUMENT


def _columns(event: OrderEvent | CustomerEvent, document: dict[str, Any]) -> EventColumns:
    """The row; what says nothing is left out, so that equal events are equal texts."""
    said = {key: value for key, value in document.items() if value not in (None, "", [])}
    return EventColumns(
        event.source_event_id, event.type.value, micros(event.at), json.dumps(said, sort_keys=True)
    )


def _document(stored: object) -> dict[str, Any]:
    """SQLite's driver gives JSON as its text, PostgreSQL's as the document."""
    found: dict[str, Any] = json.loads(stored) if isinstance(stored, str) else stored  # type: ignore[assignment]
    return found
