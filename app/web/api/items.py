"""`/v1/jobs/{id}/items`: the photo items of a job's order, their files and pictures, and changes of them."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query, Response
from fastapi import Path as InPath
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field

from app.domain.access import Caller
from app.domain.item import Item
from app.domain.photo import LARGEST_ZOOM, STEEPEST, Crop, crop_asked
from app.errors import ChangedMeanwhile, NotFound, VersionNeeded, WrongState
from app.pdf.preview import InkLimit, View
from app.services.desk import Services
from app.services.item_answers import ItemAnswer, ItemList, describe_item
from app.services.preview_card import Look, PictureSize
from app.store.database import Transaction
from app.web.authentication import ChangesItems, FetchesInserts, ReadsOrders
from app.web.dependencies import ServicesDep
from app.web.etag import etag_of, matches
from app.wire.fields import Line, Name

router = APIRouter(prefix="/v1/jobs/{job_id}/items", tags=["items"])
Number = Annotated[int, InPath(ge=1, le=1023, description="In the order's record.")]
IfMatch = Annotated[str, Header(description="The `ETag` of the item that you change; `*` for any.")]
Share = Annotated[float, Field(ge=0, le=1)]
_NOT_MADE: dict[int | str, dict[str, Any]] = {
    409: {"description": "It is not made yet, or was given up; `detail` gives the state."}
}
_CHANGED: dict[int | str, dict[str, Any]] = {
    409: {"description": "In its state this cannot be done."},
    412: {"description": "It has moved on since you read it."},
    428: {"description": "The `If-Match` header is missing."},
}


class CropIn(BaseModel):
    """What of the photo is to be printed; all null for tipin's own choice."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"focus": [0.4, 0.35], "zoom": 1.2, "turns": 0, "straighten": 0}]},
    )
    focus: tuple[Share, Share] | None = None
    zoom: Annotated[float | None, Field(ge=1, le=LARGEST_ZOOM)] = None
    turns: Annotated[int | None, Field(ge=0, le=3)] = None
    straighten: Annotated[float | None, Field(ge=-STEEPEST, le=STEEPEST)] = None

    @property
    def crop(self) -> Crop | None:
        """As a value; None to choose one."""
        return crop_asked(self.focus, self.zoom, self.turns, self.straighten)


class WordsIn(BaseModel):
    """What is said on an item; empty for nothing."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"caption": "With love", "name": "Anna"}]}
    )
    caption: Line
    name: Name


class WhyIn(BaseModel):
    """Why it is done."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "ask the customer"}]}
    )
    reason: Annotated[str, Field(min_length=1, max_length=200)]


@router.get("", summary="List the photo items of a job's order")
def list_items(job_id: str, services: ServicesDep, caller: ReadsOrders) -> ItemList:
    """All of the order; `job` says which job each is."""
    with services.store.reading() as tx:
        return ItemList(items=[describe_item(item, services.links) for item in _items(tx, job_id, caller)])


@router.get("/{number}", summary="Read a photo item")
def get_item(
    job_id: str, number: Number, services: ServicesDep, caller: ReadsOrders, response: Response
) -> ItemAnswer:
    """Where it stands. Its ETag is what changes of it are based on."""
    with services.store.reading() as tx:
        return _answer(_item(tx, job_id, number, caller), services, response)


@router.get(
    "/{number}/item.pdf",
    summary="Fetch the print-ready item (PDF/X-4)",
    response_class=FileResponse,
    responses={
        200: {"content": {"application/pdf": {}}, "description": "The file; its ETag is its SHA-256."},
        304: {"description": "The file you have is the one."},
        **_NOT_MADE,
    },
)
def get_pdf(
    job_id: str,
    number: Number,
    services: ServicesDep,
    caller: FetchesInserts,
    if_none_match: Annotated[str, Header(description="The ETag of the file you have.")] = "",
) -> Response:
    """The file to print, byte for byte what goes to its target."""
    item, sha256 = _printable(services, job_id, number, caller)
    headers = {"ETag": etag_of(sha256), "Cache-Control": "private, no-cache"}
    if matches(if_none_match, sha256):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return FileResponse(
        services.artifacts.path(sha256, ".pdf"),
        headers=headers,
        media_type="application/pdf",
        filename=f"{item.key}-{item.generation}.pdf",
        content_disposition_type="inline",
    )


