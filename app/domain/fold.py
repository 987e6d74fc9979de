"""What a set of events amounts to, as known at a moment: the same however they came.

An event counts at a moment if its `at` is not later. Of two that contradict each other the later one holds;
of two at the same moment, the one whose (type, id) sorts last: the answer never depends on arrival.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.event import STATED, CustomerEvent, CustomerEventType, OrderEvent, OrderEventType
from app.domain.facts import DatedStory, DayOfYear

_PROMISES = frozenset({OrderEventType.PROMISED, OrderEventType.PROMISE_REVISED})
_PERSONAL = frozenset({CustomerEventType.BIRTHDAY_GIVEN, CustomerEventType.STORY_TOLD})
"""What an erasure takes away, however late it is heard of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderState:
    """What is known of an order. `complaint_closed_at` is None while any of its complaints is open."""

    promised_at: datetime | None = None
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    cancelled_at: datetime | None = None
    reprinted_at: datetime | None = None
    complaint_opened_at: datetime | None = None
    """When its last complaint was opened."""
    complaint_closed_at: datetime | None = None

    @property
    def complaint_open(self) -> bool:
        """Whether a complaint waits for its end."""
        return self.complaint_opened_at is not None and self.complaint_closed_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of a customer beside their orders."""

    opted_out: bool = False
    bereaved: bool = False
    open_complaint: bool = False
    """Whether any complaint about any of their orders is open."""
    shares_address: bool = False
    """Whether another customer, by another id, said an e-mail address of theirs: who of the two ordered what
    is not certain, and they may be one person."""
    erased_at: datetime | None = None
    birthday: DayOfYear | None = None
    stories: tuple[DatedStory, ...] = ()
    """In the order of their ids."""


def fold_order(
    events: Iterable[OrderEvent], parcels: Mapping[str, str | None], *, at: datetime | None = None
) -> OrderState:
    """What an order's events amount to.

    Args:
        events: what was said of it, its own first statement among them (see `event.stated`).
        parcels: each of its jobs, by the sender's id, with the parcel it goes into; empty where nothing is
            known of them, as for imported orders.
        at: the moment as of which; None: as of the end of time.
    """
    known = [event for event in events if at is None or event.at <= at]
    complained, closed = _complaints(known)
    return OrderState(
        promised_at=_promise(known),
        shipped_at=_whole(known, OrderEventType.SHIPPED, parcels),
        delivered_at=_whole(known, OrderEventType.DELIVERED, parcels),
        cancelled_at=_first(known, OrderEventType.CANCELLED),
        reprinted_at=_first(known, OrderEventType.REPRINTED),
        complaint_opened_at=complained,
        complaint_closed_at=closed,
    )


def fold_customer(
    events: Iterable[CustomerEvent],
    complaints: Mapping[str, Collection[OrderEvent]] | None = None,
    *,
    at: datetime | None = None,
) -> Standing:
    """What the events of a customer, under all their merged keys, amount to.

    Args:
        events: as above.
        complaints: the events of their orders that hold complaints, by order.
        at: the moment as of which; None: as of the end of time.
    """
    known = sorted((event for event in events if at is None or event.at <= at), key=_rank)
    erased = max((event.at for event in known if event.type is CustomerEventType.ERASED), default=None)
    if erased is not None:
        known = [event for event in known if event.type not in _PERSONAL or event.at > erased]
    last = {event.type: event for event in known}
    given = _later(last, CustomerEventType.BIRTHDAY_GIVEN, CustomerEventType.BIRTHDAY_WITHDRAWN)
    return Standing(
        opted_out=_later(last, CustomerEventType.OPTED_OUT, CustomerEventType.OPTED_IN) is not None,
        bereaved=_later(last, CustomerEventType.BEREAVEMENT_SET, CustomerEventType.BEREAVEMENT_CLEARED)
        is not None,
        open_complaint=any(
            fold_order(of_one, {}, at=at).complaint_open for of_one in (complaints or {}).values()
        ),
        erased_at=erased,
        birthday=given.birthday if given else None,
        stories=_stories(known),
    )


def fold_alias(events: Iterable[CustomerEvent]) -> str | None:
    """Whom a customer was merged into, or None.

    Who somebody is has no beginning: a merge counts as soon as it is known, for all orders, and its `at`
    only tells which of several merges and un-merges is the last.
    """
    last = {event.type: event for event in sorted(events, key=_rank)}
    merged = _later(last, CustomerEventType.MERGED, CustomerEventType.UNMERGED)
    return merged.into if merged else None


@dataclass(slots=True)
class _Cover:
    """When each part of an order was first reported, by name; `whole` for the order as one."""

    whole: datetime | None = None
    parts: dict[str, datetime] = field(default_factory=dict)

    def add(self, part: str, at: datetime) -> None:
        """Take the earlier moment."""
        self.parts[part] = min(at, self.parts.get(part, at))


def _whole(
    events: Iterable[OrderEvent], type_: OrderEventType, parcels: Mapping[str, str | None]
) -> datetime | None:
    """When the last part of the order had shipped, or come; None while one is missing.

    The parts are its jobs. A parcel that the order did not name is a part by itself, from the first event
    that names it; where the jobs are not known, such parcels are all there is to go by.
    """
    cover = _Cover()
    parts: set[str] = set()
    for event in events:
        if event.type not in (OrderEventType.SHIPPED, OrderEventType.DELIVERED):
            continue
        named = _parts(event, parcels)
        parts |= named
        if event.type is type_:
            if not named:
                cover.whole = event.at if cover.whole is None else min(cover.whole, event.at)
            for part in named:
                cover.add(part, event.at)
    if not parts:
        return cover.whole
    if not parts.isdisjoint(parcels):
        parts |= parcels.keys()
    moments = [_earlier(cover.whole, cover.parts.get(part)) for part in parts]
    known = [moment for moment in moments if moment is not None]
    return max(known) if len(known) == len(parts) else None


def _parts(event: OrderEvent, parcels: Mapping[str, str | None]) -> set[str]:
    if event.jobs:
        return set(event.jobs)
    if event.parcel is None:
        return set()
    within = {job for job, parcel in parcels.items() if parcel == event.parcel}
    return within or {f"parcel {event.parcel}"}


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((moment for moment in (one, other) if moment is not None), default=None)


def _promise(events: Iterable[OrderEvent]) -> datetime | None:
    """The promise that was made last; of those of one moment, a revision, and else not the order's own."""
    made = [event for event in events if event.type in _PROMISES]
    return max(made, key=_promise_rank).promise if made else None


