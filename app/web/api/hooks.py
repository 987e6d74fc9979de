"""`/hooks/{format}/{brand}`: the doors for other systems' own formats."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from app.domain.access import Right
from app.domain.brand import Brand
from app.domain.format import Format, Message
from app.errors import Forbidden
from app.services.desk import Services
from app.store.dead_letters import Received
from app.web.api.intake import RESPONSES, take
from app.web.authentication import ApiKeyDep, caller_with
from app.web.dependencies import BodyDep, ServicesDep

router = APIRouter(tags=["hooks"])

FormatPath = Annotated[str, Path(description="siteflow, shopify, native, …")]
BrandPath = Annotated[str, Path(description="The brand's code.")]


@router.post(
    "/hooks/{format_code}/{brand_code}",
    summary="Post an order in its sender's own format",
    responses=RESPONSES,
    status_code=201,
)
@router.post("/hooks/{format_code}/{brand_code}/{tail:path}", include_in_schema=False)
def receive(
    *,
    request: Request,
    services: ServicesDep,
    format_code: FormatPath,
    brand_code: BrandPath,
    body: BodyDep,
    key: ApiKeyDep,
    tail: str = "",
) -> Response:
    """Each format has its own signature; where that does not cover the body, an API key is needed too.

    What follows the brand in the address is the sender's own, such as Site Flow's `/api/order`.
    """
    format_ = services.understand.format(format_code)
    brand = services.understand.brand(brand_code)
    message = Message(
        method=request.method,
        path=request.scope["path"],
        headers=dict(request.headers),
        body=body,
        tail=f"/{tail}" if tail else "",
    )
    _authenticate(services, format_, brand, message, key)
    received = Received(
        brand=brand.code,
        source=format_.code,
        body=body,
        received_at=services.clock.now(),
        content_type=request.headers.get("content-type", ""),
        headers={name: message.headers[name] for name in format_.headers if name in message.headers},
    )
    return take(request, services, received)


def _authenticate(
    services: Services, format_: Format, brand: Brand, message: Message, key: str | None
) -> None:
    with services.store.reading() as tx:
        secrets = tx.access.hook_secrets(brand.code, format_.code)
    tolerance = timedelta(seconds=services.settings.signature_tolerance_seconds)
    format_.authenticate(message, secrets, services.clock.now(), tolerance)
    if not format_.needs_key:
        services.rates.take(f"hook {format_.code} {brand.code}")
    else:
        caller = caller_with(services, key, Right.SEND_ORDERS)
        if not caller.serves(brand.code):
            raise Forbidden(
                f"this key serves another brand than {brand.code!r}", mend="use a key of this brand"
            )
