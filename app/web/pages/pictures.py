"""Pictures of cards. Their address names their content, so a browser never asks for one twice."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import FileResponse

from app.errors import NotFound
from app.pdf.preview import InkLimit, Intent, View
from app.services.preview_card import Look, PictureSize
from app.web.pages.desk import DeskDep
from app.web.pages.session import SignedInDep

router = APIRouter()
_SIDES = {"front": 0, "back": 1}
MOST_INKS = 16
"""Inks that can be shown together."""
_CACHE = "private, max-age=31536000, immutable"


@router.get("/items/{record}/{number}/{sha256}/{panel}-thumb.jpg")
def show_item(
    *,
    desk: DeskDep,
    signed_in: SignedInDep,
    record: str,
    number: Annotated[int, Path(ge=1)],
    sha256: Annotated[str, Path(pattern="^[0-9a-f]{64}$")],
    panel: Annotated[int, Path(ge=1, le=12)],
) -> Response:
    """One panel of a photo item, as it is cut."""
    with desk.store.reading() as tx:
        item = tx.items.get(record, number)
    if item.pdf_sha256 != sha256 or not signed_in.caller.serves(item.brand):
        raise NotFound("there is no such item", mend="reload its order's page")
    path = desk.previews.picture(sha256, panel - 1, Look(size=PictureSize.THUMB))
    return FileResponse(path, media_type="image/jpeg", headers={"Cache-Control": _CACHE})


@router.get("/cards/{job_id}/{sha256}/{side}-{size}.jpg")
def show(
    *,
    request: Request,
    desk: DeskDep,
    signed_in: SignedInDep,
    job_id: str,
    sha256: Annotated[str, Path(pattern="^[0-9a-f]{64}$")],
    side: Literal["front", "back"],
    size: Literal["thumb", "large"],
    view: View = View.PAGE,
    ink: Annotated[tuple[str, ...], Query(max_length=MOST_INKS)] = (),
    intent: Intent = Intent.ABSOLUTE,
    press: str = "",
    limit: Annotated[float, Query(gt=0, le=400)] = InkLimit().percent,
    window: Annotated[float, Query(gt=0, le=100)] = InkLimit().window,
) -> Response:
    """One side of the card that a job carries; drawn now if nobody has looked before."""
    with desk.store.reading() as tx:
        if not tx.overview.picture_of(job_id, sha256, scope=signed_in.caller.brand):
            raise NotFound("this job carries no such card", mend="reload its order's page")
    look = Look(
        size=PictureSize[size.upper()],
        view=view,
        inks=ink,
        intent=intent,
        limit=InkLimit(percent=limit, window=window),
        icc=desk.profiles[press].icc if press in desk.profiles else None,
    )
    headers = {"ETag": f'"{sha256}-{side}-{look.name}"', "Cache-Control": _CACHE}
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    path = desk.previews.picture(sha256, _SIDES[side], look)
    return FileResponse(path, media_type="image/jpeg", headers=headers)
