"""Faults planted on purpose in what is made of events, and in what is chosen: each must be noticed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.domain import fold
from app.selection import caps, decide, holdout
from app.store import customers, thresholds
from app.store.order_events import OrderEventRepository
from tests import arrivals
from tests.unit.services import test_edge_cases

CUSTOMERS, SEED, EVERY = 500, 7, 10
INSTANT = timedelta(microseconds=1)
Right = Callable[..., Any]


def differ() -> bool:
    return any(one.differs for one in arrivals.compare(CUSTOMERS, SEED, EVERY))


def test_without_a_fault_nothing_differs() -> None:
    assert not differ()


def _without(type_: str) -> Callable[[Right], Right]:
    """Hears everything but events of one type."""
    return lambda right: (
        lambda events, *more, **named: right(
            [one for one in events if one.type.value != type_], *more, **named
        )
    )


HEARD: dict[str, tuple[object, str, Callable[[Right], Any]]] = {
    "what is said at the moment itself is not known yet": (
        fold,
        "fold_order",
        lambda right: (
            lambda events, parcels, *, at=None: right(
                events, parcels, at=None if at is None else at - INSTANT
            )
        ),
    ),
    "what is said of a customer is known before it is said": (
        customers,
        "fold_customer",
        lambda right: lambda events, complaints, *, at=None: right(events, complaints, at=at and None),
    ),
    "a revised promise is overheard": (fold, "_promise", _without("promise_revised")),
    "a promise said later is overheard": (fold, "_promise", _without("promised")),
    "an order has arrived with its first parcel": (
        fold,
        "_whole",
        lambda _right: lambda events, type_, _parcels: fold._first(events, type_),
    ),
    "a cancellation counts from when it was said last": (
        fold,
        "_first",
        lambda _right: lambda events, type_: max((e.at for e in events if e.type is type_), default=None),
    ),
    "one complaint's end closes another": (
        fold,
        "_complaints",
        lambda right: lambda events: right([replace(one, complaint="") for one in events]),
    ),
    "who opted in again stays out": (fold, "_later", lambda _right: lambda last, yes, _no: last.get(yes)),
    "a withdrawn story is told": (fold, "_stories", _without("story_withdrawn")),
    "an un-merge changes nothing": (customers, "fold_alias", _without("unmerged")),
    "the first merge stands": (
        customers,
        "fold_alias",
        lambda right: lambda events: right(sorted(events, key=lambda one: one.at)[:1]),
    ),
    "what came before its order is forgotten": (
        OrderEventRepository,
        "apply",
        lambda _right: lambda _self, _brand, _order: False,
    ),
    "older truth leaves T as it was": (
        thresholds.Thresholds,
        "older_truth",
        lambda _right: lambda _self, _brand, _since=None: None,
    ),
}


@pytest.mark.parametrize(("where", "name", "fault"), HEARD.values(), ids=HEARD)
def test_a_fault_in_what_is_heard_is_noticed(
    where: object, name: str, fault: Callable[[Right], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(where, name, fault(getattr(where, name)))
    assert differ()


CHOSEN: dict[str, tuple[object, str, Callable[[Right], Any], str]] = {
    "no cap is kept": (
        caps,
        "_dated",
        lambda right: lambda *said: replace(right(*said), passed=True),
        "second delay within the cap",
    ),
    "the least comes first": (
        decide,
        "by_priority",
        lambda right: lambda *said: right(*said)[::-1],
        "recovery and high value together",
    ),
    "wordings are said again": (
        decide,
        "weigh",
        lambda right: lambda *said, **named: right(*said, **(named | {"used": ()})),
        "all variants exhausted",
    ),
    "a second trouble calls for nobody": (
        decide,
        "why_write",
        lambda _right: lambda *_: "",
        "second delay within the cap",
    ),
    "the holdout holds back after trouble": (
        decide,
        "_is_withheld",
        lambda _right: lambda case, _match: case.assignment.arm.value == "holdout",
        "holdout stable across rule edits",
    ),
    "the holdout holds nothing back": (
        decide,
        "_is_withheld",
        lambda _right: lambda *_: False,
        "holdout stable across rule edits",
    ),
    "the holdout is drawn anew by another process": (
        holdout,
        "drawn",
        lambda right: lambda secret, *parts: right(secret, *parts, "started later"),
        "holdout stable across restarts",
    ),
    "a gift's card tells of the buyer": (
        decide,
        "spoken_occasion",
        lambda _right: lambda _order, occasion: occasion,
        "gift recipient is not the buyer",
    ),
}


@pytest.mark.parametrize(("where", "name", "fault", "case"), CHOSEN.values(), ids=CHOSEN)
def test_a_fault_in_what_is_chosen_is_noticed(
    where: object, name: str, fault: Callable[[Right], Any], case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(where, name, fault(getattr(where, name)))
    with pytest.raises(AssertionError):
        test_edge_cases.CASES[case]()
