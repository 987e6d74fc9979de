from __future__ import annotations

import itertools
import random
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.event import CustomerEvent, CustomerEventType, OrderEvent, OrderEventType, stated
from app.domain.facts import DatedStory, DayOfYear
from app.domain.fold import fold_alias, fold_customer, fold_order

START = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)
PARCELS = {"1": "A", "2": "B"}
Happened, Known = OrderEventType, CustomerEventType


def day(number: int) -> datetime:
    return START + number * DAY


def order_event(type_: OrderEventType, on: int, **more: object) -> OrderEvent:
    said = {"source_event_id": f"{type_}-{on}-{sorted(more.items(), key=str)}"} | more
    return OrderEvent(type=type_, at=day(on), **said)  # type: ignore[arg-type]


def customer_event(type_: CustomerEventType, on: int, **more: object) -> CustomerEvent:
    said = {"source_event_id": f"{type_}-{on}-{sorted(more.items(), key=str)}"} | more
    return CustomerEvent(type=type_, at=day(on), **said)  # type: ignore[arg-type]


days = st.integers(0, 6)
order_events = st.builds(
    lambda type_, on, parcel, promise, complaint, id_: OrderEvent(
        type=type_,
        at=day(on),
        source_event_id=id_,
        parcel=parcel,
        promise=day(promise) if type_ in (Happened.PROMISED, Happened.PROMISE_REVISED) else None,
        complaint=complaint,
    ),
    st.sampled_from(list(Happened)),
    days,
    st.sampled_from([None, "A", "B", "unknown"]),
    days,
    st.sampled_from(["", "c2"]),
    st.uuids().map(str),
)
customer_events = st.builds(
    lambda type_, on, story, into, id_: CustomerEvent(
        type=type_,
        at=day(on),
        source_event_id=id_,
        birthday=DayOfYear(5, 1 + on) if type_ is Known.BIRTHDAY_GIVEN else None,
        story=DatedStory(on=date(2025, 5, 1 + on), about="wedding") if type_ is Known.STORY_TOLD else None,
        story_id=story,
        into=into if type_ is Known.MERGED else None,
    ),
    st.sampled_from(list(Known)),
    days,
    st.sampled_from(["album", "trip"]),
    st.sampled_from(["id:8", "id:9"]),
    st.uuids().map(str),
)


@given(st.lists(order_events, max_size=12, unique_by=lambda e: e.source_event_id), st.randoms(), days)
def test_an_orders_events_amount_to_the_same_in_any_order_and_however_often(
    events: list[OrderEvent], chance: random.Random, on: int
) -> None:
    again = events + chance.choices(events, k=3) if events else []
    chance.shuffle(again)
    for parcels in (PARCELS, {}):
        for at in (None, day(on)):
            assert fold_order(again, parcels, at=at) == fold_order(events, parcels, at=at)


@given(st.lists(customer_events, max_size=12, unique_by=lambda e: e.source_event_id), st.randoms(), days)
def test_a_customers_events_amount_to_the_same_in_any_order_and_however_often(
    events: list[CustomerEvent], chance: random.Random, on: int
) -> None:
    again = events + chance.choices(events, k=3) if events else []
    chance.shuffle(again)
    for at in (None, day(on)):
        assert fold_customer(again, at=at) == fold_customer(events, at=at)
    assert fold_alias(again) == fold_alias(events)


@given(st.lists(order_events, max_size=12), days)
def test_what_is_known_at_a_moment_is_what_the_events_up_to_it_say(events: list[OrderEvent], on: int) -> None:
    until = [event for event in events if event.at <= day(on)]
    assert fold_order(events, PARCELS, at=day(on)) == fold_order(until, PARCELS)


