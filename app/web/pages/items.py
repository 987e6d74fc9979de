"""One photo item: what goes to the press, what the customer will see, and handles to crop it otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Path, Query, Request, Response
from fastapi.responses import FileResponse, RedirectResponse

from app.domain.access import Caller, Right
from app.domain.insert import InsertState
from app.domain.item import Item
from app.domain.photo import LARGEST_ZOOM, STEEPEST, Crop, StoredPhoto
from app.domain.product import Product
from app.errors import Forbidden, NotFound
from app.photo.crop import turned, window
from app.store.components import NOT_HANDED_OVER
from app.web.pages.desk import Desk, DeskDep
from app.web.pages.session import SenderDep, SignedInDep
from app.wire.fields import LONGEST_LINE, LONGEST_NAME

router = APIRouter(prefix="/items/{record}/{number}")
Record = Annotated[str, Path(pattern="^[0-9A-Z]{1,20}$")]
Number = Annotated[int, Path(ge=1, le=1023)]
Sha256 = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]
_KEPT = {"Cache-Control": "private, max-age=31536000, immutable"}
_TRIED = {"Cache-Control": "private, max-age=300"}
"""A page's script asks for a trial, and then the picture's element for the same."""
_CROPPED = {*NOT_HANDED_OVER, InsertState.FAILED}


def _crop_in_query(
    x: Annotated[float, Query(ge=0, le=1)],
    y: Annotated[float, Query(ge=0, le=1)],
    zoom: Annotated[float, Query(ge=1, le=LARGEST_ZOOM)] = 1.0,
    turns: Annotated[int, Query(ge=0, le=3)] = 0,
    straighten: Annotated[float, Query(ge=-STEEPEST, le=STEEPEST)] = 0.0,
) -> Crop:
    return Crop(focus=(x, y), zoom=zoom, turns=turns, straighten=straighten)


def _crop_in_form(
    x: Annotated[float, Form(ge=0, le=1)],
    y: Annotated[float, Form(ge=0, le=1)],
    zoom: Annotated[float, Form(ge=1, le=LARGEST_ZOOM)] = 1.0,
    turns: Annotated[int, Form(ge=0, le=3)] = 0,
    straighten: Annotated[float, Form(ge=-STEEPEST, le=STEEPEST)] = 0.0,
) -> Crop:
    return Crop(focus=(x, y), zoom=zoom, turns=turns, straighten=straighten)


@router.get("")
def show_item(
    request: Request, desk: DeskDep, signed_in: SignedInDep, record: Record, number: Number
) -> Response:
    """The item, its pictures, and the handles while the press does not have it."""
    item = _find(desk, record, number, signed_in.caller)
    photo = _photo(desk, item)
    product = desk.products.get(item.product)
    may = signed_in.caller.may(Right.CHANGE_ITEMS)
    handles = may and photo is not None and product is not None and item.state in _CROPPED
    with desk.store.reading() as tx:
        brands = desk.in_force.all(tx)
        piece = tx.components.get(record, number)
        order = tx.overview.order(item.order_id, scope=signed_in.caller.brand)
    return desk.render.page(
        request,
        "item.html",
        signed_in=signed_in,
        desk=desk,
        brands=brands,
        order=order,
        item=item,
        piece=piece,
        product=product,
        photo=photo,
        crop=item.crop or (item.finding.crop if item.finding else Crop()),
        shares=_shares(photo, product) if photo and product else None,
        handles=handles,
        may_change=may,
        waits=item.state in {InsertState.PLANNED, InsertState.READY},
        stoppable=item.state in NOT_HANDED_OVER,
    )


@router.get("/{sha256}/flat-{panel}.jpg")
def show_flat(
    *,
    desk: DeskDep,
    signed_in: SignedInDep,
    record: Record,
    number: Number,
    sha256: Sha256,
    panel: Annotated[int, Path(ge=1, le=12)],
) -> Response:
    """One panel with its lines."""
    product = _product_of(desk, _find(desk, record, number, signed_in.caller), sha256)
    path = desk.album.flat(sha256, product, panel)
    return FileResponse(path, media_type="image/jpeg", headers=_KEPT)


@router.get("/{sha256}/mock-up.jpg")
def show_mock_up(
    desk: DeskDep, signed_in: SignedInDep, record: Record, number: Number, sha256: Sha256
) -> Response:
    """The object with its print."""
    product = _product_of(desk, _find(desk, record, number, signed_in.caller), sha256)
    return FileResponse(desk.album.mock_up(sha256, product), media_type="image/jpeg", headers=_KEPT)


@router.get("/try.jpg")
def try_crop(
    desk: DeskDep,
    signed_in: SignedInDep,
    record: Record,
    number: Number,
    crop: Annotated[Crop, Depends(_crop_in_query)],
) -> Response:
    """The first panel as this crop would print it; nothing is kept."""
    item = _find(desk, record, number, signed_in.caller)
    photo = _photo(desk, item)
    if photo is None:
        raise NotFound("its photo is not here", mend="send the order again with a photo")
    with desk.store.reading() as tx:
        brand = desk.in_force(tx, item.brand)
    flat = desk.try_photo.flat(photo, item, crop, brand, now=desk.clock.now())
    return Response(flat, media_type="image/jpeg", headers=_TRIED)


@router.post("/crop")
def print_so(
    *,
    request: Request,
    desk: DeskDep,
    sender: SenderDep,
    record: Record,
    number: Number,
    crop: Annotated[Crop, Depends(_crop_in_form)],
) -> Response:
    """Make the item again with a person's crop."""
    return _crop(request, desk, sender, (record, number), crop)


