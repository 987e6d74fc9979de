"""`/v1/sheets`: press sheets that pieces of several orders share; see them, close one, fetch its file."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.domain.component import component_key
from app.domain.gang_sheet import SHEET_ID_LENGTH, GangSheet, SheetForm, SheetState
from app.domain.insert import InsertState
from app.domain.sheet import CutOrder, sheet_name
from app.services.gang.sheet_desk import PlacedPiece, SheetView
from app.web.authentication import FetchesInserts, ReadsOrders, RunsTargets
from app.web.dependencies import ServicesDep
from app.web.etag import etag_of, matches

router = APIRouter(prefix="/v1/sheets", tags=["targets"])

IdPath = Annotated[
    str, Path(max_length=2 * SHEET_ID_LENGTH, description="Its id, or what the Data Matrix on it says.")
]
_NONE: dict[int | str, dict[str, object]] = {404: {"description": "There is no such sheet."}}
_OVER: dict[int | str, dict[str, object]] = {**_NONE, 409: {"description": "Nothing waits on it any more."}}
_CERTAIN: dict[int | str, dict[str, object]] = {
    **_NONE,
    409: {"description": "Nothing about it is uncertain."},
}
_GONE: dict[int | str, dict[str, object]] = {
    **_NONE,
    409: {"description": "It is at no press, it is too late, or the target gives nothing back."},
    503: {"description": "The target does not say."},
}
_LARGEST_PAGE = 1000


class StandAnswer(BaseModel):
    """One place that a piece has."""

    sheet: int = Field(description="Which sheet of the pile, from 1, its separator counted.")
    place: int = Field(description="From 1, row by row on the front.")
    row: int
    column: int
    trim: tuple[float, float, float, float] = Field(
        description="Left, top, width and height of the cut on the front, mm from the top left corner."
    )


class PlaceAnswer(BaseModel):
    """One piece of a sheet, in the order in which they came."""

    piece: str = Field(description="The job's id for its card; with -1, -2 … for its photo items.")
    order: str | None = Field(description="tipin's id of its order; null where that is gone.")
    generation: int
    count: int = Field(description="How many places it takes.")
    stands: list[StandAnswer] = Field(description="Where; as it would be now, until the sheet was made.")
    state: InsertState | None = Field(description="How the piece stands now; null where it is gone.")
    void: bool = Field(description="Whether it was printed again since, so that this print is void.")
    left_out: str = Field(description="Why it is not on the sheet; empty where it is.")


class PaperAnswer(BaseModel):
    """The paper, and how pieces stand on it; lengths in mm."""

    name: str
    size: tuple[float, float]
    margin: float
    trim: tuple[float, float] = Field(description="Of a piece.")
    gap: float = Field(description="Between the trims of neighbours.")
    order: CutOrder
    two_sided: bool


class ProgressAnswer(BaseModel):
    """How far a sheet is that is being made."""

    looked_at: int = Field(description="Places whose pieces were checked; written down each second.")
    places: int


class SheetLine(BaseModel):
    """One sheet, as it stands."""

    id: str
    brand: str
    target: str
    state: SheetState
    paper: PaperAnswer
    sheets: int = Field(description="How many are cut as one pile, separator not counted.")
    room: int = Field(description="Places of all its sheets.")
    taken: int
    opened_at: datetime
    close_at: datetime = Field(description="When it closes at the latest.")
    closed_at: datetime | None
    closed_by: str = Field(description="full, due, or who closed it.")
    note: str = Field(description="Why it was closed by hand.")
    progress: ProgressAnswer
    reason: str = Field(description="Why it waits or failed.")
    target_reference: str
    accepted_at: datetime | None


class SheetAnswer(SheetLine):
    """One sheet in full."""

    pages: int = Field(description="Of its file; 0 where nothing is on it.")
    places: list[PlaceAnswer]


class SheetList(BaseModel):
    """Some sheets, newest first."""

    sheets: list[SheetLine]


class CloseIn(BaseModel):
    """Why a sheet is closed."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"note": "the courier is early"}]}
    )

    note: Annotated[str, StringConstraints(max_length=300)] = Field(
        default="", description="In your own words; nobody's name."
    )


