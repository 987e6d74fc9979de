"""`/v1/jobs/{id}/insert.jpg`: the insert of a job as people see it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import FileResponse

from app.pdf.preview import InkLimit, Intent, View
from app.services.preview_card import Look, PictureSize
from app.web.api.jobs import printable_insert
from app.web.authentication import FetchesInserts
from app.web.dependencies import ServicesDep
from app.web.etag import etag_of, matches

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])
_SIDES = {"front": 0, "back": 1}


@router.get(
    "/{job_id}/insert.jpg",
    summary="See a side of the insert",
    response_class=FileResponse,
    responses={
        200: {"content": {"image/jpeg": {}}, "description": "The picture."},
        304: {"description": "The picture you have is the one."},
        404: {"description": "This job carries no insert, or the insert has no such ink."},
        409: {"description": "The file is not drawn yet, or was given up; `detail` gives the state."},
    },
)
def get_picture(
    *,
    job_id: str,
    services: ServicesDep,
    caller: FetchesInserts,
    side: Literal["front", "back"] = "front",
    size: Annotated[
        Literal["thumb", "large"],
        Query(description="`thumb`: 40 dpi, cut to its trim. `large`: 192 dpi, with its bleed."),
    ] = "large",
    view: Annotated[
        View,
        Query(
            description="`proof`: as printed, through the press's profile. `page`: in the screen's colours. "
            "`separations`: one plate where one `ink` is named, else these inks together. `ink`: the sum of "
            "all inks as a map of heat, what is over the press's limit in magenta."
        ),
    ] = View.PROOF,
    ink: Annotated[
        tuple[str, ...],
        Query(description="With `view=separations`: Cyan, Magenta, Yellow, Black or a spot.", max_length=16),
    ] = (),
    intent: Annotated[
        Intent,
        Query(description="With `view=proof`: the paper's own white (`absolute`) or the screen's."),
    ] = Intent.ABSOLUTE,
    if_none_match: Annotated[str, Header(description="The ETag of the picture you have.")] = "",
) -> Response:
    """Drawn when first asked for, then kept."""
    insert, sha256 = printable_insert(services, job_id, caller)
    template = services.templates.get(insert.template)
    profile = services.profiles.get(template.profile) if template else None
    look = Look(
        size=PictureSize[size.upper()],
        view=view,
        inks=ink,
        intent=intent,
        limit=InkLimit.of(profile),
        icc=profile.icc if profile else None,
    )
    tag = f"{sha256}-{side}-{look.name}"
    headers = {"ETag": etag_of(tag), "Cache-Control": "private, no-cache"}
    if matches(if_none_match, tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    path = services.previews.picture(sha256, _SIDES[side], look)
    return FileResponse(path, media_type="image/jpeg", headers=headers, content_disposition_type="inline")
