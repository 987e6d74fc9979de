"""`/v1/artifacts/{name}`: stored files for front ends, under signed addresses."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import FileResponse

from app.errors import Forbidden
from app.web.dependencies import ServicesDep
from app.web.etag import etag_of
from app.wire.jmf.dialect import PDF_TYPE
from app.wire.signed_link import file_granted

router = APIRouter(prefix="/v1/artifacts", tags=["press"])

_TYPES = {
    "pdf": PDF_TYPE,
    "jdf": "application/vnd.cip4-jdf+xml",
    "xjdf": "application/vnd.cip4-xjdf+xml",
}
_LAST_MOMENT = 253_402_300_799
"""The end of the year 9999."""

Name = Annotated[str, Path(pattern=r"^[0-9a-f]{64}\.(pdf|jdf|xjdf)$", description="As in the address given.")]
Until = Annotated[int, Query(ge=0, le=_LAST_MOMENT, description="When the address ends, in Unix time.")]
Signature = Annotated[str, Query(max_length=64, description="tipin's signature of name and end.")]


@router.get(
    "/{name}",
    summary="Fetch a file of a job under its signed address",
    response_class=FileResponse,
    responses={
        200: {
            "content": {media_type: {} for media_type in _TYPES.values()},
            "description": "The file; its ETag is its SHA-256.",
        },
        403: {"description": "The address was not given by tipin, or has ended."},
        429: {"description": "It is fetched too often; `Retry-After` says when to go on."},
    },
)
@router.head("/{name}", include_in_schema=False)
def get_artifact(name: Name, until: Until, signature: Signature, services: ServicesDep) -> Response:
    """No key is needed: the address gives this one file, and ends."""
    now = services.clock.now()
    if not file_granted(services.secret.links, name, until=until, signature=signature, now=now):
        raise Forbidden(
            "this address was not given by tipin, or it has ended",
            mend="hand the piece over again; how long addresses last is the target's option link_hours",
        )
    services.rates.take(f"artifact {name}")
    sha256, _, kind = name.partition(".")
    return FileResponse(
        services.artifacts.path(sha256, f".{kind}"),
        headers={"ETag": etag_of(sha256), "Cache-Control": "private, no-store"},
        media_type=_TYPES[kind],
        filename=name,
    )
