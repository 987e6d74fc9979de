"""`/v1/dead-letters`: bodies that were not understood; look at them, and try them again."""

from __future__ import annotations

import base64
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from app.errors import NotFound
from app.services.links import Links
from app.services.record_report import Noted
from app.store.dead_letters import DeadLetter
from app.web.api.intake import RESPONSES, reported
from app.web.authentication import Replays
from app.web.dependencies import ServicesDep
from app.web.paging import with_next_link

router = APIRouter(prefix="/v1/dead-letters", tags=["dead letters"])

_LARGEST_ID = 2**63 - 1


class DeadLetterSummary(BaseModel):
    """One kept body, without the body."""

    id: int
    brand: str = Field(description="Empty where nothing named one.")
    format: str = Field(description="An inbound format, or what was told at an address of the API.")
    about: str = Field(description="The order or customer that the address named; empty where none.")
    received_at: datetime
    attempts: int
    problem: dict[str, Any]
    replayed_at: datetime | None
    links: dict[str, str]


class DeadLetterAnswer(DeadLetterSummary):
    """One kept body: as text where it is UTF-8, and always in Base64 as well."""

    content_type: str
    body: str | None
    body_base64: str


class DeadLetterPage(BaseModel):
    """Kept bodies that wait for a replay, newest first."""

    dead_letters: list[DeadLetterSummary]


@router.get("", summary="List kept bodies")
def list_letters(
    *,
    request: Request,
    response: Response,
    services: ServicesDep,
    caller: Replays,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[
        int | None, Query(ge=1, le=_LARGEST_ID, description="From the `next` link of the page before.")
    ] = None,
) -> DeadLetterPage:
    """Newest first; a `Link` header leads to the next page where there is one."""
    with services.store.reading() as tx:
        letters = tx.dead_letters.page(scope=caller.brand, after=cursor, limit=limit + 1)
    shown = letters[:limit]
    if len(letters) > limit:
        with_next_link(request, response, services.settings.public_url, cursor=str(shown[-1].id))
    return DeadLetterPage(dead_letters=[_summary(letter, services.links) for letter in shown])


@router.get("/{letter_id}", summary="Read a kept body")
def get_letter(letter_id: int, services: ServicesDep, caller: Replays) -> DeadLetterAnswer:
    """The body as it came, and why it was not understood."""
    with services.store.reading() as tx:
        letter = tx.dead_letters.get(_known(letter_id), scope=caller.brand)
    body = letter.received.body
    return DeadLetterAnswer(
        **_summary(letter, services.links).model_dump(),
        content_type=letter.received.content_type,
        body=_text(body),
        body_base64=base64.b64encode(body).decode(),
    )


@router.post("/{letter_id}/replay", summary="Try a kept body again", responses=RESPONSES, status_code=201)
def replay_letter(
    *,
    letter_id: int,
    request: Request,
    services: ServicesDep,
    caller: Replays,
    brand: Annotated[str, Query(description="Take it for this brand instead.", max_length=80)] = "",
    format_code: Annotated[
        str, Query(alias="format", description="Read it by this format instead.", max_length=40)
    ] = "",
    about: Annotated[
        str, Query(description="Take it for this order or customer instead.", max_length=200)
    ] = "",
) -> Response:
    """Takes the order as of the moment when its body came in. Replayed again, it gives the same answer."""
    accepted = services.replay(
        _known(letter_id), scope=caller.brand, brand=brand, source=format_code, about=about
    )
    if isinstance(accepted, Noted):
        return reported(accepted, request.app.state.metrics)
    return Response(
        accepted.answer,
        HTTPStatus.CREATED if accepted.is_new else HTTPStatus.OK,
        {"Location": services.links.order(accepted.order_id)},
        media_type="application/json",
    )


def _known(letter_id: int) -> int:
    if not 0 < letter_id <= _LARGEST_ID:
        raise NotFound("there is no such dead letter", mend="see GET /v1/dead-letters")
    return letter_id


def _summary(letter: DeadLetter, links: Links) -> DeadLetterSummary:
    address = links.dead_letter(letter.id)
    addresses = {"self": address, "replay": f"{address}/replay"}
    if letter.order_id:
        addresses["order"] = links.order(letter.order_id)
    return DeadLetterSummary(
        id=letter.id,
        brand=letter.received.brand,
        format=letter.received.source,
        about=letter.received.about,
        received_at=letter.received.received_at,
        attempts=letter.attempts,
        problem=dict(letter.problem),
        replayed_at=letter.replayed_at,
        links=addresses,
    )


def _text(body: bytes) -> str | None:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None
