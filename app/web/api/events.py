"""`/v1/orders/{id}/events`: what happened to an order; `/v1/diffs`: what that would change."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.domain.access import Caller
from app.domain.ids import order_id as id_of
from app.errors import Forbidden, MalformedReport, NotFound
from app.services.desk import Services
from app.services.event_answers import (
    DiffPage,
    OrderEventsAnswer,
    OrderNotedAnswer,
    describe_diff,
    describe_order_events,
    describe_order_noted,
)
from app.services.links import Links
from app.services.told_by_address import ORDER_EVENTS
from app.store.database import Transaction
from app.web.api.intake import KEPT, tell
from app.web.authentication import ReadsOrders, TellsEvents
from app.web.dependencies import BodyDep, ServicesDep
from app.web.paging import with_next_link

router = APIRouter(prefix="/v1", tags=["events"])

_LARGEST_ID = 2**63 - 1
OrderPath = Annotated[str, Path(max_length=200, description="tipin's id of the order, or your own.")]
BrandQuery = Annotated[
    str, Query(max_length=80, description="Needed where the API key serves every brand, with your own ids.")
]


@router.post(
    "/orders/{order_id:path}/events",
    summary="Tell what happened to an order",
    responses={
        202: {
            "model": OrderNotedAnswer,
            "description": "The order is not known yet; its events wait for it.",
        },
        409: {"description": "An event of this id came before with another content."},
        413: {"description": "The body is over the limit."},
        422: KEPT,
    },
)
def post_order_events(
    *,
    request: Request,
    response: Response,
    services: ServicesDep,
    caller: TellsEvents,
    body: BodyDep,
    order_id: OrderPath,
    brand: BrandQuery = "",
) -> OrderNotedAnswer:
    """Events may come late, twice and in any order, and before their order: the answer is the same.

    Each counts from its `at` on. Nothing that was printed is printed anew; see `/v1/diffs`.
    """
    with services.store.reading() as tx:
        whose = _whose(tx, caller, order_id, brand)
    code, source_id = whose or (brand_named(caller, brand), order_id)
    (one,) = tell(request, services, body, source=ORDER_EVENTS, brand=code, about=source_id).orders
    response.status_code = 200 if one.state is not None else 202
    return describe_order_noted(one)


@router.get("/orders/{order_id:path}/events", summary="Read what happened to an order")
def get_order_events(
    services: ServicesDep, caller: ReadsOrders, order_id: OrderPath, brand: BrandQuery = ""
) -> OrderEventsAnswer:
    """Every event as it came, by its moment, and what they amount to now."""
    with services.store.reading() as tx:
        whose = _whose(tx, caller, order_id, brand)
        code, source_id = whose or (brand_of(services, tx, caller, brand), order_id)
        order = id_of(code, source_id)
        known, events = tx.orders.exists(order), tx.order_events.received(code, order)
        state = tx.order_events.state(code, order, at=services.clock.now()) if known else None
    if not known and not events:
        raise NotFound(f"there is no order {order_id[:40]!r}, nor any event of it", mend="see GET /v1/orders")
    return describe_order_events(order, source_id, state, events, services.links)


@router.get("/diffs", summary="List tags that would now be others")
def list_diffs(
    *,
    request: Request,
    response: Response,
    services: ServicesDep,
    caller: ReadsOrders,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[
        int | None, Query(ge=1, le=_LARGEST_ID, description="From the `next` link of the page before.")
    ] = None,
) -> DiffPage:
    """Newest first: what became known late, and which orders it would have tagged otherwise."""
    with services.store.reading() as tx:
        found = tx.diffs.page(scope=caller.brand, after=cursor, limit=limit + 1)
    shown = found[:limit]
    if len(found) > limit:
        with_next_link(request, response, services.settings.public_url, cursor=str(shown[-1].id))
    links: Links = services.links
    return DiffPage(diffs=[describe_diff(one.diff, links) for one in shown])


def brand_named(caller: Caller, brand: str) -> str:
    """The code of the brand that is meant: the one that was named, else the key's; empty without either.

    Raises:
        Forbidden: the key does not serve it.
    """
    named = brand or caller.brand
    if named and not caller.serves(named):
        raise Forbidden(f"this key does not serve the brand {named[:40]!r}", mend="use a key of that brand")
    return named


def brand_of(services: Services, tx: Transaction, caller: Caller, brand: str) -> str:
    """The brand that is meant, which is there.

    Raises:
        MalformedReport: none is named, and the key is for all.
        Forbidden: the key does not serve it.
        NotFound: there is no such brand.
    """
    named = brand_named(caller, brand)
    if not named:
        raise MalformedReport("your key serves every brand", mend="name the brand: ?brand=CODE")
    return services.brands(tx, named).code


def _whose(tx: Transaction, caller: Caller, order_id: str, brand: str) -> tuple[str, str] | None:
    """The brand and the sender's own id of an order that is known by tipin's id."""
    whose = tx.orders.whose(order_id)
    if whose is None or not caller.serves(whose[0]) or brand not in ("", whose[0]):
        return None
    return whose
