"""One decision in full on one screen: what was asked, what it said, and which card came of it."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from app.web.pages.desk import DeskDep
from app.web.pages.facts import facts_lines
from app.web.pages.orders import find
from app.web.pages.session import SignedInDep

router = APIRouter()


@router.get("/orders/{order_id}/why")
def show_why(request: Request, desk: DeskDep, signed_in: SignedInDep, order_id: str) -> Response:
    """The whole tree of reasons, as it was stored when the order came."""
    order = find(desk, order_id, signed_in.caller.brand)
    brands = desk.brands
    return desk.render.page(
        request,
        "why.html",
        signed_in=signed_in,
        desk=desk,
        brands=brands,
        order=order,
        facts=facts_lines(order, brands.get(order.brand)) if order.tag else (),
    )
