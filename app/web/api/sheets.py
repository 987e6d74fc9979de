"""`/v1/sheets`: press sheets that pieces of several orders share; see them, close one, fetch its file."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, Field

from app.domain.component import component_key
from app.domain.gang_sheet import SHEET_ID_LENGTH, GangSheet, SheetState
from app.web.authentication import FetchesInserts, ReadsOrders, RunsTargets
from app.web.dependencies import ServicesDep

router = APIRouter(prefix="/v1/sheets", tags=["targets"])

IdPath = Annotated[str, Path(max_length=2 * SHEET_ID_LENGTH, description="As its Data Matrix says it.")]
_NONE: dict[int | str, dict[str, object]] = {404: {"description": "There is no such sheet."}}
_OVER: dict[int | str, dict[str, object]] = {**_NONE, 409: {"description": "Nothing waits on it any more."}}


class PlaceAnswer(BaseModel):
    """One piece on a sheet."""

    place: int = Field(description="Its first place, from 1, row by row.")
    count: int = Field(description="How many places it takes.")
    piece: str = Field(description="The job's id for its card; with -1, -2 … for its photo items.")
    generation: int
    left_out: str = Field(description="Why it is not on the sheet; empty where it is.")


class SheetAnswer(BaseModel):
    """One sheet, as it stands."""

    id: str
    brand: str
    target: str
    state: SheetState
    room: int = Field(description="Places of the sheet.")
    taken: int
    opened_at: datetime
    close_at: datetime = Field(description="When it closes at the latest.")
    closed_at: datetime | None
    closed_by: str = Field(description="full, due, or who closed it.")
    reason: str = Field(description="Why it waits or failed.")
    target_reference: str
    accepted_at: datetime | None
    places: list[PlaceAnswer]


class SheetList(BaseModel):
    """Some sheets, newest first."""

    sheets: list[SheetAnswer]


@router.get("", summary="List the latest gang sheets")
def list_sheets(
    services: ServicesDep,
    caller: ReadsOrders,
    state: Annotated[SheetState | None, Query(description="Only those in this state.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> SheetList:
    """Newest first."""
    found = services.sheets.latest(caller.brand, state, limit)
    return SheetList(sheets=[_answer(sheet) for sheet in found])


@router.get("/{sheet_id}", summary="See a gang sheet", responses=_NONE)
def get_sheet(sheet_id: IdPath, services: ServicesDep, caller: ReadsOrders) -> SheetAnswer:
    """With every piece that is, or was to be, on it."""
    return _answer(services.sheets.get(caller.brand, sheet_id))


@router.post("/{sheet_id}/close", summary="Close a gang sheet now", responses=_OVER)
def close_sheet(sheet_id: IdPath, services: ServicesDep, caller: RunsTargets) -> SheetAnswer:
    """It is made and handed over as it is. The same again changes nothing while it is on its way."""
    return _answer(services.sheets.close(caller.brand, sheet_id, by=caller.name))


@router.get(
    "/{sheet_id}/sheet.pdf",
    summary="Fetch a gang sheet's PDF",
    response_class=Response,
    responses={**_OVER, 200: {"content": {"application/pdf": {}}, "description": "The PDF/X file."}},
)
def get_sheet_pdf(sheet_id: IdPath, services: ServicesDep, caller: FetchesInserts) -> Response:
    """Made of its pieces as they are now: what was taken back, made anew or erased is not on it."""
    return Response(services.sheets.pdf(caller.brand, sheet_id), media_type="application/pdf")


def _answer(sheet: GangSheet) -> SheetAnswer:
    return SheetAnswer(
        id=sheet.id,
        brand=sheet.brand,
        target=sheet.target,
        state=sheet.state,
        room=sheet.room,
        taken=sheet.taken,
        opened_at=sheet.opened_at,
        close_at=sheet.close_at,
        closed_at=sheet.closed_at,
        closed_by=sheet.closed_by,
        reason=sheet.reason,
        target_reference=sheet.target_reference,
        accepted_at=sheet.accepted_at,
        places=[
            PlaceAnswer(
                place=place.number + 1,
                count=place.count,
                piece=component_key(place.record, place.component),
                generation=place.generation,
                left_out=place.left_out,
            )
            for place in sheet.places
        ],
    )
