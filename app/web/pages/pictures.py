"""Pictures of cards. Their address names their content, so a browser never asks for one twice."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import FileResponse

from app.errors import NotFound
from app.services.preview_card import PictureSize
from app.web.pages.desk import DeskDep
from app.web.pages.session import SignedInDep

router = APIRouter()
_SIDES = {"front": 0, "back": 1}
_CACHE = "private, max-age=31536000, immutable"


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
) -> Response:
    """One side of the card that a job carries; drawn now if nobody has looked before."""
    with desk.store.reading() as tx:
        if not tx.overview.picture_of(job_id, sha256, scope=signed_in.caller.brand):
            raise NotFound("this job carries no such card", mend="reload its order's page")
    headers = {"ETag": f'"{sha256}-{side}-{size}"', "Cache-Control": _CACHE}
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    path = desk.previews.picture(sha256, _SIDES[side], PictureSize[size.upper()])
    return FileResponse(path, media_type="image/jpeg", headers=headers)