def test_an_order_says_its_own_moments_and_its_promise_counts_from_when_it_was_placed() -> None:
    events = stated(placed_at=day(0), promised_at=day(5), shipped_at=day(2), cancelled_at=day(3))
    assert fold_order(events, PARCELS, at=day(0)).promised_at == day(5)
    assert fold_order(events, PARCELS, at=day(1)).shipped_at is None
    state = fold_order(events, PARCELS)
    assert (state.shipped_at, state.cancelled_at, state.delivered_at) == (day(2), day(3), None)


def test_a_promise_that_was_revised_counts_from_its_revision() -> None:
    events = [
        *stated(placed_at=day(0), promised_at=day(2)),
        order_event(Happened.PROMISE_REVISED, 1, promise=day(4)),
    ]
    assert fold_order(events, {}, at=day(0)).promised_at == day(2)
    assert fold_order(events, {}, at=day(1)).promised_at == day(4)


@pytest.mark.parametrize("type_", [Happened.PROMISED, Happened.PROMISE_REVISED])
def test_what_is_promised_at_the_moment_of_the_order_comes_after_its_own_promise(
    type_: OrderEventType,
) -> None:
    own = stated(placed_at=day(0), promised_at=day(2))
    said = order_event(type_, 0, promise=day(4), source_event_id="a")
    assert fold_order([*own, said], {}).promised_at == day(4)
    revised = order_event(Happened.PROMISE_REVISED, 0, promise=day(5), source_event_id="a")
    again = order_event(Happened.PROMISED, 0, promise=day(6), source_event_id="b")
    assert fold_order([*own, revised, again], {}).promised_at == day(5)


def test_of_two_revisions_of_one_moment_the_one_whose_id_sorts_last_counts() -> None:
    revised = OrderEventType.PROMISE_REVISED
    one = order_event(revised, 3, source_event_id="a", promise=day(9))
    other = order_event(revised, 3, source_event_id="b", promise=day(7))
    first = order_event(OrderEventType.PROMISED, 3, source_event_id="z", promise=day(5))
    for events in itertools.permutations([one, other, first]):
        assert fold_order(events, {}).promised_at == day(7)


def test_a_split_shipment_has_shipped_when_its_last_parcel_has() -> None:
    first, second = order_event(Happened.SHIPPED, 1, parcel="A"), order_event(Happened.SHIPPED, 3, parcel="B")
    assert fold_order([first], PARCELS).shipped_at is None
    assert fold_order([second, first], PARCELS).shipped_at == day(3)


def test_parcels_of_an_order_whose_jobs_are_not_known_are_those_that_events_name() -> None:
    events = [order_event(Happened.SHIPPED, 1, parcel="A"), order_event(Happened.SHIPPED, 2, parcel="B")]
    assert fold_order(events, {}, at=day(1)).shipped_at == day(1)
    assert fold_order(events, {}).shipped_at == day(2)
    assert fold_order([*events, order_event(Happened.DELIVERED, 3, parcel="A")], {}).delivered_at is None


def test_a_shipment_of_some_jobs_waits_for_the_others_and_one_of_the_whole_order_for_none() -> None:
    part = order_event(Happened.SHIPPED, 1, jobs=("1",))
    assert fold_order([part], PARCELS).shipped_at is None
    assert fold_order([part, order_event(Happened.SHIPPED, 4)], PARCELS).shipped_at == day(4)


def test_a_cancellation_a_reprint_and_a_shipment_count_from_the_first_time_they_are_said() -> None:
    events = [
        order_event(type_, on)
        for type_ in (Happened.CANCELLED, Happened.REPRINTED, Happened.SHIPPED)
        for on in (3, 2)
    ]
    state = fold_order(events, PARCELS)
    assert {state.cancelled_at, state.reprinted_at, state.shipped_at} == {day(2)}


