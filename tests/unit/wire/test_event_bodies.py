from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.domain.event import CustomerEventType, OrderEventType
from app.domain.facts import DatedStory, DayOfYear
from app.domain.format import Context
from app.domain.money import Money
from app.errors import MalformedReport
from app.registry.brands import load_brands
from app.registry.places import BRANDS
from app.wire.event_bodies import (
    CUSTOMER_EVENTS_EXAMPLE,
    ORDER_EVENTS_EXAMPLE,
    checked_key,
    read_customer_events,
    read_lookup,
    read_order_events,
)

NOW = datetime(2025, 11, 13, 9, 0, tzinfo=UTC)
CONTEXT = Context(brand=load_brands(BRANDS)["fernweh"], received_at=NOW)
AT = "2025-11-02T09:00:00Z"


def body(*events: dict[str, Any]) -> bytes:
    return json.dumps({"events": events}).encode()


def test_the_examples_are_understood() -> None:
    shipped, revised, credited = read_order_events(json.dumps(ORDER_EVENTS_EXAMPLE).encode(), CONTEXT)
    assert (shipped.type, shipped.jobs) == (OrderEventType.SHIPPED, ("1",))
    assert revised.promise == datetime(2025, 11, 10, 17, tzinfo=UTC)
    assert credited.credit == Money(-500, "EUR")
    merged, told = read_customer_events(json.dumps(CUSTOMER_EVENTS_EXAMPLE).encode(), CONTEXT)
    assert merged.into == "id:c-7741"
    assert told.story == DatedStory(on=date(2025, 6, 14), about="wedding")


def test_a_birthday_is_a_day_of_the_year_29_february_too() -> None:
    given = {"id": "a", "type": "birthday_given", "at": AT, "birthday": "02-29"}
    (event,) = read_customer_events(body(given), CONTEXT)
    assert (event.type, event.birthday) == (CustomerEventType.BIRTHDAY_GIVEN, DayOfYear(2, 29))


def test_a_story_may_be_from_before_1970() -> None:
    story = {"on": "1961-06-14", "about": "wedding"}
    told = {"id": "a", "type": "story_told", "at": AT, "story_id": "s", "story": story}
    (event,) = read_customer_events(body(told), CONTEXT)
    assert event.story == DatedStory(on=date(1961, 6, 14), about="wedding")


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"type": "promised"}, "promise"),
        ({"type": "credited"}, "credit"),
        ({"type": "credited", "credit": {"minor": -5, "currency": "EUR"}}, "credit/minor"),
        ({"type": "credited", "credit": {"minor": 5, "currency": "EUX"}}, "credit/currency"),
        ({"type": "cancelled", "parcel": "A"}, "parcel"),
        ({"type": "shipped", "complaint": "c"}, "complaint"),
        ({"type": "cancelled", "id": "order:cancelled"}, "id"),
        ({"type": "lost"}, "type"),
        ({"type": "cancelled", "at": "1969-12-31T23:59:59Z"}, "at"),
        ({"type": "cancelled", "at": "2099-01-01T00:00:00Z"}, "at"),
        ({"type": "cancelled", "at": "2025-11-02T09:00:00"}, "at"),
    ],
)
def test_an_order_event_is_refused_where_it_is_wrong(said: dict[str, Any], pointer: str) -> None:
    with pytest.raises(MalformedReport) as refused:
        read_order_events(body({"id": "a", "at": AT} | said), CONTEXT)
    assert [v.pointer for v in refused.value.violations] == [f"/events/0/{pointer}"]
    assert refused.value.violations[0].mend


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"type": "merged"}, "into"),
        ({"type": "merged", "into": "8"}, "into"),
        ({"type": "opted_out", "into": "id:8"}, "into"),
        ({"type": "birthday_given"}, "birthday"),
        ({"type": "birthday_given", "birthday": "02-30"}, "birthday"),
        ({"type": "birthday_given", "birthday": "13-01"}, "birthday"),
        ({"type": "birthday_given", "birthday": "1990-05-17"}, "birthday"),
        ({"type": "story_told", "story_id": "s"}, "story"),
        ({"type": "story_told", "story": {"on": "2025-06-14", "about": "wedding"}}, "story_id"),
        ({"type": "story_told", "story_id": "s", "story": {"on": "0961-06-14", "about": "w"}}, "story/on"),
        ({"type": "story_withdrawn"}, "story_id"),
    ],
)
def test_a_customer_event_is_refused_where_it_is_wrong(said: dict[str, Any], pointer: str) -> None:
    with pytest.raises(MalformedReport) as refused:
        read_customer_events(body({"id": "a", "at": AT} | said), CONTEXT)
    assert [v.pointer for v in refused.value.violations] == [f"/events/0/{pointer}"]
    assert refused.value.violations[0].mend


@pytest.mark.parametrize("text", [b"", b"[]", b'{"events": []}', b'{"events": 1}', b"{}"])
def test_what_holds_no_event_is_refused(text: bytes) -> None:
    with pytest.raises(MalformedReport):
        read_order_events(text, CONTEXT)
    with pytest.raises(MalformedReport):
        read_customer_events(text, CONTEXT)


def test_a_look_up_names_somebody() -> None:
    assert read_lookup(b'{"email": "a@example.com"}', CONTEXT).email == "a@example.com"
    with pytest.raises(MalformedReport):
        read_lookup(b"{}", CONTEXT)


@pytest.mark.parametrize("text", ["7", "", "id:", "phone:7"])
def test_a_key_says_what_it_is(text: str) -> None:
    assert checked_key("id:7") == "id:7"
    with pytest.raises(MalformedReport):
        checked_key(text)
