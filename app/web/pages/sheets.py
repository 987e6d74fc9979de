"""The gang sheets as pages: what fills up, what is on its way, and each sheet with what stands where."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import StringConstraints

from app.domain.access import Right
from app.domain.component import read_key
from app.domain.gang_sheet import SHEET_ID_LENGTH, GangSheet, SheetState
from app.domain.geometry import Box
from app.domain.reprint import REPRINTABLE, ReprintReason
from app.errors import Forbidden, NotFound, SetupError
from app.pdf.impose.layout import Layout
from app.pdf.impose.order import Stacking
from app.services.gang.kinds import layout_of
from app.services.gang.sheet_desk import PlacedPiece, SheetView
from app.store.sessions import SignedIn
from app.web.pages.desk import Desk, DeskDep
from app.web.pages.session import SenderDep, SignedInDep

router = APIRouter(prefix="/sheets")
_MOST = 60
_LARGEST_PAGE = 1000
IdPath = Annotated[str, Path(max_length=2 * SHEET_ID_LENGTH)]
_NEEDS = (SheetState.UNKNOWN, SheetState.FAILED)
_GROUPS = (
    ("Filling up", (SheetState.OPEN,)),
    ("On their way", (SheetState.CLOSED,)),
    ("At the press", (SheetState.ACCEPTED, SheetState.DONE, SheetState.EMPTY)),
)


@dataclass(frozen=True, slots=True)
class Tile:
    """A sheet of the list. `cells` are its places with how much of each is taken, from 0 to 1."""

    sheet: GangSheet
    layout: Layout | None
    cells: tuple[tuple[Box, float], ...]


@router.get("")
def show_list(request: Request, desk: DeskDep, signed_in: SignedInDep) -> Response:
    """What needs a person first, then by how far sheets are; newest first."""
    sheets = desk.sheets.latest(signed_in.caller.brand, None, _MOST)
    groups = [("Needs you now", _NEEDS), *_GROUPS]
    return desk.render.page(
        request,
        "sheets.html",
        signed_in=signed_in,
        desk=desk,
        brands=desk.brands,
        version=version_of_list(desk, signed_in),
        groups=[
            (title, [_tile(sheet) for sheet in sheets if sheet.state in states]) for title, states in groups
        ],
        gangs=any(view.setting.gang for view in desk.targets.all()),
        may_run=signed_in.caller.may(Right.RUN_TARGETS),
    )


@router.get("/{sheet_id}")
def show(
    *,
    request: Request,
    desk: DeskDep,
    signed_in: SignedInDep,
    sheet_id: IdPath,
    sheet: Annotated[int, Query(ge=1, le=_LARGEST_PAGE)] = 1,
) -> Response:
    """One sheet: both sides of one of its pile, with what stands where."""
    view = desk.sheets.see(signed_in.caller.brand, sheet_id)
    orders = {piece.component.order_id for piece in view.pieces if piece.component}
    with desk.store.reading() as tx:
        numbers = {line.id: line.number for line in tx.overview.lines(orders, scope=signed_in.caller.brand)}
    sides = 1 + view.sheet.form.two_sided
    pile = max(1, view.pages // sides)
    if sheet > pile:
        raise NotFound(f"there is no sheet {sheet} in this pile", mend=f"1 to {pile}")
    return desk.render.page(
        request,
        "sheet.html",
        signed_in=signed_in,
        desk=desk,
        brands=desk.brands,
        products=desk.products,
        view=view,
        version=version_of(view),
        at=sheet,
        pile=pile,
        pages=range((sheet - 1) * sides + 1, sheet * sides + 1) if view.pages else range(0),
        on_it=list(_on_sheet(view, sheet)),
        left_out=[piece for piece in view.pieces if piece.place.left_out],
        numbers=numbers,
        reprintable=REPRINTABLE,
        may_run=signed_in.caller.may(Right.RUN_TARGETS),
        may_reprint=signed_in.caller.may(Right.REPRINT),
    )


@router.get("/{sheet_id}/pages/{page}.jpg")
def show_side(
    *,
    request: Request,
    desk: DeskDep,
    signed_in: SignedInDep,
    sheet_id: IdPath,
    page: Annotated[int, Path(ge=1, le=_LARGEST_PAGE)],
) -> Response:
    """One side as a picture."""
    tag = f'"{desk.sheets.see(signed_in.caller.brand, sheet_id).version}-{page}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    picture = desk.sheets.picture(signed_in.caller.brand, sheet_id, page)
    return Response(picture, media_type="image/jpeg", headers=headers)


@router.get("/{sheet_id}/sheet.pdf")
def download(desk: DeskDep, signed_in: SignedInDep, sheet_id: IdPath) -> Response:
    """The print-ready file, named as at the press."""
    view = desk.sheets.see(signed_in.caller.brand, sheet_id)
    named = f'attachment; filename="{view.sheet.id}.pdf"'
    pdf = desk.sheets.pdf(signed_in.caller.brand, sheet_id)
    return Response(pdf, media_type="application/pdf", headers={"Content-Disposition": named})


@router.post("/{sheet_id}/close")
def close(
    *,
    request: Request,
    desk: DeskDep,
    sender: SenderDep,
    sheet_id: IdPath,
    note: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """Close an open sheet now; on to its page."""
    _check(sender, Right.RUN_TARGETS)
    view = desk.sheets.close(sender.caller.brand, sheet_id, by=sender.caller.name, note=note.strip())
    return _to(request, view.sheet.id)


@router.post("/{sheet_id}/recall")
def recall(
    *,
    request: Request,
    desk: DeskDep,
    sender: SenderDep,
    sheet_id: IdPath,
    note: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300), Form()],
) -> Response:
    """Take a sheet back from its press; on to its page."""
    _check(sender, Right.RUN_TARGETS)
    view = desk.sheets.recall(sender.caller.brand, sheet_id, why=note, by=sender.caller.name)
    return _to(request, view.sheet.id)


@router.post("/{sheet_id}/{end}")
def settle(
    *,
    request: Request,
    desk: DeskDep,
    sender: SenderDep,
    sheet_id: IdPath,
    end: Literal["printed", "not-printed"],
) -> Response:
    """Say what became of an uncertain sheet; on to its page."""
    _check(sender, Right.RUN_TARGETS)
    scope, printed = sender.caller.brand, end == "printed"
    view = desk.sheets.settle(scope, sheet_id, printed=printed, by=sender.caller.name)
    return _to(request, view.sheet.id)


@router.post("/{sheet_id}/pieces/{key}/reprint")
def reprint(
    *,
    request: Request,
    desk: DeskDep,
    sender: SenderDep,
    sheet_id: IdPath,
    key: Annotated[str, Path(max_length=40)],
    reason: Annotated[ReprintReason, Form()],
    note: Annotated[str, Form(max_length=300)] = "",
    again: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Print one piece again, on the next sheet; a second click, by `again`, is the same reprint."""
    _check(sender, Right.REPRINT)
    try:
        record, number = read_key(key)
    except ValueError as error:
        raise NotFound(f"{key!r} names no piece", mend="reload the sheet's page") from error
    desk.bench.reprint(record, sender.caller, reason=reason, component=number, note=note, key=again)
    return _to(request, sheet_id)