class RecallIn(BaseModel):
    """Why a sheet is taken back."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"note": "the wrong paper is loaded"}]}
    )

    note: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)] = Field(
        description="In your own words; nobody's name."
    )


@router.get("", summary="List the latest gang sheets")
def list_sheets(
    services: ServicesDep,
    caller: ReadsOrders,
    state: Annotated[SheetState | None, Query(description="Only those in this state.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> SheetList:
    """Newest first."""
    found = services.sheets.latest(caller.brand, state, limit)
    return SheetList(sheets=[SheetLine.model_validate(_line(sheet)) for sheet in found])


@router.get("/{sheet_id}", summary="See a gang sheet", responses=_NONE)
def get_sheet(sheet_id: IdPath, services: ServicesDep, caller: ReadsOrders) -> SheetAnswer:
    """With every piece that is, or was to be, on it."""
    return _answer(services.sheets.see(caller.brand, sheet_id))


@router.post("/{sheet_id}/close", summary="Close a gang sheet now", responses=_OVER)
def close_sheet(
    sheet_id: IdPath, services: ServicesDep, caller: RunsTargets, body: CloseIn | None = None
) -> SheetAnswer:
    """It is made and handed over as it is. The same again changes nothing while it is on its way."""
    note = body.note if body else ""
    return _answer(services.sheets.close(caller.brand, sheet_id, by=caller.name, note=note))


@router.post("/{sheet_id}/recall", summary="Take a gang sheet back before it is printed", responses=_GONE)
def recall_sheet(sheet_id: IdPath, services: ServicesDep, caller: RunsTargets, body: RecallIn) -> SheetAnswer:
    """The target gives its one job back, and each piece on it is cancelled: their orders go out without."""
    return _answer(services.sheets.recall(caller.brand, sheet_id, why=body.note, by=caller.name))


@router.post("/{sheet_id}/printed", summary="Say that an uncertain sheet is printed", responses=_CERTAIN)
def mark_printed(sheet_id: IdPath, services: ServicesDep, caller: RunsTargets) -> SheetAnswer:
    """Its pieces are printed with it, but for those that were settled one by one."""
    return _answer(services.sheets.settle(caller.brand, sheet_id, printed=True, by=caller.name))


@router.post("/{sheet_id}/not-printed", summary="Send an uncertain sheet again", responses=_CERTAIN)
def mark_not_printed(sheet_id: IdPath, services: ServicesDep, caller: RunsTargets) -> SheetAnswer:
    """The same sheet goes out once more, without what was settled, packed or printed again since."""
    return _answer(services.sheets.settle(caller.brand, sheet_id, printed=False, by=caller.name))


@router.get(
    "/{sheet_id}/sheet.pdf",
    summary="Fetch a gang sheet's PDF",
    response_class=Response,
    responses={**_OVER, 200: {"content": {"application/pdf": {}}, "description": "The PDF/X file."}},
)
def get_sheet_pdf(sheet_id: IdPath, services: ServicesDep, caller: FetchesInserts) -> Response:
    """As it was handed over; a place is empty where its piece was made anew or erased since.

    Of a sheet that still waits, as it would be now.
    """
    return Response(services.sheets.pdf(caller.brand, sheet_id), media_type="application/pdf")


@router.get(
    "/{sheet_id}/pages/{page}.jpg",
    summary="See a side of a gang sheet",
    response_class=Response,
    responses={
        **_OVER,
        200: {"content": {"image/jpeg": {}}, "description": "The picture."},
        304: {"description": "The picture you have is the one."},
    },
)
def get_sheet_picture(
    sheet_id: IdPath,
    page: Annotated[int, Path(ge=1, le=_LARGEST_PAGE, description="Fronts and backs in turn, from 1.")],
    services: ServicesDep,
    caller: FetchesInserts,
    if_none_match: Annotated[str, Header(description="The ETag of the picture you have.")] = "",
) -> Response:
    """96 dpi, drawn when it is asked for: nothing of it is kept."""
    tag = f"{services.sheets.see(caller.brand, sheet_id).version}-{page}"
    headers = {"ETag": etag_of(tag), "Cache-Control": "private, no-cache"}
    if matches(if_none_match, tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    picture = services.sheets.picture(caller.brand, sheet_id, page)
    return Response(picture, media_type="image/jpeg", headers=headers)


def _line(sheet: GangSheet) -> dict[str, object]:
    same = "id brand target state room taken opened_at close_at closed_at closed_by note reason"
    values: dict[str, object] = {name: getattr(sheet, name) for name in same.split()}
    places = sum(place.count for place in sheet.places if not place.left_out)
    return values | {
        "paper": _paper(sheet.form),
        "sheets": sheet.form.sheets,
        "progress": ProgressAnswer(looked_at=min(sheet.looked_at, places), places=places),
        "target_reference": sheet.target_reference,
        "accepted_at": sheet.accepted_at,
    }


def _answer(view: SheetView) -> SheetAnswer:
    places = [_place(one) for one in view.pieces]
    return SheetAnswer.model_validate(_line(view.sheet) | {"pages": view.pages, "places": places})


def _place(one: PlacedPiece) -> PlaceAnswer:
    place, now = one.place, one.component
    return PlaceAnswer(
        piece=component_key(place.record, place.component),
        order=now.order_id if now else None,
        generation=place.generation,
        count=place.count,
        stands=[
            StandAnswer(
                sheet=each.sheet,
                place=each.place,
                row=each.row,
                column=each.column,
                trim=(each.front.x, each.front.y, each.front.width, each.front.height),
            )
            for each in one.stands
        ],
        state=now.state if now else None,
        void=one.made_anew,
        left_out=place.left_out,
    )


def _paper(form: SheetForm) -> PaperAnswer:
    return PaperAnswer(
        name=sheet_name(form.sheet),
        size=form.sheet,
        margin=form.margin,
        trim=form.trim,
        gap=form.gap,
        order=form.order,
        two_sided=form.two_sided,
    )
