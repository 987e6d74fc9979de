"""Probes and metrics: `/livez`, `/readyz`, `/metrics`, and the page that a problem's `type` points at."""

from __future__ import annotations

import inspect
import shutil
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from sqlalchemy.exc import SQLAlchemyError

from app import errors
from app.errors import NotFound, TipinError
from app.services.desk import Services
from app.web.dependencies import ServicesDep
from app.web.metrics import CONTENT_TYPE, Metrics

router = APIRouter(tags=["health"])

_PROBLEMS: dict[str, type[TipinError]] = {
    error("").slug: error
    for _, error in inspect.getmembers(errors, inspect.isclass)
    if issubclass(error, TipinError)
}


@router.get("/livez", summary="Whether the process answers")
def livez() -> dict[str, str]:
    """Always the same answer, as long as there is one."""
    return {"status": "alive"}


@router.get(
    "/readyz",
    summary="Whether orders can be taken",
    responses={
        503: {"content": {"application/json": {}}, "description": "Not now; `checks` says what is missing."}
    },
)
def readyz(services: ServicesDep) -> JSONResponse:
    """200 when the database answers and the disk has room; 503 with what is missing.

    A target that is set up wrongly, or a bench whose key or clock is wrong, keeps no order from being taken:
    the status is "degraded" then, with 200.
    """
    needed = {"database": _database(services), "space": _space(services)}
    beside = {"targets": _targets(services), "bench": "" if needed["database"] else _bench(services)}
    ready = not any(needed.values())
    status = "not ready" if not ready else "degraded" if any(beside.values()) else "ready"
    checks = {name: trouble or "ok" for name, trouble in {**needed, **beside}.items()}
    content = {"status": status, "checks": checks}
    return JSONResponse(content, HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE)


@router.get("/metrics", summary="Counters for Prometheus", response_class=PlainTextResponse)
def metrics(request: Request, services: ServicesDep) -> Response:
    """The exposition page; counts only, no personal data."""
    kept: Metrics = request.app.state.metrics
    with services.store.reading() as tx:
        kept.dead_letters.set(tx.health.open_dead_letters())
        for (brand, state), count in tx.health.inserts_by_state().items():
            kept.inserts.labels(brand, state).set(count)
        kept.person_tasks.clear()
        for (brand, kind), count in tx.person_tasks.open_by_kind().items():
            kept.person_tasks.labels(brand, kind).set(count)
        kept.blocked.clear()
        for brand, count in tx.bench.blocked_by_brand().items():
            kept.blocked.labels(brand).set(count)
        for (brand, cause), count in tx.diffs.counts().items():
            kept.diffs.labels(brand, cause).set(count)
    return Response(kept.page(), media_type=CONTENT_TYPE)


@router.get("/problems/{slug}", summary="What a problem type means")
def problem_type(slug: str) -> dict[str, object]:
    """The meaning of one `type`: its title, its HTTP status, whether sending again unchanged may help."""
    error = _PROBLEMS.get(slug)
    if error is None:
        raise NotFound(f"there is no problem type {slug!r}", mend="its name is the last part of `type`")
    return {"title": error("").title, "status": error.status, "retry": error.retry}


def _database(services: Services) -> str:
    try:
        with services.store.reading() as tx:
            tx.health.open_dead_letters()
    except SQLAlchemyError as error:
        return f"the database does not answer: {type(error).__name__}"
    return ""


def _targets(services: Services) -> str:
    return "; ".join(problem.detail for problem in services.targets.problems.values())


def _bench(services: Services) -> str:
    return "; ".join(services.bench.health.troubles())


def _space(services: Services) -> str:
    free = shutil.disk_usage(services.settings.data_dir).free
    wanted = services.settings.min_free_bytes
    return "" if free >= wanted else f"{free} bytes free, {wanted} wanted in the data folder"
