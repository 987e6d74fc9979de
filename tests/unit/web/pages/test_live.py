from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import Request
from fastapi.sse import ServerSentEvent

from app.domain.insert import InsertState
from app.store.overview import OrderFilter, OrderLine
from app.web.pages import live
from app.web.pages.live import ListWatch
from tests.desk import OPERATOR, PASSWORD, Plant
from tests.sent import Sent, many


def watch(plant: Plant, shown: tuple[OrderLine, ...]) -> ListWatch:
    return ListWatch(
        plant.desk(),
        OrderFilter(),
        shown[0].cursor,
        lambda line: f"<li>{line.state}</li>",
        {line.id: line.version for line in shown},
    )


def lines(plant: Plant) -> tuple[OrderLine, ...]:
    with plant.store.reading() as tx:
        return tx.overview.page(OrderFilter(), size=50).lines


def told(events: list[ServerSentEvent]) -> list[tuple[str | None, Any]]:
    return [(event.event, event.data) for event in events]


def move(plant: Plant, sent: Sent, to: InsertState) -> None:
    with plant.store.transaction() as tx:
        assert tx.inserts.move(tx.inserts.get(sent.job_id), to, reason="tray empty")


def test_the_first_look_tells_the_counts_and_no_rows(plant: Plant) -> None:
    plant.send(*many(3, [InsertState.READY]))
    look = watch(plant, lines(plant))
    assert told(look()) == [("counts", {"attention": 0, "newer": 0})]
    assert look() == []


def test_a_row_is_renewed_once_for_each_change(plant: Plant) -> None:
    sent = Sent(number="N-1", state=InsertState.READY)
    plant.send(sent, *many(3, [InsertState.READY]))
    look = watch(plant, lines(plant))
    look()
    move(plant, sent, InsertState.UNKNOWN)
    assert told(look()) == [
        ("row", {"id": sent.order_id, "html": "<li>unknown</li>"}),
        ("counts", {"attention": 1, "newer": 0}),
    ]
    assert look() == []


def test_what_changed_before_the_stream_began_is_told(plant: Plant) -> None:
    sent = Sent(number="N-1", state=InsertState.READY)
    plant.send(sent)
    shown = lines(plant)
    move(plant, sent, InsertState.FAILED)
    assert [name for name, _ in told(watch(plant, shown)())] == ["row", "counts"]


def test_orders_that_come_are_counted_not_pushed_in(plant: Plant) -> None:
    first, *later = many(3, [InsertState.ACCEPTED])[::-1]
    plant.send(first)
    look = watch(plant, lines(plant))
    look()
    plant.send(*later)
    assert told(look()) == [("counts", {"attention": 0, "newer": 2})]


def test_rows_of_another_brand_are_never_told(plant: Plant) -> None:
    sent = Sent(number="N-1", state=InsertState.READY)
    plant.send(sent)
    look = watch(plant, lines(plant))
    look.wanted = OrderFilter(scope="maple-row")
    move(plant, sent, InsertState.FAILED)
    assert told(look()) == [("counts", {"attention": 0, "newer": 0})]


def test_an_orders_version_changes_with_what_its_page_shows(plant: Plant) -> None:
    sent = Sent(number="N-1", state=InsertState.READY)
    plant.send(sent)

    def version() -> str:
        with plant.store.reading() as tx:
            order = tx.overview.order(sent.order_id, scope="")
        assert order
        return order.version

    before = version()
    assert version() == before
    move(plant, sent, InsertState.HELD)
    assert version() != before


def test_a_stream_ends_when_the_person_signs_out(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_SECONDS", 0.0)
    desk = plant.desk()
    token = desk.sign_in.enter(OPERATOR, PASSWORD)
    assert token
    request = Request({"type": "http", "headers": [(b"cookie", f"tipin={token}".encode())]})
    looks = 0

    def look() -> list[ServerSentEvent]:
        nonlocal looks
        looks += 1
        if looks == 3:
            desk.sign_in.leave(token)
        return [ServerSentEvent(event="row", data=looks)]

    async def collect(stream: AsyncIterator[ServerSentEvent]) -> list[str | None]:
        return [event.event async for event in stream]

    assert asyncio.run(collect(live.follow(request, desk, look))) == ["row"] * 3 + ["signed-out"]
