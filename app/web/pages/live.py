"""Changes as they happen, by server-sent events: a page stays where it is and only its rows are renewed.

Each browser's stream asks the database again every two seconds, for the few rows it shows. So it sees what
any process did, and needs nothing between the processes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from app.store.overview import Cursor, OrderFilter, OrderLine
from app.web.pages.desk import Desk, DeskDep
from app.web.pages.listing import FilterDep, read_cursor
from app.web.pages.session import SignedInDep, cookie_name
from app.web.pages.sheets import IdPath, version_of, version_of_list

router = APIRouter()
_SECONDS = 2.0
_MOST_COUNTED = 100
_MOST_ROWS = 200
_LONGEST_QUERY = 20_000

Look = Callable[[], list[ServerSentEvent]]


def get_newest(newest: str = "") -> Cursor | None:
    """The place of a page's first row; a dependency, so that a bad one is refused before the stream."""
    return read_cursor(newest)


@dataclass(slots=True)
class ListWatch:
    """What one browser's list shows, and what it was last told."""

    desk: Desk
    wanted: OrderFilter
    newest: Cursor | None
    draw: Callable[[OrderLine], str]
    versions: dict[str, str]
    told: dict[str, int] = field(default_factory=dict)

    def __call__(self) -> list[ServerSentEvent]:
        """What has changed since the last look. Two or three queries."""
        with self.desk.store.reading() as tx:
            lines = tx.overview.lines(self.versions, scope=self.wanted.scope)
            counts = {"attention": tx.overview.attention(scope=self.wanted.scope).total}
            if self.newest is not None:
                counts["newer"] = tx.overview.count_newer(self.wanted, self.newest, at_most=_MOST_COUNTED)
        news = [self._row(line) for line in lines if self.versions[line.id] != line.version]
        if counts != self.told:
            news.append(ServerSentEvent(event="counts", data=counts))
            self.told = counts
        return news

    def _row(self, line: OrderLine) -> ServerSentEvent:
        self.versions[line.id] = line.version
        return ServerSentEvent(event="row", data={"id": line.id, "html": self.draw(line)})


@dataclass(slots=True)
class VersionWatch:
    """What one browser's page shows, and how to know what it would show now."""

    version: str
    now: Callable[[], str]

    def __call__(self) -> list[ServerSentEvent]:
        """That it has changed since the last look, where it has."""
        before, self.version = self.version, self.now()
        return [] if before == self.version else [ServerSentEvent(event="changed", data=self.version)]


@router.get("/orders/live", response_class=EventSourceResponse)
async def follow_list(
    *,
    request: Request,
    desk: DeskDep,
    _signed_in: SignedInDep,
    wanted: FilterDep,
    newest: Annotated[Cursor | None, Depends(get_newest)],
    rows: Annotated[str, Query(max_length=_LONGEST_QUERY)] = "",
) -> AsyncIterator[ServerSentEvent]:
    """Renewed rows of a list, how many orders came since, and how many wait for a person.

    `rows` is `ID:VERSION,…` of what the page shows; `newest` is the place of its first row, where the page
    shows the top of the list.
    """
    shown = [(order_id, version) for order_id, _, version in (row.partition(":") for row in rows.split(","))]
    watch = ListWatch(
        desk,
        wanted,
        newest,
        lambda line: desk.render.html(request, "_row.html", line=line, desk=desk, brands=desk.brands),
        dict(shown[:_MOST_ROWS]),
    )
    async for event in follow(request, desk, watch):
        yield event


@router.get("/orders/{order_id}/live", response_class=EventSourceResponse)
async def follow_order(
    *, request: Request, desk: DeskDep, signed_in: SignedInDep, order_id: str, version: str = ""
) -> AsyncIterator[ServerSentEvent]:
    """Says when the page of one order would look different from `version`."""

    def look() -> Iterator[ServerSentEvent]:
        nonlocal version
        with desk.store.reading() as tx:
            order = tx.overview.order(order_id, scope=signed_in.caller.brand)
        if order is not None and order.version != version:
            version = order.version
            yield ServerSentEvent(event="changed", data=version)

    async for event in follow(request, desk, lambda: list(look())):
        yield event


@router.get("/sheets/live", response_class=EventSourceResponse)
async def follow_sheets(
    *, request: Request, desk: DeskDep, signed_in: SignedInDep, version: str = ""
) -> AsyncIterator[ServerSentEvent]:
    """Says when the list of sheets would look different from `version`."""
    watch = VersionWatch(version, lambda: version_of_list(desk, signed_in))
    async for event in follow(request, desk, watch):
        yield event


@router.get("/sheets/{sheet_id}/live", response_class=EventSourceResponse)
async def follow_sheet(
    *, request: Request, desk: DeskDep, signed_in: SignedInDep, sheet_id: IdPath, version: str = ""
) -> AsyncIterator[ServerSentEvent]:
    """Says when the page of one sheet would look different from `version`."""
    watch = VersionWatch(version, lambda: version_of(desk.sheets.see(signed_in.caller.brand, sheet_id)))
    async for event in follow(request, desk, watch):
        yield event


async def follow(request: Request, desk: Desk, look: Look) -> AsyncIterator[ServerSentEvent]:
    """Look again and again, as long as the person stays signed in; the browser's leaving cancels it."""
    token = request.cookies.get(cookie_name(desk), "")
    while await run_in_threadpool(desk.sign_in.who, token):
        for event in await run_in_threadpool(look):
            yield event
        await asyncio.sleep(_SECONDS)
    yield ServerSentEvent(event="signed-out", data="")
