"""`/v1/signals/{scope}/{token}`: where front ends tell by CIP4's messages what became of jobs."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Header, Path, Response

from app.domain.ticket import Progress
from app.errors import Forbidden, MalformedReport
from app.web.dependencies import BodyDep, ServicesDep
from app.wire.jmf.front_end import progress_of
from app.wire.jmf.messages import respond
from app.wire.jmf.read import NotJmf, Told, read_told
from app.wire.jmf.unpack import unpack
from app.wire.signed_link import name_granted

router = APIRouter(prefix="/v1/signals", tags=["press"])

Scope = Annotated[str, Path(max_length=200, description="A ticket's name, or a target's.")]
Token = Annotated[str, Path(max_length=64, description="As in the address given: it cannot be guessed.")]


@router.post(
    "/{scope}/{token}",
    summary="Tell what became of a job (JMF or XJMF)",
    response_class=Response,
    responses={
        200: {
            "content": {"application/vnd.cip4-jmf+xml": {}, "application/vnd.cip4-xjmf+xml": {}},
            "description": "CIP4's Response: taken.",
        },
        403: {"description": "The address was not given by tipin."},
        422: {"description": "It is no Signal or ReturnQueueEntry; `detail` says why."},
        429: {"description": "It tells too often; `Retry-After` says when to go on."},
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/vnd.cip4-jmf+xml": {"schema": {"type": "string"}},
                "application/vnd.cip4-xjmf+xml": {"schema": {"type": "string"}},
                "application/vnd.cip4-xjmf+zip": {"schema": {"type": "string", "format": "binary"}},
                "multipart/related": {"schema": {"type": "string", "format": "binary"}},
            },
        }
    },
)
def hear(
    *,
    scope: Scope,
    token: Token,
    body: BodyDep,
    services: ServicesDep,
    content_type: Annotated[str, Header(max_length=500)] = "",
) -> Response:
    """Signals of Status and QueueStatus, and ReturnQueueEntry, alone or packed with the returned ticket.

    What a press says is a hint for the bench.
    """
    if not name_granted(services.secret.links, scope, token):
        raise Forbidden(
            "this address was not given by tipin", mend="take the one of the submission (ReturnJMF)"
        )
    services.rates.take(f"signals {scope}")
    try:
        sent = unpack(body, content_type)
        told = read_told(sent.message, sent.find)
    except NotJmf as error:
        raise MalformedReport(f"this is no message that is understood: {error}") from error
    of_target = scope in {target.name for target in services.settings.targets}
    services.hear(_news(told, "" if of_target else scope), target=scope if of_target else "")
    first = told[0]
    answer = respond(
        first.dialect,
        first.kind,
        refers_to=first.message_id,
        message_id=f"r{secrets.token_hex(8)}",
        at=services.clock.now(),
        code=0,
    )
    return Response(answer, media_type=first.dialect.message_type)


def _news(told: tuple[Told, ...], ticket: str) -> Iterator[tuple[str, Progress]]:
    """The tickets that are told of; an address of one ticket speaks of that one alone."""
    for message in told:
        for entry in message.entries:
            if not ticket or entry.part in {"", ticket}:
                yield ticket or entry.part, progress_of(entry)
