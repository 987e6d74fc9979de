"""The list of orders, and one order."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse, RedirectResponse

from app.errors import NotFound, WrongState
from app.pdf.boxes import page_boxes
from app.pdf.preview import View
from app.pdf.preview.spots import spots_of_file
from app.store.order_detail import OrderDetail
from app.store.overview import OrderFilter, OrderLine
from app.web.pages.desk import Desk, DeskDep
from app.web.pages.facts import facts_lines
from app.web.pages.listing import NEEDS_ME, FilterDep, WantedDep, read_cursor
from app.web.pages.pictures import MOST_INKS
from app.web.pages.sample import sample_call
from app.web.pages.session import SenderDep, SignedInDep
from app.web.pages.story import tell
from app.web.pages.views import ways_to_look

router = APIRouter()
PAGE_SIZE = 50
_FIRST_TO_SEE = 5
"""How many orders that wait for a person stand above the list."""


@router.get("/orders")
def show_list(
    *,
    request: Request,
    desk: DeskDep,
    signed_in: SignedInDep,
    wanted: WantedDep,
    narrowed: FilterDep,
    after: Annotated[str, Query()] = "",
    before: Annotated[str, Query()] = "",
) -> Response:
    """Orders, newest first; above them, on the first page, those that wait for a person."""
    older_than, newer_than = read_cursor(after), read_cursor(before)
    scope = signed_in.caller.brand
    at_the_top = older_than is None and newer_than is None
    with desk.store.reading() as tx:
        page = tx.overview.page(narrowed, size=PAGE_SIZE, older_than=older_than, newer_than=newer_than)
        attention = tx.overview.attention(scope=scope)
        first: tuple[OrderLine, ...] = ()
        if at_the_top and not narrowed.narrows and attention.inserts + attention.call_backs:
            first = tx.overview.page(OrderFilter(scope=scope, attention=True), size=_FIRST_TO_SEE).lines
        brands = desk.in_force.all(tx)
        served = [code for code in brands if signed_in.caller.serves(code)]
        rules = {code: title for brand in served for code, title in tx.rules.titles(brand).items()}
    return desk.render.page(
        request,
        "orders.html",
        signed_in=signed_in,
        desk=desk,
        brands=brands,
        wanted=wanted,
        page=page,
        first=first,
        attention=attention,
        presses=desk.targets.asking(),
        occasions={code: one.title for code, one in desk.occasions.items()} | rules,
        needs_me=NEEDS_ME,
        at_the_top=at_the_top,
        sample=sample_call(brands, desk.public_url, desk.clock.now()),
    )


@router.post("/orders/{order_id}/release")
def release(request: Request, desk: DeskDep, sender: SenderDep, order_id: str) -> Response:
    """Let an order that waits for its card go out without it."""
    order = find(desk, order_id, sender.caller.brand)
    with desk.store.transaction() as tx:
        if order.insert is None:
            raise WrongState("this order has no card to wait for", mend="look at the order again")
        desk.release(tx, order.insert.job_id, who=sender.caller.name)
    base = request.scope.get("root_path", "")
    return RedirectResponse(f"{base}/orders/{order_id}", status_code=HTTPStatus.SEE_OTHER)


@router.get("/orders/{order_id}")
def show_order(
    *,
    request: Request,
    desk: DeskDep,
    signed_in: SignedInDep,
    order_id: str,
    view: View = View.PROOF,
    ink: Annotated[tuple[str, ...], Query(max_length=MOST_INKS)] = (),
) -> Response:
    """One order: its card, why it got it, what happened and what happens next."""
    scope = signed_in.caller.brand
    with desk.store.reading() as tx:
        order = find(desk, order_id, scope)
        attention = tx.overview.attention(scope=scope)
        brands = desk.in_force.all(tx)
        piece = tx.components.get(order.insert.job_id) if order.insert else None
    insert = order.insert
    template = desk.cards.get(insert.template) if insert else None
    sheet = ways = None
    if insert and insert.pdf_sha256:
        path = desk.artifacts.path(insert.pdf_sha256, ".pdf")
        profile = desk.profiles.get(template.profile) if template else None
        sheet, ways = page_boxes(path), ways_to_look(view, ink, spots_of_file(path), profile)
    return desk.render.page(
        request,
        "order.html",
        signed_in=signed_in,
        desk=desk,
        brands=brands,
        order=order,
        sheet=sheet,
        ways=ways,
        template=template,
        facts=facts_lines(order, brands.get(order.brand)) if order.tag else (),
        story=tell(order, desk.formats),
        attention=attention,
        piece=piece,
        products=desk.products,
    )


@router.get("/orders/{order_id}/card.pdf")
def download(desk: DeskDep, signed_in: SignedInDep, order_id: str) -> Response:
    """The print-ready file, named by job and generation as at the press."""
    order = find(desk, order_id, signed_in.caller.brand)
    if order.insert is None or order.insert.pdf_sha256 is None:
        raise NotFound("this order has no finished card", mend="its page says why")
    return FileResponse(
        desk.artifacts.path(order.insert.pdf_sha256, ".pdf"),
        media_type="application/pdf",
        filename=f"{order.insert.job_id}-{order.insert.generation}.pdf",
    )


def find(desk: Desk, order_id: str, scope: str) -> OrderDetail:
    """One order in full.

    Raises:
        NotFound: it does not exist, or belongs to a brand that the person does not serve.
    """
    with desk.store.reading() as tx:
        order = tx.overview.order(order_id, scope=scope)
    if order is None:
        raise NotFound("there is no such order here", mend="search for its number in the list")
    return order
