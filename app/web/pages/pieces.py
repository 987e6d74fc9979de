"""What a person does with one printed piece: take it back from its press, print it again."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Path, Request, Response
from fastapi.responses import RedirectResponse

from app.domain.access import Right
from app.domain.component import Component
from app.domain.reprint import ReprintReason
from app.web.pages.desk import Desk, DeskDep
from app.web.pages.session import SenderDep, require

router = APIRouter(prefix="/pieces/{key}")
Key = Annotated[str, Path(max_length=40)]


@router.post("/recall")
def recall(*, request: Request, desk: DeskDep, sender: SenderDep, key: Key) -> Response:
    """Take a piece back before it is printed; back to its page."""
    require(sender, Right.RUN_TARGETS)
    return _to(request, desk.recall(key, by=sender.caller.name, scope=sender.caller.brand))


@router.post("/reprint")
def reprint(
    *,
    request: Request,
    desk: DeskDep,
    sender: SenderDep,
    key: Key,
    reason: Annotated[ReprintReason, Form()],
    note: Annotated[str, Form(max_length=300)] = "",
    click: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Print a piece again; a second click, by the form's own name for it, is the same reprint."""
    require(sender, Right.REPRINT)
    piece = _find(desk, key, sender.caller.brand)
    desk.bench.reprint(
        piece.record, sender.caller, reason=reason, component=piece.number, note=note, key=click
    )
    return _to(request, piece)


def _find(desk: Desk, key: str, scope: str) -> Component:
    with desk.store.reading() as tx:
        return tx.components.owned(key, scope=scope)


def _to(request: Request, piece: Component) -> Response:
    base = request.scope.get("root_path", "")
    page = f"orders/{piece.order_id}" if piece.is_insert else f"items/{piece.record}/{piece.number}"
    return RedirectResponse(f"{base}/{page}", status_code=HTTPStatus.SEE_OTHER)
