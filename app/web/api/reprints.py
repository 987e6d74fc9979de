"""`/v1/jobs/{job_id}/reprint`: print a card or an item again, and see how often it was."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Header
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.domain.reprint import Reprint, ReprintReason
from app.errors import NotFound
from app.services.links import Links
from app.web.authentication import ReadsOrders, Reprints
from app.web.dependencies import ServicesDep

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])

_Note = Annotated[str, StringConstraints(max_length=300)]


class ReprintIn(BaseModel):
    """Which piece is printed again, and why."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"reason": "damaged", "note": "creased by the folder"}]},
    )

    reason: ReprintReason
    component: Annotated[int, Field(ge=0, le=1023, description="0 is the card; photo items follow.")] = 0
    note: _Note = Field(default="", description="The same in your own words; nobody's name.")


class ReprintAnswer(BaseModel):
    """One reprint."""

    job: str
    component: int = Field(description="0 is the card.")
    generation: int = Field(description="The print that this made; every earlier one is void.")
    at: datetime
    who: str
    reason: ReprintReason
    note: str
    links: dict[str, str]


class ReprintList(BaseModel):
    """Reprints, the oldest first."""

    reprints: list[ReprintAnswer]


@router.post(
    "/{job_id}/reprint",
    summary="Print a card or an item again",
    responses={
        409: {"description": "Nothing was printed yet, it was erased, or it was printed 31 times again."}
    },
)
def reprint(
    *,
    job_id: str,
    body: ReprintIn,
    services: ServicesDep,
    caller: Reprints,
    idempotency_key: Annotated[
        str, Header(max_length=255, description="The same key again gets the same reprint.")
    ] = "",
) -> ReprintAnswer:
    """The stored card, or the item's photo with its crop, is drawn once more: nothing is composed anew.

    Only its bench code and the line of its job code differ, for they carry the new generation. From now on
    the bench calls every earlier print void.
    """
    made = services.bench.reprint(
        job_id,
        caller,
        reason=body.reason,
        component=body.component,
        note=body.note,
        key=idempotency_key,
    )
    return _answer(made, services.links)


@router.get("/{job_id}/reprints", summary="List a card's reprints")
def list_reprints(job_id: str, services: ServicesDep, caller: ReadsOrders) -> ReprintList:
    """Who printed it again, when and why."""
    with services.store.reading() as tx:
        brand = tx.components.get(job_id).brand
        found = tx.reprints.of_record(brand, job_id) if caller.serves(brand) else None
    if found is None:
        raise NotFound(f"there is no job {job_id[:40]!r}", mend="see the order's jobs")
    return ReprintList(reprints=[_answer(one, services.links) for one in found])


def _answer(reprint: Reprint, links: Links) -> ReprintAnswer:
    return ReprintAnswer(
        job=reprint.record,
        component=reprint.component,
        generation=reprint.generation,
        at=reprint.at,
        who=reprint.who,
        reason=reprint.reason,
        note=reprint.note,
        links={"job": links.job(reprint.record)}
        | (
            {"item": links.item(reprint.record, reprint.component)}
            if reprint.component
            else {"insert": links.insert(reprint.record)}
        ),
    )
