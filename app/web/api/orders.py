"""`/v1/orders`: post an order, read one, list them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from app.domain.access import Caller
from app.errors import Forbidden, NotFound
from app.services.answers import OrderAnswer, describe_order
from app.store.dead_letters import Received
from app.web.api.intake import RESPONSES, take
from app.web.authentication import ReadsOrders, SendsOrders
from app.web.dependencies import BodyDep, ServicesDep

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
        brand=_brand(caller, services.understand.format(NATIVE).brand_of(body)),
        source=NATIVE,
        body=body,
        received_at=services.clock.now(),
        content_type=request.headers.get("content-type", ""),
        headers={},
    )
    return take(request, services, received, idempotency_key=idempotency_key)


@router.get("/orders/{order_id}", summary="Read an order, its tag and its card as it stands now")
def get_order(order_id: str, services: ServicesDep, caller: ReadsOrders) -> OrderAnswer:
    """The tag is that of the order's moment; the card's `state` moves on."""
    with services.store.reading() as tx:
        stored = tx.orders.get(order_id)
        if not caller.serves(stored.order.brand):
            raise NotFound(f"there is no order {order_id[:40]!r}", mend="see GET /v1/orders")
        return describe_order(stored, tx.tags.get(order_id), tx.inserts.of_order(order_id), services.links)


def _brand(caller: Caller, named: str | None) -> str:
    """The brand an order is for: the body's, or else the one brand that the key is for."""
    if named is None:
        return caller.brand
    if not caller.serves(named):
        raise Forbidden(f"this key does not serve the brand {named[:40]!r}", mend="use a key of that brand")
    return named
