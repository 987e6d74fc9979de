"""Signing in and out."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from app.web.pages.desk import DeskDep
from app.web.pages.security import check_same_origin
from app.web.pages.session import SenderDep, cookie_name, local_path, set_cookie

router = APIRouter()
_LONGEST_NAME = 200


@router.get("/sign-in")
def show(request: Request, desk: DeskDep, to: str = "") -> Response:
    """The form."""
    return desk.render.page(request, "sign_in.html", to=to, name="", wrong="")


@router.post("/sign-in")
def enter(
    request: Request,
    desk: DeskDep,
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    to: Annotated[str, Form()] = "",
) -> Response:
    """Check name and password, no more often than the throttle allows."""
    check_same_origin(request)
    name = name.strip()[:_LONGEST_NAME]
    address = request.client.host if request.client else ""
    wait = desk.throttle.wait(name, address)
    if wait:
        return desk.render.page(
            request,
            "sign_in.html",
            status=HTTPStatus.TOO_MANY_REQUESTS,
            headers={"Retry-After": str(wait)},
            to=to,
            name=name,
            wrong=f"Too many tries. Wait {wait} seconds, then try again.",
        )
    token = desk.sign_in.enter(name, password)
    if token is None:
        desk.throttle.failed(name, address)
        return desk.render.page(
            request,
            "sign_in.html",
            status=HTTPStatus.FORBIDDEN,
            to=to,
            name=name,
            wrong="Name and password do not go together. Check both and try again.",
        )
    answer = RedirectResponse(
        local_path(to, request.scope.get("root_path", "")), status_code=HTTPStatus.SEE_OTHER
    )
    set_cookie(answer, desk, token, lasts=desk.sign_in.seconds)
    return answer


@router.post("/sign-out")
def leave(request: Request, desk: DeskDep, _sender: SenderDep) -> Response:
    """End the session and empty the browser's cache of what it showed."""
    desk.sign_in.leave(request.cookies[cookie_name(desk)])
    base = request.scope.get("root_path", "")
    answer = RedirectResponse(f"{base}/sign-in", status_code=HTTPStatus.SEE_OTHER)
    set_cookie(answer, desk, "", lasts=0)
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer
