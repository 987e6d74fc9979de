"""The targets as a page: how each is, what it asks for, and what nobody is certain of."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from app.domain.access import ALL_BRANDS, Right
from app.domain.target_state import Gate
from app.errors import Forbidden
from app.store.sessions import SignedIn
from app.web.pages.desk import Desk, DeskDep
from app.web.pages.live import follow
from app.web.pages.session import SenderDep, SignedInDep, require

router = APIRouter(prefix="/targets")
_MOST_UNCERTAIN = 100
_ROWS = "_targets.html"
"""Everything on the page that changes."""
_GATES = {"pause": Gate.PAUSED, "drain": Gate.DRAINING, "resume": Gate.OPEN}
KeyPath = Annotated[str, Path(max_length=40)]


@router.get("")
def show_targets(request: Request, desk: DeskDep, signed_in: SignedInDep) -> Response:
    """Every target in the order of the settings, and every uncertain piece that this person may see."""
    values = _values(desk, signed_in)
    version = _version(desk.render.html(request, _ROWS, **values))
    return desk.render.page(request, "targets.html", version=version, **values)


@router.get("/live", response_class=EventSourceResponse)
async def follow_targets(
    *, request: Request, desk: DeskDep, signed_in: SignedInDep, version: Annotated[str, Query()] = ""
) -> AsyncIterator[ServerSentEvent]:
    """The page's rows again, whenever they would look different from `version`."""
    told = version

    def look() -> list[ServerSentEvent]:
        nonlocal told
        shown = desk.render.html(request, _ROWS, **_values(desk, signed_in))
        if told == (now := _version(shown)):
            return []
        told = now
        return [ServerSentEvent(event="rows", data={"version": now, "html": shown})]

    async for event in follow(request, desk, look):
        yield event


def _values(desk: Desk, signed_in: SignedIn) -> dict[str, Any]:
    """What the rows show, as far as this person may see it."""
    caller = signed_in.caller
    may_run = caller.may(Right.RUN_TARGETS) and caller.brand == ALL_BRANDS
    return {
        "signed_in": signed_in,
        "brands": desk.brands,
        "targets": desk.targets.all(),
        "signals": desk.targets.signals if may_run else {},
        "uncertain": desk.targets.uncertain(scope=caller.brand, limit=_MOST_UNCERTAIN),
        "may_run": may_run,
        "may_settle": caller.may(Right.RUN_TARGETS),
    }


def _version(shown: str) -> str:
    return hashlib.blake2b(shown.encode(), digest_size=8).hexdigest()


@router.post("/gate/{verb}")
def set_gate(
    *,
    request: Request,
    desk: DeskDep,
    sender: SenderDep,
    verb: Literal["pause", "drain", "resume"],
    name: Annotated[str, Form(max_length=200)],
) -> Response:
    """Pause, drain or resume a target; back to the page."""
    require(sender, Right.RUN_TARGETS)
    if sender.caller.brand != ALL_BRANDS:
        raise Forbidden("targets serve every brand", mend="ask somebody who serves them all")
    desk.targets.set_gate(name, _GATES[verb], by=sender.caller.name)
    return _back(request)


@router.post("/pieces/{key}/{end}")
def settle(
    *,
    request: Request,
    desk: DeskDep,
    sender: SenderDep,
    key: KeyPath,
    end: Literal["printed", "not-printed"],
) -> Response:
    """Say what became of an uncertain piece; back to the page."""
    require(sender, Right.RUN_TARGETS)
    desk.targets.settle(key, printed=end == "printed", by=sender.caller.name, scope=sender.caller.brand)
    return _back(request)


def _back(request: Request) -> Response:
    base = request.scope.get("root_path", "")
    return RedirectResponse(f"{base}/targets", status_code=HTTPStatus.SEE_OTHER)
