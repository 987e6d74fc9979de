"""`/v1/history/imports`: send a file of past orders, look at what it would become, import it, watch it."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, Query, Request, Response
from fastapi import Path as InPath
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from app.domain.history_import import HistoryImport, ImportState
from app.errors import Forbidden, NotFound
from app.registry.mappings import write_mapping
from app.services.desk import Services
from app.services.history.desk import Tried
from app.services.history.examine import Example
from app.web.authentication import ImportsHistory
from app.web.dependencies import BodyDep, ServicesDep

PREFIX = "/v1/history/imports"
router = APIRouter(prefix=PREFIX, tags=["history"])
ImportId = Annotated[str, InPath(pattern="^[0-9A-Z]{13}$", description="From the answer to the upload.")]
_UNUSABLE: dict[int | str, dict[str, Any]] = {
    422: {"description": "The file or the mapping cannot be used; `violations` names lines and mends."}
}
_WRONG: dict[int | str, dict[str, Any]] = {
    409: {"description": "It runs or ran already, or its file is gone."}
}
_MAPPING = {
    "requestBody": {
        "required": False,
        "content": {
            "text/plain": {
                "schema": {"type": "string"},
                "example": '[columns]\nid = "Order"\nplaced_at = "Date"\nvalue = "Total"\nemail = "Email"\n',
            }
        },
    }
}


class ImportAnswer(BaseModel):
    """An import, and how far it came."""

    id: str
    brand: str
    state: ImportState
    bytes: int = Field(description="Of the file.")
    bytes_read: int
    new: int = Field(description="Orders that were imported.")
    known: int = Field(description="Orders that were there already; they stay as they are.")
    skipped: int = Field(description="What by its status never became an order.")
    rejected: int = Field(description="Orders that could not be understood; see `links.rejects`.")
    reasons: dict[str, int] = Field(description="Why they were refused, with how many.")
    problem: str = Field(description="What ended a failed import.")
    made_at: datetime
    ended_at: datetime | None
    links: dict[str, str]


class OrderSeen(BaseModel):
    """One order of the file as it would be understood. The customer is a number, not a name."""

    line: int
    id: str
    placed_at: datetime
    value_minor: int
    currency: str
    customer: str
    kind: str
    categories: tuple[str, ...]
    events: dict[str, datetime]


class RefusalSeen(BaseModel):
    """One order of the file that would be refused."""

    line: int
    why: str


class TriedAnswer(BaseModel):
    """What a mapping would make of the file's first orders."""

    mapping: str = Field(description="The mapping in TOML; change it, and try or start it.")
    ready: str = Field(description="The known export that it is; empty for a guess.")
    doubts: tuple[str, ...] = Field(description="What a person has to decide.")
    lacks: tuple[str, ...] = Field(description="Fields that an order needs and that have no column yet.")
    file: str = Field(description="What the file was found to be.")
    whole: bool = Field(description="Whether all of the file was looked at.")
    orders: int
    skipped: int
    rejected: int
    reasons: dict[str, int]
    notes: tuple[str, ...]
    first_orders: tuple[OrderSeen, ...]
    first_refusals: tuple[RefusalSeen, ...]


class UploadAnswer(BaseModel):
    """A file that was taken, and the mapping that it is proposed to be read by."""

    history_import: ImportAnswer
    proposal: TriedAnswer


class ImportList(BaseModel):
    """Imports, the latest first."""

    imports: list[ImportAnswer]


