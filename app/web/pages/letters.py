"""Bodies that could not be understood: why, what came in, and one more try."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.domain.access import Right
from app.errors import Forbidden
from app.services.replay_dead_letter import order_of
from app.services.told_by_address import TOLD_BY_ADDRESS
from app.services.understand_body import Kept
from app.store.dead_letters import DeadLetter
from app.store.sessions import SignedIn
from app.web.pages.desk import Desk, DeskDep
from app.web.pages.session import SenderDep, SignedInDep

router = APIRouter(prefix="/dead-letters")
PAGE_SIZE = 50
_SHOWN_BYTES = 100_000
_LARGEST_ID = 2**63 - 1
IdPath = Annotated[int, Path(ge=1, le=_LARGEST_ID)]


def get_reader(signed_in: SignedInDep) -> SignedIn:
    """The person at the page, who may see and replay what was not understood.

    Raises:
        Forbidden: their role may not.
    """
    if not signed_in.caller.may(Right.REPLAY):
        raise Forbidden(f"a {signed_in.caller.role} may not {Right.REPLAY}", mend="ask an operator")
    return signed_in


ReaderDep = Annotated[SignedIn, Depends(get_reader)]


@router.get("")
def show_list(
    request: Request,
    desk: DeskDep,
    reader: ReaderDep,
    after: Annotated[int | None, Query(ge=1, le=_LARGEST_ID)] = None,
) -> Response:
    """What waits for a replay, newest first."""
    with desk.store.reading() as tx:
        letters = tx.dead_letters.page(scope=reader.caller.brand, after=after, limit=PAGE_SIZE + 1)
    return desk.render.page(
        request,
        "letters.html",
        signed_in=reader,
        desk=desk,
        brands=desk.brands,
        letters=letters[:PAGE_SIZE],
        told=TOLD_BY_ADDRESS,
        older=letters[PAGE_SIZE - 1].id if len(letters) > PAGE_SIZE else None,
    )


@router.get("/{letter_id}")
def show_letter(
    request: Request, desk: DeskDep, reader: ReaderDep, letter_id: IdPath, again: int = 0
) -> Response:
    """One body as it came, and what is wrong with it. `again` says that a replay just failed."""
    letter = _find(desk, letter_id, reader)
    body = letter.received.body
    return desk.render.page(
        request,
        "letter.html",
        signed_in=reader,
        desk=desk,
        brands=desk.brands,
        letter=letter,
        body=body[:_SHOWN_BYTES].decode("utf-8", "backslashreplace"),
        left_out=max(0, len(body) - _SHOWN_BYTES),
        again=bool(again),
        told=TOLD_BY_ADDRESS,
    )


@router.get("/{letter_id}/body")
def download(desk: DeskDep, reader: ReaderDep, letter_id: IdPath) -> Response:
    """The whole body, byte for byte; as a file, so that no browser takes it for a page."""
    letter = _find(desk, letter_id, reader)
    return Response(
        letter.received.body,
        media_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="body-{letter.id}.bin"'},
    )


@router.post("/{letter_id}/replay")
def replay(
    *,
    request: Request,
    desk: DeskDep,
    reader: ReaderDep,
    _sender: SenderDep,
    letter_id: IdPath,
    brand: Annotated[str, Form(max_length=80)] = "",
    source: Annotated[str, Form(max_length=40)] = "",
    about: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Try the body again; on to its order where it is understood now."""
    base = request.scope.get("root_path", "")
    try:
        accepted = desk.replay(letter_id, scope=reader.caller.brand, brand=brand, source=source, about=about)
    except Kept:
        address = f"{base}/dead-letters/{letter_id}?again=1"
    else:
        order = order_of(accepted)
        address = f"{base}/orders/{order}" if order else f"{base}/dead-letters"
    return RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER)


def _find(desk: Desk, letter_id: int, reader: SignedIn) -> DeadLetter:
    with desk.store.reading() as tx:
        return tx.dead_letters.get(letter_id, scope=reader.caller.brand)
