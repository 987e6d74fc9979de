"""`/v1/orders`: post an order, read one, list them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response

from app.domain.access import Caller
from app.domain.format import Format
from app.errors import Forbidden, MalformedOrder, NotFound
from app.services.answers import OrderAnswer, OrderPage, describe_line, describe_order
from app.store.dead_letters import Received
from app.store.overview import Cursor, OrderFilter
from app.web.api.intake import RESPONSES, take
from app.web.authentication import ReadsOrders, SendsOrders
from app.web.dependencies import BodyDep, ServicesDep
from app.web.paging import with_next_link

router = APIRouter(prefix="/v1", tags=["orders"])

NATIVE = "native"
_KEY_PATTERN = r"^[\x21-\x7e]+$"


@router.post("/orders", summary="Post an order", responses=RESPONSES, status_code=201)
def post_order(
    request: Request,
    services: ServicesDep,
    caller: SendsOrders,
    body: BodyDep,
    idempotency_key: Annotated[
        str,
        Header(
            min_length=1,
            max_length=255,
            pattern=_KEY_PATTERN,
            description="Your own key of this posting. Without one, the order's id makes it safe to repeat.",
        ),
    ] = "",
) -> Response:
    """Take an order, tag it, plan its card. The answer comes at once; the file follows within seconds.

    Sent again, the same order gets the same answer. `card` is null where `tag.reason` says why.
    """
    received = Received(
        brand=_brand(caller, services.understand.format(NATIVE), body),
        source=NATIVE,
        body=body,
        received_at=services.clock.now(),
        content_type=request.headers.get("content-type", ""),
        headers={},
    )
    return take(request, services, received, idempotency_key=idempotency_key)


@router.get("/orders", summary="List orders", responses={404: {"description": "The cursor is none of ours."}})
def list_orders(
    *,
    request: Request,
    response: Response,
    services: ServicesDep,
    caller: ReadsOrders,
    brand: Annotated[str, Query(description="Only this brand's.")] = "",
    occasion: Annotated[str, Query(description="Only those whose card speaks of this occasion.")] = "",
    state: Annotated[str, Query(description="Only those whose card stands here, or `no_card`.")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str, Query(description="From the `next` link of the page before.")] = "",
) -> OrderPage:
    """Newest first; a `Link` header leads to the next page where there is one."""
    wanted = OrderFilter(scope=caller.brand, brand=brand, occasion=occasion, state=state)
    with services.store.reading() as tx:
        page = tx.overview.page(wanted, size=limit, older_than=_cursor(cursor))
    if page.older is not None:
        with_next_link(request, response, services.settings.public_url, cursor=str(page.older))
    return OrderPage(orders=[describe_line(line, services.links) for line in page.lines])


def _cursor(text: str) -> Cursor | None:
    try:
        return Cursor.parse(text) if text else None
    except ValueError as error:
        raise NotFound("there is no such page", mend="follow the `next` link of the page before") from error


@router.get("/orders/{order_id}", summary="Read an order, its tag and its card as it stands now")
def get_order(order_id: str, services: ServicesDep, caller: ReadsOrders) -> OrderAnswer:
    """The tag is that of the order's moment; the card's `state` moves on."""
    with services.store.reading() as tx:
        stored = tx.orders.get(order_id)
        if not caller.serves(stored.order.brand):
            raise NotFound(f"there is no order {order_id[:40]!r}", mend="see GET /v1/orders")
        inserts, items = tx.inserts.of_order(order_id), tx.items.of_order(order_id)
        return describe_order(stored, tx.tags.get(order_id), inserts, items, services.links)


def _brand(caller: Caller, native: Format, body: bytes) -> str:
    """The brand an order is for: the body's, or else the one brand that the key is for."""
    try:
        named = native.brand_of(body)
    except MalformedOrder:
        named = None  # it will be refused, and kept, for what is wrong with it
    if named is None:
        return caller.brand
    if not caller.serves(named):
        raise Forbidden(f"this key does not serve the brand {named[:40]!r}", mend="use a key of that brand")
    return named