@router.get(
    "/{number}/item.jpg",
    summary="See a panel of the item",
    response_class=FileResponse,
    responses={
        200: {"content": {"image/jpeg": {}}, "description": "The picture."},
        304: {"description": "The picture you have is the one."},
        **_NOT_MADE,
    },
)
def get_picture(
    *,
    job_id: str,
    number: Number,
    services: ServicesDep,
    caller: FetchesInserts,
    panel: Annotated[int, Query(ge=1, le=12)] = 1,
    size: Annotated[
        Literal["thumb", "large"],
        Query(description="`thumb`: 40 dpi, cut to its trim. `large`: 192 dpi, with bleed."),
    ] = "large",
    view: Annotated[View, Query(description="`page`: screen colours. `proof`: the press's.")] = View.PAGE,
    if_none_match: Annotated[str, Header(description="The ETag of the picture you have.")] = "",
) -> Response:
    """Drawn when first asked for, then kept."""
    item, sha256 = _printable(services, job_id, number, caller)
    look = item_look(services, item, size=PictureSize[size.upper()], view=view)
    tag = f"{sha256}-{panel}-{look.name}"
    headers = {"ETag": etag_of(tag), "Cache-Control": "private, no-cache"}
    if matches(if_none_match, tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    path = services.previews.picture(sha256, panel - 1, look)
    return FileResponse(path, media_type="image/jpeg", headers=headers, content_disposition_type="inline")


@router.get(
    "/{number}/flat.jpg",
    summary="See a panel of the item flat, with its lines",
    response_class=FileResponse,
    responses={200: {"content": {"image/jpeg": {}}, "description": "The picture."}, **_NOT_MADE},
)
def get_flat(
    job_id: str,
    number: Number,
    services: ServicesDep,
    caller: FetchesInserts,
    panel: Annotated[int, Query(ge=1, le=12)] = 1,
) -> Response:
    """As it is printed, with its bleed faded; the cut in magenta, the safe zone in green, a seam in blue."""
    item, sha256 = _printable(services, job_id, number, caller)
    return _jpeg(services.album.flat(sha256, services.print_photo.product(item.product), panel))


@router.get(
    "/{number}/mock-up.jpg",
    summary="See the item as its customer will",
    response_class=FileResponse,
    responses={200: {"content": {"image/jpeg": {}}, "description": "The picture."}, **_NOT_MADE},
)
def get_mock_up(job_id: str, number: Number, services: ServicesDep, caller: FetchesInserts) -> Response:
    """The print on its object, drawn from the file that goes to the press."""
    item, sha256 = _printable(services, job_id, number, caller)
    return _jpeg(services.album.mock_up(sha256, services.print_photo.product(item.product)))


@router.post(
    "/{number}/try",
    summary="See the item with another crop",
    response_class=Response,
    responses={
        200: {"content": {"image/jpeg": {}}, "description": "Its first panel; nothing is kept."},
        404: {"description": "There is no such item, or its photo is gone."},
        422: {"description": "So near the photo has too few pixels."},
    },
)
def try_crop(
    job_id: str, number: Number, services: ServicesDep, caller: FetchesInserts, asked: CropIn
) -> Response:
    """For crop handles: the very steps that print it, and the lines of `flat.jpg`."""
    with services.store.reading() as tx:
        item = _item(tx, job_id, number, caller)
        photo, brand = tx.photos.get(item.brand, item.source.photo), services.brands(tx, item.brand)
    flat = services.try_photo.flat(photo, item, asked.crop, brand, now=services.clock.now())
    return Response(flat, media_type="image/jpeg", headers={"Cache-Control": "private, no-store"})


@router.patch("/{number}", summary="Crop an item otherwise", responses=_CHANGED)
def crop_item(
    *,
    job_id: str,
    number: Number,
    services: ServicesDep,
    caller: ChangesItems,
    asked: CropIn,
    response: Response,
    if_match: IfMatch = "",
) -> ItemAnswer:
    """It is made again; until then it is `planned`. What the press has cannot be changed."""
    return _change(
        services,
        caller,
        (job_id, number, if_match),
        response,
        lambda tx, item: services.change_item.crop(tx, item, asked.crop, who=caller.name),
    )


@router.put("/{number}/words", summary="Word an item otherwise", responses=_CHANGED)
def word_item(
    *,
    job_id: str,
    number: Number,
    services: ServicesDep,
    caller: ChangesItems,
    words: WordsIn,
    response: Response,
    if_match: IfMatch = "",
) -> ItemAnswer:
    """It is made again, in the frames that its product has for them; until then it is `planned`."""
    return _change(
        services,
        caller,
        (job_id, number, if_match),
        response,
        lambda tx, item: services.change_item.word(
            tx, item, caption=words.caption, name=words.name, who=caller.name
        ),
    )


@router.post("/{number}/hold", summary="Keep an item back", responses=_CHANGED)
def hold_item(
    *,
    job_id: str,
    number: Number,
    services: ServicesDep,
    caller: ChangesItems,
    why: WhyIn,
    response: Response,
    if_match: IfMatch = "",
) -> ItemAnswer:
    """Until somebody releases it."""
    return _change(
        services,
        caller,
        (job_id, number, if_match),
        response,
        lambda tx, item: services.change_item.hold(tx, item, reason=why.reason, who=caller.name),
    )


@router.post("/{number}/release", summary="Let a held item go on", responses=_CHANGED)
def release_item(
    *,
    job_id: str,
    number: Number,
    services: ServicesDep,
    caller: ChangesItems,
    response: Response,
    if_match: IfMatch = "",
) -> ItemAnswer:
    """As it is: to the press, or to be made where it was held before."""
    return _change(
        services,
        caller,
        (job_id, number, if_match),
        response,
        lambda tx, item: services.change_item.release(tx, item, who=caller.name),
    )


@router.post("/{number}/stop", summary="Stop an item", responses=_CHANGED)
def stop_item(
    *,
    job_id: str,
    number: Number,
    services: ServicesDep,
    caller: ChangesItems,
    why: WhyIn,
    response: Response,
    if_match: IfMatch = "",
) -> ItemAnswer:
    """Its order goes out without it, and the sender is told."""
    return _change(
        services,
        caller,
        (job_id, number, if_match),
        response,
        lambda tx, item: services.change_item.stop(tx, item, reason=why.reason, who=caller.name),
    )


def item_look(services: Services, item: Item, *, size: PictureSize, view: View) -> Look:
    """How an item's page is shown."""
    product = services.products.get(item.product)
    profile = services.profiles.get(product.profile) if product else None
    icc = profile.icc if profile else None
    return Look(size=size, view=view, limit=InkLimit.of(profile), icc=icc)


def _jpeg(path: Path) -> Response:
    headers = {"Cache-Control": "private, no-cache"}
    return FileResponse(path, media_type="image/jpeg", headers=headers, content_disposition_type="inline")


def _change(
    services: Services,
    caller: Caller,
    which: tuple[str, int, str],
    response: Response,
    change: Callable[[Transaction, Item], Item],
) -> ItemAnswer:
    job_id, number, if_match = which
    with services.store.transaction() as tx:
        item = _item(tx, job_id, number, caller)
        if not if_match:
            raise VersionNeeded(
                "the If-Match header is missing", mend="read the item, then send its ETag; or * for any"
            )
        if not matches(if_match, _version(item)):
            raise ChangedMeanwhile("the item has moved on", mend="read it again and decide anew")
        return _answer(change(tx, item), services, response)


def _answer(item: Item, services: Services, response: Response) -> ItemAnswer:
    response.headers["ETag"] = etag_of(_version(item))
    response.headers["Cache-Control"] = "private, no-cache"
    return describe_item(item, services.links)


def _version(item: Item) -> str:
    return f"{item.generation}-{item.revision}-{item.state}"


def _items(tx: Transaction, job_id: str, caller: Caller) -> tuple[Item, ...]:
    stored = tx.orders.of_job(job_id)
    if not caller.serves(stored.order.brand):
        raise NotFound(f"there is no job {job_id[:40]!r}", mend="see the order's jobs")
    return tx.items.of_order(stored.id)


def _item(tx: Transaction, job_id: str, number: int, caller: Caller) -> Item:
    for item in _items(tx, job_id, caller):
        if item.number == number:
            return item
    raise NotFound(f"the order of job {job_id[:40]} has no photo item {number}", mend="see the job's items")


def _printable(services: Services, job_id: str, number: int, caller: Caller) -> tuple[Item, str]:
    with services.store.reading() as tx:
        item = _item(tx, job_id, number, caller)
    if item.pdf_sha256 is None:
        raise WrongState(
            f"the item {item.key} has no file (state {item.state})"
            + (f": {item.reason}" if item.reason else ""),
            mend="ask again in a moment, or set a call-back for the brand",
        )
    return item, item.pdf_sha256
