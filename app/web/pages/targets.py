"""The targets as a page: how each is, what it asks for, and what nobody is certain of."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Path, Request, Response
from fastapi.responses import RedirectResponse

from app.domain.access import ALL_BRANDS, Right
from app.domain.target_state import Gate
from app.errors import Forbidden
from app.store.sessions import SignedIn
from app.web.pages.desk import DeskDep
from app.web.pages.session import SenderDep, SignedInDep

router = APIRouter(prefix="/targets")
_MOST_UNCERTAIN = 100
_GATES = {"pause": Gate.PAUSED, "drain": Gate.DRAINING, "resume": Gate.OPEN}
KeyPath = Annotated[str, Path(max_length=40)]


@router.get("")
def show_targets(request: Request, desk: DeskDep, signed_in: SignedInDep) -> Response:
    """Every target in the order of the settings, and every uncertain piece that this person may see."""
    scope = signed_in.caller.brand
    return desk.render.page(
        request,
        "targets.html",
        signed_in=signed_in,
        desk=desk,
        brands=desk.brands,
        targets=desk.targets.all(),
        uncertain=desk.targets.uncertain(scope=scope, limit=_MOST_UNCERTAIN),
        may_run=signed_in.caller.may(Right.RUN_TARGETS) and scope == ALL_BRANDS,
        may_settle=signed_in.caller.may(Right.RUN_TARGETS),
    )


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
    _check(sender)
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
    _check(sender)
    desk.targets.settle(key, printed=end == "printed", by=sender.caller.name, scope=sender.caller.brand)
    return _back(request)


def _check(sender: SignedIn) -> None:
    if not sender.caller.may(Right.RUN_TARGETS):
        raise Forbidden(f"a {sender.caller.role} may not {Right.RUN_TARGETS}", mend="ask an operator")


def _back(request: Request) -> Response:
    base = request.scope.get("root_path", "")
    return RedirectResponse(f"{base}/targets", status_code=HTTPStatus.SEE_OTHER)