def _promise_rank(event: OrderEvent) -> tuple[datetime, bool, bool, str]:
    revises = event.type is OrderEventType.PROMISE_REVISED
    return event.at, revises, not event.source_event_id.startswith(STATED), event.source_event_id


def _first(events: Iterable[OrderEvent], type_: OrderEventType) -> datetime | None:
    return min((event.at for event in events if event.type is type_), default=None)


def _complaints(events: Iterable[OrderEvent]) -> tuple[datetime | None, datetime | None]:
    """When the last complaint was opened, and when the last one was closed unless one is open."""
    opened: dict[str, datetime] = {}
    closed: dict[str, datetime] = {}
    for event in events:
        if event.type is OrderEventType.COMPLAINT_OPENED:
            opened[event.complaint] = max(event.at, opened.get(event.complaint, event.at))
        elif event.type is OrderEventType.COMPLAINT_CLOSED:
            closed[event.complaint] = max(event.at, closed.get(event.complaint, event.at))
    if not opened:
        return None, None
    ended = [closed[one] for one, at in opened.items() if one in closed and closed[one] >= at]
    return max(opened.values()), max(ended) if len(ended) == len(opened) else None


def _later(
    last: Mapping[CustomerEventType, CustomerEvent], yes: CustomerEventType, no: CustomerEventType
) -> CustomerEvent | None:
    """The last event that says yes, unless one says no at the same moment or later."""
    said, unsaid = last.get(yes), last.get(no)
    if said is None or (unsaid is not None and unsaid.at >= said.at):
        return None
    return said


def _stories(events: Iterable[CustomerEvent]) -> tuple[DatedStory, ...]:
    """The stories that were told and not withdrawn; `events` are sorted."""
    told: dict[str, CustomerEvent] = {}
    withdrawn: dict[str, datetime] = {}
    for event in events:
        if event.type is CustomerEventType.STORY_TOLD and event.story is not None:
            told[event.story_id] = event
        elif event.type is CustomerEventType.STORY_WITHDRAWN:
            withdrawn[event.story_id] = event.at
    return tuple(
        event.story
        for id_, event in sorted(told.items())
        if event.story is not None and not (id_ in withdrawn and withdrawn[id_] >= event.at)
    )


def _rank(event: OrderEvent | CustomerEvent) -> tuple[datetime, str, str]:
    return event.at, event.type.value, event.source_event_id
