"""The packing bench: an always-ready scan box, the verdict over the whole screen, and what is packed next."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import AwareDatetime, StringConstraints

from app.domain.access import Right
from app.domain.bench import ClearReason
from app.domain.parcel import LONGEST_CODE
from app.services.bench_words import Said
from app.services.match_at_bench import Scanned
from app.web.pages.bench_view import Shown, Tone, answer, first_of_pair, verdict
from app.web.pages.desk import DeskDep
from app.web.pages.session import SenderDep, SignedInDep, require

router = APIRouter(prefix="/bench")

_NAME = "^[A-Za-z0-9][A-Za-z0-9._:-]*$"
_Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=_NAME), Form()]
_Station = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=_NAME), Form()]
_Text = Annotated[str, StringConstraints(max_length=LONGEST_CODE), Form()]
_Brand = Annotated[str, StringConstraints(max_length=100)]
_NEXT, _BLOCKED = 9, 20


@router.get("")
def show(request: Request, desk: DeskDep, signed_in: SignedInDep) -> Response:
    """The page; what is packed next is put in by its script, for it changes with every scan."""
    require(signed_in, Right.PACK)
    with desk.store.reading() as tx:
        brands = {code: one for code, one in desk.in_force.all(tx).items() if signed_in.caller.serves(code)}
    return desk.render.page(request, "bench.html", signed_in=signed_in, brands=brands)


@router.get("/next")
def show_next(
    request: Request, desk: DeskDep, signed_in: SignedInDep, brand: Annotated[_Brand, Query()] = ""
) -> Response:
    """What is packed next, and which parcels are blocked: a part of the page."""
    require(signed_in, Right.PACK)
    scope = brand if brand and signed_in.caller.serves(brand) else signed_in.caller.brand
    with desk.store.reading() as tx:
        pieces = desk.bench.tell.pieces(tx, tx.pieces.to_pack(brand=scope, limit=_NEXT))
        blocks = tx.bench.blocked_now(scope=scope, limit=_BLOCKED)
        blocked = [(block, tx.parcels.number(block.order_id)) for block in blocks]
        brands = desk.in_force.all(tx)
    return desk.render.page(request, "_bench_next.html", pieces=pieces, blocked=blocked, brands=brands)


@router.post("/scan")
def scan(
    *,
    desk: DeskDep,
    sender: SenderDep,
    scan_id: _Id,
    text: _Text,
    station: _Station,
    held: _Text = "",
    at: Annotated[AwareDatetime | None, Form()] = None,
    brand: Annotated[_Brand, Form()] = "",
) -> Shown:
    """One text from the scanner. With the one that is `held`, it makes a pair; else it is held itself."""
    require(sender, Right.PACK)
    recognise = desk.bench.recognise
    is_piece, held_piece = recognise.code(text) is not None, recognise.code(held) is not None
    if not held or is_piece == held_piece:
        with desk.store.reading() as tx:
            return first_of_pair(desk.bench, tx, sender.caller, text, brand=brand)
    scanned = Scanned(id=scan_id, piece=text, parcel=held, station=station, scanned_at=at, brand=brand)
    outcome = desk.bench.match.scan(scanned, sender.caller)
    if outcome.is_new:
        desk.count_scan(outcome.scan.brand, outcome.scan.verdict)
    with desk.store.reading() as tx:
        told = desk.bench.tell.outcome(tx, outcome)
    return verdict(told, parcel=held if is_piece else text)


@router.post("/undo")
def undo(desk: DeskDep, sender: SenderDep, scan_id: _Id) -> Shown:
    """Take the last match back."""
    require(sender, Right.PACK)
    outcome = desk.bench.match.undo(scan_id, sender.caller)
    with desk.store.reading() as tx:
        told = desk.bench.tell.outcome(tx, outcome)
    return answer(Tone.HOLD, told.said)


@router.post("/clear")
def clear(
    desk: DeskDep,
    sender: SenderDep,
    order: Annotated[str, StringConstraints(max_length=40), Form()],
    reason: Annotated[ClearReason, Form()],
) -> Shown:
    """Let a blocked parcel be packed again."""
    require(sender, Right.CLEAR_PARCELS)
    desk.bench.match.clear(order, sender.caller, reason=reason)
    with desk.store.reading() as tx:
        number = tx.parcels.number(order)
    said = Said(f"Order {number} may be packed again.", "Scan its card and its parcel once more.")
    return answer(Tone.HOLD, said)
