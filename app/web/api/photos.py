"""`/v1/photos`: send a customer's photo, look at what is kept of it, delete it. `/v1/products`: what for."""

from __future__ import annotations

from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Annotated

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Header, Query, Request, Response
from fastapi import Path as InPath
from fastapi.responses import FileResponse
from pydantic import AwareDatetime
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from app.domain.access import Caller
from app.domain.language import accepted
from app.domain.photo import StoredPhoto
from app.errors import BodyTooLarge, Forbidden, MalformedOrder, NotFound, StorageUnavailable
from app.services.desk import Services
from app.services.item_answers import (
    PhotoAnswer,
    ProductList,
    SentPhotoAnswer,
    describe_photo,
    describe_product,
    describe_verdict,
)
from app.services.keep_photo import MASTER_SUFFIX
from app.store.database import Transaction
from app.web.authentication import FetchesInserts, SeesSettings, SendsOrders
from app.web.dependencies import ServicesDep

PREFIX = "/v1/photos"
LONGEST_FORM = 64 * 1024
"""What a multipart body may have beside its photo, bytes."""
_PIECE = 1 << 20
_FIELD = "photo"
_LONGEST_KEPT = timedelta(days=3650)
router = APIRouter(tags=["photos"])
PhotoId = Annotated[str, InPath(pattern="^[0-9A-Z]{13}$", description="From the answer to the upload.")]
Brand = Annotated[str, Query(max_length=80, description="Whose customer's it is.")]
_FILE = {"schema": {"type": "string", "format": "binary"}}
_FORM = {
    "schema": {
        "type": "object",
        "required": [_FIELD],
        "properties": {_FIELD: {"type": "string", "format": "binary"}},
    }
}


@router.get("/v1/products", summary="List the products that photos are printed on")
def list_products(services: ServicesDep, _caller: SeesSettings) -> ProductList:
    """Each with its size, and the least pixels that a photo needs for it."""
    return ProductList(products=[describe_product(one) for one in services.products.values()])


@router.post(
    PREFIX,
    summary="Send a photo",
    status_code=201,
    responses={
        404: {"description": "There is no such brand or product."},
        413: {"description": "It is over TIPIN_MAX_PHOTO_BYTES."},
        422: {"description": "It is no photo, damaged, or over a limit: `detail` says which."},
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": _FILE, "image/*": _FILE, "multipart/form-data": _FORM},
        }
    },
)
async def send_photo(
    *,
    request: Request,
    services: ServicesDep,
    caller: SendsOrders,
    brand: Brand,
    expires_at: Annotated[
        AwareDatetime | None, Query(description="When it has to be gone; else the brand's own time.")
    ] = None,
    product: Annotated[
        tuple[str, ...], Query(max_length=16, description="Say as well how it suits these products.")
    ] = (),
    accept_language: Annotated[
        str, Header(description="What the customer reads, for `message_for_customer`.")
    ] = "",
) -> SentPhotoAnswer:
    """The photo as the body, or as the part `photo` of a form. The same photo again is the same one."""
    if not caller.serves(brand):
        raise Forbidden(f"this key does not serve the brand {brand[:40]!r}", mend="use a key of that brand")
    limiter: CapacityLimiter = request.app.state.photo_limiter
    try:
        with NamedTemporaryFile(dir=services.artifacts.incoming(), suffix=".upload") as file:
            await _save(request, file, services.settings.max_photo_bytes)

            def take() -> SentPhotoAnswer:
                return _take(services, Path(file.name), brand, expires_at, product, accepted(accept_language))

            return await to_thread.run_sync(take, limiter=limiter)
    except OSError as error:
        raise StorageUnavailable(
            f"the photo cannot be stored: {error.strerror or type(error).__name__}",
            mend="make room on the disk, or mount it again; then send it again",
        ) from error


async def _save(request: Request, file: IO[bytes], most: int) -> None:
    """Write the photo to the disk as it comes."""
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        async with request.form(max_files=1, max_fields=8) as form:
            part = form.get(_FIELD)
            if not isinstance(part, UploadFile):
                raise MalformedOrder("the form has no file called photo", mend="name the part photo")
            while piece := await part.read(_PIECE):
                await run_in_threadpool(file.write, piece)
    else:
        async for piece in request.stream():
            file.write(piece)
    file.flush()
    if file.tell() > most:
        raise BodyTooLarge(f"the photo is over {most} bytes", mend="send it as JPEG, or smaller")


def _take(  # noqa: PLR0917 - what the request says
    services: Services,
    path: Path,
    brand: str,
    expires_at: datetime | None,
    products: tuple[str, ...],
    languages: tuple[str, ...],
) -> SentPhotoAnswer:
    with services.store.reading() as tx:
        keep_days = services.brands(tx, brand).photos.keep_days
    for name in products:
        services.print_photo.product(name)
    now = services.clock.now()
    until = min(expires_at or now + timedelta(days=keep_days), now + _LONGEST_KEPT)
    if until <= now:
        raise MalformedOrder("the photo's time is over before it begins", mend="send a later expires_at")
    encoded = services.keep_photo.encode(path.read_bytes())
    with services.store.transaction() as tx:
        photo = services.keep_photo.keep(tx, brand, encoded, now=now, until=until)
    verdicts = [services.try_photo.suits(photo, name, languages) for name in products]
    return SentPhotoAnswer(
        **describe_photo(photo, (), services.links).model_dump(),
        products=[describe_verdict(verdict) for verdict in verdicts],
    )


@router.get(PREFIX + "/{photo_id}", summary="Look at a kept photo")
def get_photo(photo_id: PhotoId, services: ServicesDep, caller: FetchesInserts) -> PhotoAnswer:
    """What is known of it, until when it is kept, and which items print it."""
    with services.store.reading() as tx:
        photo = found_photo(tx, photo_id, caller)
        return describe_photo(photo, tx.items.of_photo(photo.brand, photo.id), services.links)


@router.get(
    PREFIX + "/{photo_id}/photo.jpg",
    summary="Fetch a kept photo",
    response_class=FileResponse,
    responses={
        200: {"content": {"image/jpeg": {}}, "description": "Encoded anew, upright, without metadata."}
    },
)
def get_master(photo_id: PhotoId, services: ServicesDep, caller: FetchesInserts) -> Response:
    """The photo as it is kept, for crop handles."""
    with services.store.reading() as tx:
        photo = found_photo(tx, photo_id, caller)
    return FileResponse(
        services.artifacts.path(str(photo.master), MASTER_SUFFIX),
        media_type="image/jpeg",
        headers={"Cache-Control": "private, no-store"},
        content_disposition_type="inline",
    )


@router.delete(
    PREFIX + "/{photo_id}",
    summary="Delete a photo",
    status_code=204,
    responses={404: {"description": "There is none, or none any more."}},
)
def delete_photo(photo_id: PhotoId, services: ServicesDep, caller: SendsOrders) -> Response:
    """It goes at once with all that shows it; items that wait for it stop. What the press has stays there."""
    with services.store.transaction() as tx:
        photo = found_photo(tx, photo_id, caller)
        services.forget_photo(tx, photo, at=services.clock.now(), why="its sender deleted it")
    return Response(status_code=HTTPStatus.NO_CONTENT)


def found_photo(tx: Transaction, photo_id: str, caller: Caller) -> StoredPhoto:
    """A photo that the caller may see.

    Raises:
        NotFound: there is none.
    """
    for brand in tx.photos.brands_of(photo_id):
        if caller.serves(brand):
            return tx.photos.get(brand, photo_id)
    raise NotFound(f"there is no photo {photo_id[:40]!r}", mend="send it with POST /v1/photos")
