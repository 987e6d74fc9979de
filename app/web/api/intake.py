"""How every posted body is taken and answered, whatever door it came in by."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from app.services.answers import OrderAnswer
from app.services.desk import Services
from app.services.event_answers import NotedAnswer, describe_noted
from app.services.links import Links
from app.services.record_report import Noted
from app.services.understand_body import Kept
from app.store.dead_letters import Received
from app.store.tags import Tag
from app.web.metrics import Metrics
from app.web.problems import describe

RESPONSES: dict[int | str, dict[str, object]] = {
    200: {"model": OrderAnswer, "description": "The same order again: the same bytes as the first time."},
    201: {"model": OrderAnswer, "description": "A new order: its jobs, its tag and its card."},
    401: {"description": "No key or signature, a wrong or stale one."},
    403: {"description": "The key may not do this, or not for this brand."},
    429: {"description": "Too many requests; nothing was taken. `Retry-After` says when to send it again."},
    409: {"description": "The order id came before with another content."},
    413: {"description": "The body is over the limit."},
    202: {
        "model": NotedAnswer,
        "description": "No order, but news of some: what became of each event.",
    },
    422: {
        "description": "The body is not understood. `violations` says where and how to mend it; the body is "
        "kept under `dead_letter`. Or: the Idempotency-Key was used for another body."
    },
}
"""What a sender may be answered with."""


def take(request: Request, services: Services, received: Received, *, idempotency_key: str = "") -> Response:
    """Take a body and answer its sender."""
    metrics: Metrics = request.app.state.metrics
    try:
        accepted = services.receive(received, idempotency_key=idempotency_key)
    except Kept as kept:
        metrics.refused.labels(kept.error.slug).inc()
        return not_understood(kept, services.links)
    if isinstance(accepted, Noted):
        return reported(accepted, received.brand, metrics)
    outcome = "new" if accepted.is_new else "again"
    metrics.orders.labels(received.brand, received.source, outcome).inc()
    if accepted.tag is not None:
        _count(metrics, received.brand, accepted.tag)
    return Response(
        accepted.answer,
        HTTPStatus.CREATED if accepted.is_new else HTTPStatus.OK,
        {"Location": services.links.order(accepted.order_id)},
        media_type="application/json",
    )


def _count(metrics: Metrics, brand: str, tag: Tag) -> None:
    metrics.tags.labels(brand, tag.occasion or "none").inc()
    if tag.decision.because is not None:
        metrics.no_card.labels(brand, tag.decision.because).inc()
    if tag.decision.assignment is not None:
        metrics.eligible.labels(brand, tag.decision.assignment.arm).inc()


def reported(noted: Noted, brand: str, metrics: Metrics) -> JSONResponse:
    """What became of each event of a report."""
    metrics.count_events(brand, noted)
    return JSONResponse(describe_noted(noted).model_dump(mode="json"), HTTPStatus.ACCEPTED)


def not_understood(kept: Kept, links: Links) -> JSONResponse:
    """The problem, and where the body is kept."""
    letter = {"id": kept.letter_id, "links": {"self": links.dead_letter(kept.letter_id)}}
    return describe(kept.error, {"dead_letter": letter})
