"""Errors as `application/problem+json` (RFC 9457). This is the one place where an error meets HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from app.errors import TipinError, Violation

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"
_RETRY_SECONDS = 30


class ProblemError(Exception):
    """A `TipinError` on its way out, with members that only the web layer knows, such as links."""

    def __init__(self, error: TipinError, members: Mapping[str, Any]) -> None:
        super().__init__(error.detail)
        self.error = error
        self.members = members


def problem_response(
    *,
    slug: str,
    title: str,
    status: int,
    detail: str,
    mend: str = "",
    violations: tuple[Violation, ...] = (),
    members: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """A problem document. `type` is a path on this service that explains it, and never changes."""
    content: dict[str, Any] = {
        "type": f"/problems/{slug}",
        "title": title,
        "status": status,
        "detail": detail,
    }
    if mend:
        content["mend"] = mend
    if violations:
        content["violations"] = [
            {"pointer": v.pointer, "detail": v.detail, "mend": v.mend} for v in violations
        ]
    content |= members or {}
    return JSONResponse(content, status, headers=dict(headers or {}), media_type=MEDIA_TYPE)


def describe(error: TipinError, members: Mapping[str, Any] | None = None) -> JSONResponse:
    """The problem document of one of tipin's own errors."""
    headers = {}
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="tipin"'
    if error.retry:
        headers["Retry-After"] = str(_RETRY_SECONDS)
    return problem_response(
        slug=error.slug,
        title=error.title,
        status=error.status,
        detail=error.detail,
        mend=error.mend,
        violations=error.violations,
        members=members,
        headers=headers,
    )


def install(app: FastAPI) -> None:
    """Answer every error of the application as a problem document."""

    @app.exception_handler(TipinError)
    async def _ours(_request: Request, error: TipinError) -> JSONResponse:
        if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            log.error("request_failed", error=type(error).__name__)
        return describe(error)

    @app.exception_handler(ProblemError)
    async def _ours_with_members(_request: Request, problem: ProblemError) -> JSONResponse:
        return describe(problem.error, problem.members)

    @app.exception_handler(RequestValidationError)
    async def _bad_parameters(_request: Request, error: RequestValidationError) -> JSONResponse:
        violations = tuple(
            Violation("/" + "/".join(str(part) for part in found["loc"]), found["msg"])
            for found in error.errors()
        )
        return problem_response(
            slug="bad-parameters",
            title="A parameter of the request cannot be used",
            status=HTTPStatus.UNPROCESSABLE_ENTITY,
            detail="; ".join(f"{v.pointer.removeprefix('/')}: {v.detail}" for v in violations),
            mend="see /openapi.json for the parameters and their values",
            violations=violations,
        )

    @app.exception_handler(HTTPException)
    async def _of_the_framework(request: Request, error: HTTPException) -> JSONResponse:
        status = HTTPStatus(error.status_code)
        return problem_response(
            slug=status.phrase.lower().replace(" ", "-"),
            title=status.phrase,
            status=status,
            detail=f"{request.method} {request.url.path}: {error.detail}",
            mend="see /openapi.json for what this service answers",
            headers=error.headers,
        )


def unexpected(incident: str) -> JSONResponse:
    """The problem document of an error that nobody raised on purpose."""
    return problem_response(
        slug="unexpected",
        title="Something went wrong in tipin",
        status=HTTPStatus.INTERNAL_SERVER_ERROR,
        detail=f"nothing was stored; the log has the cause under incident {incident}",
        mend="send it again later; the same order is never taken twice",
        members={"incident": incident},
    )
