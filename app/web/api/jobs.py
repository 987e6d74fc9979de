"""`/v1/jobs`: one manufacturing job, and the print-ready file that it carries."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Header, Response
from fastapi.responses import FileResponse

from app.domain.access import Caller
from app.domain.insert import Insert, InsertState
from app.errors import NotFound, WrongState
from app.services.answers import (
    JobDetailAnswer,
    describe_card,
    describe_change,
    describe_job,
    describe_tag,
    insert_of_job,
    is_printable,
)
from app.services.desk import Services
from app.services.explanation import ExplanationAnswer, explain
from app.services.item_answers import describe_item
from app.store.database import Transaction
from app.store.orders import StoredOrder
from app.web.authentication import FetchesInserts, ReadsOrders
from app.web.dependencies import ServicesDep
from app.web.etag import etag_of, matches

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])

_COMING = frozenset({InsertState.PLANNED})


@router.get("/{job_id}", summary="Read a job with its order's tag and card")
def get_job(job_id: str, services: ServicesDep, caller: ReadsOrders) -> JobDetailAnswer:
    """`carries_insert` says whether the card travels with this very job; `links.insert` leads to it."""
    with services.store.reading() as tx:
        stored = _stored(tx, job_id, caller)
        tag, inserts = tx.tags.get(stored.id), tx.inserts.of_order(stored.id)
        insert = insert_of_job(inserts, job_id)
        moves = tx.inserts.changes(insert.job_id) if insert else ()
        items = tx.items.of_order(stored.id)
    job = describe_job(stored, stored.job_ids.index(job_id), inserts, services.links)
    return JobDetailAnswer(
        **job.model_dump(),
        order=stored.id,
        needed_by=stored.needed_by,
        tag=describe_tag(tag),
        card=describe_card(insert, services.links) if insert else None,
        items=[describe_item(item, services.links) for item in items if item.job_id == job_id],
        card_changes=[describe_change(move) for move in moves],
    )


@router.get("/{job_id}/explanation", summary="Why this card, or none: every rule that was asked")
def get_explanation(job_id: str, services: ServicesDep, caller: ReadsOrders) -> ExplanationAnswer:
    """As it was decided at the order's moment; only `card` moves on."""
    with services.store.reading() as tx:
        stored = _stored(tx, job_id, caller)
        tag, inserts = tx.tags.get(stored.id), tx.inserts.of_order(stored.id)
    return explain(job_id, stored, tag, inserts, services.links)


@router.post(
    "/{job_id}/release",
    summary="Let an order that waits for its card go out without it",
    responses={409: {"description": "The card is not held; `detail` gives its state."}},
)
def release(job_id: str, services: ServicesDep, caller: ReadsOrders) -> JobDetailAnswer:
    """For brands whose orders wait for their card until a person decides. Its sender is told."""
    with services.store.transaction() as tx:
        _stored(tx, job_id, caller)
        services.release(tx, job_id, who=caller.name)
    return get_job(job_id, services, caller)


@router.get(
    "/{job_id}/insert.pdf",
    summary="Fetch the print-ready insert (PDF/X-4)",
    response_class=FileResponse,
    responses={
        200: {"content": {"application/pdf": {}}, "description": "The file; its ETag is its SHA-256."},
        304: {"description": "The file you have is the one."},
        404: {"description": "This job carries no insert; another job of its order may."},
        409: {"description": "The file is not drawn yet, or was given up; `detail` gives the state."},
    },
)
def get_insert(
    job_id: str,
    services: ServicesDep,
    caller: FetchesInserts,
    if_none_match: Annotated[str, Header(description="The ETag of the file you have.")] = "",
) -> Response:
    """The file to print, byte for byte what goes to every other target."""
    insert, sha256 = printable_insert(services, job_id, caller)
    headers = {"ETag": etag_of(sha256), "Cache-Control": "private, no-cache"}
    if matches(if_none_match, sha256):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return FileResponse(
        services.artifacts.path(sha256, ".pdf"),
        headers=headers,
        media_type="application/pdf",
        filename=f"{insert.name}.pdf",
        content_disposition_type="inline",
    )


def printable_insert(services: Services, job_id: str, caller: Caller) -> tuple[Insert, str]:
    """The insert that a job carries, and its file's SHA-256.

    Raises:
        NotFound: there is no such job, or it carries none.
        WrongState: it is not drawn yet, or will not be printed.
    """
    with services.store.reading() as tx:
        stored = _stored(tx, job_id, caller)
        insert = insert_of_job(tx.inserts.of_order(stored.id), job_id)
        if insert is None:
            raise NotFound(
                f"the order of job {job_id} gets no card: {tx.tags.get(stored.id).reason}",
                mend="pack it without a card",
            )
    if insert.job_id != job_id:
        raise NotFound(
            f"job {job_id} carries no insert; its order's card travels with job {insert.job_id}",
            mend=f"fetch {services.links.insert(insert.job_id)}",
        )
    if insert.pdf_sha256 is None or not is_printable(insert):
        raise _not_there(insert)
    return insert, insert.pdf_sha256


def _not_there(insert: Insert) -> WrongState:
    if insert.state in _COMING:
        due = f", due {insert.needed_by:%Y-%m-%dT%H:%M:%SZ}" if insert.needed_by else ""
        return WrongState(
            f"the insert of job {insert.job_id} is not drawn yet (state {insert.state}{due})",
            mend="ask again in a moment, or set a call-back for the brand",
        )
    return WrongState(
        f"the insert of job {insert.job_id} will not be printed (state {insert.state}): {insert.reason}",
        mend="pack the order without a card",
    )


def _stored(tx: Transaction, job_id: str, caller: Caller) -> StoredOrder:
    stored = tx.orders.of_job(job_id)
    if not caller.serves(stored.order.brand):
        raise NotFound(f"there is no job {job_id[:40]!r}", mend="see the order's jobs")
    return stored