@router.post("/choose")
def let_choose(
    request: Request, desk: DeskDep, sender: SenderDep, record: Record, number: Number
) -> Response:
    """Make the item again with a crop that tipin chooses."""
    return _crop(request, desk, sender, (record, number), None)


@router.post("/words")
def print_words(  # noqa: PLR0917 - what a form sends
    request: Request,
    desk: DeskDep,
    sender: SenderDep,
    record: Record,
    number: Number,
    caption: Annotated[str, Form(max_length=LONGEST_LINE)] = "",
    name: Annotated[str, Form(max_length=LONGEST_NAME)] = "",
) -> Response:
    """Make the item again with other words; what cannot be printed of them is told where it is made."""
    item = _changed_by(desk, sender, record, number)
    with desk.store.transaction() as tx:
        desk.change_item.word(tx, item, caption=caption.strip(), name=name.strip(), who=sender.caller.name)
    return _back(request, item)


@router.post("/{act}")
def act_on(
    *,
    request: Request,
    desk: DeskDep,
    sender: SenderDep,
    record: Record,
    number: Number,
    act: Literal["hold", "release", "stop"],
    reason: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Hold the item, let it go on, or stop it."""
    item, who = _changed_by(desk, sender, record, number), sender.caller.name
    said = reason.strip() or f"by {who}, at the desk"
    with desk.store.transaction() as tx:
        match act:
            case "hold":
                desk.change_item.hold(tx, item, reason=said, who=who)
            case "release":
                desk.change_item.release(tx, item, who=who)
            case "stop":
                desk.change_item.stop(tx, item, reason=said, who=who)
    return _back(request, item)


def _crop(
    request: Request, desk: Desk, sender: SenderDep, which: tuple[str, int], crop: Crop | None
) -> Response:
    item = _changed_by(desk, sender, *which)
    with desk.store.transaction() as tx:
        desk.change_item.crop(tx, item, crop, who=sender.caller.name)
    return _back(request, item)


def _changed_by(desk: Desk, sender: SenderDep, record: str, number: int) -> Item:
    if not sender.caller.may(Right.CHANGE_ITEMS):
        raise Forbidden(f"a {sender.caller.role} does not change photo items", mend="sign in as an operator")
    return _find(desk, record, number, sender.caller)


def _back(request: Request, item: Item) -> Response:
    base = request.scope.get("root_path", "")
    return RedirectResponse(f"{base}/items/{item.record}/{item.number}", status_code=HTTPStatus.SEE_OTHER)


def _find(desk: Desk, record: str, number: int, caller: Caller) -> Item:
    with desk.store.reading() as tx:
        item = tx.items.get(record, number)
    if not caller.serves(item.brand):
        raise NotFound("there is no such item here", mend="go back to its order")
    return item


def _photo(desk: Desk, item: Item) -> StoredPhoto | None:
    """The item's photo, while it is kept."""
    if not item.source.photo:
        return None
    with desk.store.reading() as tx:
        photo = tx.photos.get(item.brand, item.source.photo)
    return photo if photo.master else None


def _product_of(desk: Desk, item: Item, sha256: str) -> Product:
    product = desk.products.get(item.product)
    if item.pdf_sha256 != sha256 or product is None:
        raise NotFound("there is no such picture", mend="reload the item's page")
    return product


def _shares(photo: StoredPhoto, product: Product) -> Mapping[str, list[float]]:
    """What a script needs to turn a drag into a focus.

    `upright` and `sideways` are the shares of the photo's width and height that are seen at zoom 1, without
    and with a quarter turn; `picture` is the first picture's share of what the flat proof shows.
    """
    box, whole = product.panels[0].pictures[0], product.surface.bleed_box
    seen = {}
    for name, turns in (("upright", 0), ("sideways", 1)):
        size = turned(photo.facts.size, turns)
        part = window(size, box.width / box.height, Crop())
        seen[name] = [part.width / size[0], part.height / size[1]]
    return {**seen, "picture": [box.width / whole.width, box.height / whole.height]}