@router.post(
    "",
    summary="Send a file of past orders",
    status_code=201,
    responses=_UNUSABLE
    | {
        404: {"description": "There is no such brand, or it is another key's."},
        413: {"description": "The file is over TIPIN_MAX_HISTORY_BYTES."},
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def upload(
    request: Request,
    services: ServicesDep,
    caller: ImportsHistory,
    brand: Annotated[str, Query(max_length=80, description="Whose past it is.")],
) -> UploadAnswer:
    """CSV, JSON Lines (each also gzipped) or Parquet as the body. Nothing is imported before the start."""
    if not caller.serves(brand):
        raise Forbidden(f"this key does not serve the brand {brand[:40]!r}", mend="use a key of that brand")
    came = services.history.folder.new()
    try:
        await _save(request, came)
        one, tried = await run_in_threadpool(services.history.take, brand, came)
    finally:
        await run_in_threadpool(came.unlink, missing_ok=True)
    return UploadAnswer(history_import=_describe(one, services), proposal=_tried(tried))


async def _save(request: Request, came: Path) -> None:
    """Write the body to the disk as it comes; over the limit the stream itself ends with an error."""
    async with await anyio.open_file(came, "wb") as file:
        async for piece in request.stream():
            await file.write(piece)


@router.get("", summary="List imports")
def list_imports(
    services: ServicesDep,
    caller: ImportsHistory,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ImportList:
    """The latest first."""
    with services.store.reading() as tx:
        found = tx.history_imports.page(scope=caller.brand, limit=limit)
    return ImportList(imports=[_describe(one, services) for one in found])


@router.get("/{import_id}", summary="See how far an import came")
def get_import(import_id: ImportId, services: ServicesDep, caller: ImportsHistory) -> ImportAnswer:
    """Ask every few seconds; `bytes_read` of `bytes` is the progress."""
    return _describe(_find(services, import_id, caller.brand), services)


@router.post(
    "/{import_id}/try", summary="Try a mapping", responses={**_UNUSABLE, **_WRONG}, openapi_extra=_MAPPING
)
def try_mapping(
    import_id: ImportId, services: ServicesDep, caller: ImportsHistory, body: BodyDep
) -> TriedAnswer:
    """The first orders as they would be understood. The body is a mapping in TOML, or a ready one's name."""
    return _tried(services.history.try_out(_find(services, import_id, caller.brand), _text(body)))


@router.post(
    "/{import_id}/start",
    summary="Start an import",
    status_code=202,
    responses={**_UNUSABLE, **_WRONG},
    openapi_extra=_MAPPING,
)
def start_import(
    import_id: ImportId, services: ServicesDep, caller: ImportsHistory, body: BodyDep
) -> ImportAnswer:
    """Import the file in the background, by the mapping in the body or else the proposed one."""
    one = services.history.start(_find(services, import_id, caller.brand), _text(body))
    return _describe(one, services)


@router.get(
    "/{import_id}/rejects",
    summary="Fetch the rejects",
    response_class=FileResponse,
    responses={200: {"content": {"application/octet-stream": {}}, "description": "In the file's own form."}},
)
def get_rejects(import_id: ImportId, services: ServicesDep, caller: ImportsHistory) -> FileResponse:
    """Orders that were refused, each as it was with line and reason: mend them, and send the file again."""
    one = _find(services, import_id, caller.brand)
    path = services.history.folder.written_rejects(one.id)
    if path is None:
        raise NotFound("this import has no rejects", mend="see its `rejected` and `state`")
    return FileResponse(
        path, media_type="application/octet-stream", filename=f"rejects-{one.id}{path.suffix}"
    )


@router.delete("/{import_id}", summary="Forget an import", status_code=204, responses=_WRONG)
def remove_import(import_id: ImportId, services: ServicesDep, caller: ImportsHistory) -> Response:
    """Deletes its file and rejects. The orders that it brought stay."""
    services.history.remove(_find(services, import_id, caller.brand))
    return Response(status_code=HTTPStatus.NO_CONTENT)


def _find(services: Services, import_id: str, scope: str) -> HistoryImport:
    with services.store.reading() as tx:
        return tx.history_imports.get(import_id, scope=scope)


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace").strip()


def _describe(one: HistoryImport, services: Services) -> ImportAnswer:
    come = one.progress
    address = services.links.history_import(one.id)
    links = {"self": address}
    if come.rejected and one.state is not ImportState.RUNNING:
        links["rejects"] = f"{address}/rejects"
    return ImportAnswer(
        id=one.id,
        brand=one.brand,
        state=one.state,
        bytes=one.size,
        bytes_read=one.size if one.state is ImportState.DONE else come.read,
        new=come.new,
        known=come.known,
        skipped=come.skipped,
        rejected=come.rejected,
        reasons=dict(come.reasons),
        problem=one.problem,
        made_at=one.made_at,
        ended_at=one.ended_at,
        links=links,
    )


def _tried(tried: Tried) -> TriedAnswer:
    proposal, found = tried.proposal, tried.examined
    seen: dict[str, Any] = {"file": "", "whole": False, "orders": 0, "skipped": 0, "rejected": 0}
    seen |= {"reasons": {}, "notes": (), "first_orders": (), "first_refusals": ()}
    if found is not None:
        seen |= {"file": found.described, "whole": found.whole, "orders": found.orders}
        seen |= {"skipped": found.skipped, "rejected": found.rejected, "reasons": dict(found.reasons)}
        seen |= {"notes": tuple(found.notes), "first_orders": tuple(map(_seen, found.examples))}
        seen["first_refusals"] = tuple(RefusalSeen(line=one.line, why=one.why) for one in found.refused)
    return TriedAnswer(
        mapping=write_mapping(proposal.mapping),
        ready=proposal.ready,
        doubts=proposal.doubts,
        lacks=proposal.mapping.lacks,
        **seen,
    )


def _seen(one: Example) -> OrderSeen:
    return OrderSeen(
        line=one.line,
        id=one.order_id,
        placed_at=one.placed_at,
        value_minor=one.value.minor,
        currency=one.value.currency,
        customer=one.customer,
        kind=one.kind,
        categories=one.categories,
        events=dict(one.events),
    )