@pytest.mark.parametrize(
    ("events", "is_open"),
    [
        ([(Happened.COMPLAINT_OPENED, 1, "")], True),
        ([(Happened.COMPLAINT_OPENED, 1, ""), (Happened.COMPLAINT_CLOSED, 2, "")], False),
        ([(Happened.COMPLAINT_OPENED, 1, ""), (Happened.COMPLAINT_CLOSED, 1, "")], False),
        (
            [
                (Happened.COMPLAINT_OPENED, 1, ""),
                (Happened.COMPLAINT_CLOSED, 2, ""),
                (Happened.COMPLAINT_OPENED, 3, ""),
            ],
            True,
        ),
        (
            [
                (Happened.COMPLAINT_OPENED, 1, "a"),
                (Happened.COMPLAINT_OPENED, 1, "b"),
                (Happened.COMPLAINT_CLOSED, 2, "a"),
            ],
            True,
        ),
        ([(Happened.COMPLAINT_CLOSED, 2, "")], False),
    ],
)
def test_a_complaint_is_open_until_it_is_closed(
    events: list[tuple[OrderEventType, int, str]], *, is_open: bool
) -> None:
    found = [order_event(type_, on, complaint=which) for type_, on, which in events]
    assert fold_order(found, {}).complaint_open is is_open
    assert fold_customer([], {"order": found}).open_complaint is is_open


def test_opting_in_again_undoes_an_opt_out_and_the_other_way_round() -> None:
    out, back = customer_event(Known.OPTED_OUT, 1), customer_event(Known.OPTED_IN, 3)
    assert fold_customer([back, out], at=day(2)).opted_out
    assert not fold_customer([back, out]).opted_out
    assert fold_customer([back, out, customer_event(Known.OPTED_OUT, 4)]).opted_out


def test_a_bereavement_holds_until_it_is_cleared() -> None:
    events = [customer_event(Known.BEREAVEMENT_SET, 1), customer_event(Known.BEREAVEMENT_CLEARED, 3)]
    assert fold_customer(events, at=day(2)).bereaved
    assert not fold_customer(events).bereaved


def test_an_event_from_the_future_counts_from_its_moment_on() -> None:
    out = customer_event(Known.OPTED_OUT, 5)
    assert not fold_customer([out], at=day(4)).opted_out
    assert fold_customer([out], at=day(5)).opted_out


def test_an_erasure_takes_birthday_and_stories_however_late_they_are_heard_of() -> None:
    told = [
        customer_event(Known.BIRTHDAY_GIVEN, 1, birthday=DayOfYear(5, 1)),
        customer_event(
            Known.STORY_TOLD, 2, story=DatedStory(on=date(2025, 5, 1), about="birth"), story_id="s"
        ),
        customer_event(Known.OPTED_OUT, 1),
    ]
    standing = fold_customer([*told, customer_event(Known.ERASED, 3)])
    assert (standing.birthday, standing.stories, standing.erased_at) == (None, (), day(3))
    assert standing.opted_out
    anew = customer_event(Known.BIRTHDAY_GIVEN, 4, birthday=DayOfYear(5, 2))
    assert fold_customer([*told, customer_event(Known.ERASED, 3), anew]).birthday == DayOfYear(5, 2)


def test_a_story_told_anew_replaces_the_first_and_a_withdrawn_one_is_gone() -> None:
    first = DatedStory(on=date(2025, 5, 1), about="wedding")
    second = DatedStory(on=date(2025, 5, 2), about="wedding")
    told = [
        customer_event(Known.STORY_TOLD, 1, story=first, story_id="album"),
        customer_event(Known.STORY_TOLD, 2, story=second, story_id="album"),
    ]
    assert fold_customer(told).stories == (second,)
    assert fold_customer([*told, customer_event(Known.STORY_WITHDRAWN, 3, story_id="album")]).stories == ()


def test_a_merge_counts_at_once_and_until_it_is_undone() -> None:
    merged, parted = customer_event(Known.MERGED, 9, into="id:8"), customer_event(Known.UNMERGED, 10)
    assert fold_alias([merged]) == "id:8"
    assert fold_alias([parted, merged]) is None
    assert fold_alias([parted, merged, customer_event(Known.MERGED, 11, into="id:9")]) == "id:9"
