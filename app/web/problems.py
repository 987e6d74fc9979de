"""Errors as `application/problem+json` (RFC 9457). This is the one place where an error meets HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from app.errors import TipinError

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"


def problem_response(
    slug: str,
    status: int,
    document: Mapping[str, object],
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """A problem document. `type` is a path on this service that explains it, and never changes."""
    content = {"type": f"/problems/{slug}", "status": status, **document}
    return JSONResponse(content, status, headers=dict(headers or {}), media_type=MEDIA_TYPE)


def describe(error: TipinError, members: Mapping[str, object] | None = None) -> JSONResponse:
    """The problem document of one of tipin's own errors, with members that only its handler knows."""
    headers = {}
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="tipin"'
    if error.retry:
        headers["Retry-After"] = str(error.retry_after)
    return problem_response(error.slug, error.status, error.document() | dict(members or {}), headers)


def install(app: FastAPI) -> None:
    """Answer every error of the application as a problem document."""

    @app.exception_handler(TipinError)
    async def _ours(_request: Request, error: TipinError) -> JSONResponse:
        if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            log.error("request_failed", error=type(error).__name__)
        return describe(error)

    @app.exception_handler(RequestValidationError)
    async def _bad_parameters(_request: Request, error: RequestValidationError) -> JSONResponse:
        violations = [
            {"pointer": "/" + "/".join(str(part) for part in found["loc"]), "detail": found["msg"]}
            for found in error.errors()
        ]
        document = {
            "title": "A parameter of the request cannot be used",
            "detail": "; ".join(f"{v['pointer']}: {v['detail']}" for v in violations),
            "mend": "see /openapi.json for the parameters and their values",
            "violations": violations,
        }
        return problem_response("bad-parameters", HTTPStatus.UNPROCESSABLE_ENTITY, document)

    @app.exception_handler(HTTPException)
    async def _of_the_framework(request: Request, error: HTTPException) -> JSONResponse:
        status = HTTPStatus(error.status_code)
        document = {
            "title": status.phrase,
            "detail": f"{request.method} {request.url.path}: {error.detail}",
            "mend": "see /openapi.json for what this service answers",
        }
        return problem_response(status.phrase.lower().replace(" ", "-"), status, document, error.headers)


def unexpected(incident: str) -> JSONResponse:
    """The problem document of an error that nobody raised on purpose."""
    document = {
        "title": "Something went wrong in tipin",
        "detail": f"nothing was stored; the log has the cause under incident {incident}",
        "mend": "send it again later; the same order is never taken twice",
        "incident": incident,
    }
    return problem_response("unexpected", HTTPStatus.INTERNAL_SERVER_ERROR, document)