def version_of_list(desk: Desk, signed_in: SignedIn) -> str:
    """Changes whenever the list would look different."""
    sheets = desk.sheets.latest(signed_in.caller.brand, None, _MOST)
    seen = [(one.id, one.state, one.taken, one.close_at, one.looked_at, one.reason) for one in sheets]
    return _digest(seen)


def version_of(view: SheetView) -> str:
    """Changes whenever the page of a sheet would look different."""
    sheet = view.sheet
    states = [
        piece.component and (piece.component.state, piece.component.generation) for piece in view.pieces
    ]
    seen = (view.version, sheet.state, sheet.close_at, sheet.looked_at, sheet.reason, tuple(states))
    return _digest(seen)


def _digest(seen: object) -> str:
    """The same in every process, unlike `hash`."""
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]


def _tile(sheet: GangSheet) -> Tile:
    try:
        layout = layout_of(sheet.form)
    except SetupError:  # another version of tipin lays pieces out otherwise
        return Tile(sheet, None, ())
    stacking = Stacking(sheet.taken, layout.count, sheet.form.order)
    cells = tuple(
        (place.trim, len(stacking.stack(place.number)) / sheet.form.sheets) for place in layout.places
    )
    return Tile(sheet, layout, cells)


def _on_sheet(view: SheetView, sheet: int) -> Iterator[tuple[int, int, int, PlacedPiece, tuple[Box, Box]]]:
    """What stands on one sheet of the pile, place by place: its number, row and column, and both trims."""
    found = [
        (stand.place, stand.row, stand.column, piece, (stand.front, stand.back))
        for piece in view.pieces
        for stand in piece.stands
        if stand.sheet == sheet
    ]
    yield from sorted(found, key=lambda one: one[0])


def _check(sender: SignedIn, right: Right) -> None:
    if not sender.caller.may(right):
        raise Forbidden(f"a {sender.caller.role} may not {right}", mend="ask an operator")


def _to(request: Request, sheet_id: str) -> Response:
    base = request.scope.get("root_path", "")
    return RedirectResponse(f"{base}/sheets/{sheet_id}", status_code=HTTPStatus.SEE_OTHER)
