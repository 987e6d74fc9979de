"""How every posted body is taken and answered, whatever door it came in by."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from app.services.accept_order import Accepted
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
KEPT: dict[str, object] = {
    "description": "The body is not understood. `violations` says where and how to mend it; the body is kept "
    "under `dead_letter`."
}
"""The answer to a body that is read by what its address names."""


def take(request: Request, services: Services, received: Received, *, idempotency_key: str = "") -> Response:
    """Take a body and answer its sender."""
    metrics: Metrics = request.app.state.metrics
    accepted = _receive(metrics, services, received, idempotency_key)
    if isinstance(accepted, Noted):
        return reported(accepted, metrics)
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


def tell(request: Request, services: Services, body: bytes, *, source: str, brand: str, about: str) -> Noted:
    """Record what a body tells of the order or customer that its address names.

    Args:
        request: the request.
        services: the parts made at start-up.
        body: what was sent.
        source: a code of `told_by_address`.
        brand: the brand that is meant; empty where nothing says it.
        about: the sender's order id, or the customer's key.

    Raises:
        Kept: it is not understood, and kept.
    """
    metrics: Metrics = request.app.state.metrics
    received = Received(
        brand=brand,
        source=source,
        about=about,
        body=body,
        received_at=services.clock.now(),
        content_type=request.headers.get("content-type", ""),
        headers={},
    )
    noted = _receive(metrics, services, received)
    if not isinstance(noted, Noted):
        raise TypeError(f"a body of {source} tells of orders or customers, and is none")
    metrics.count_events(noted)
    return noted


def _receive(
    metrics: Metrics, services: Services, received: Received, idempotency_key: str = ""
) -> Accepted | Noted:
    try:
        return services.receive(received, idempotency_key=idempotency_key)
    except Kept as kept:
        metrics.refused.labels(kept.error.slug).inc()
        raise


def _count(metrics: Metrics, brand: str, tag: Tag) -> None:
    metrics.tags.labels(brand, tag.occasion or "none").inc()
    if tag.decision.because is not None:
        metrics.no_card.labels(brand, tag.decision.because).inc()
    if tag.decision.assignment is not None:
        metrics.eligible.labels(brand, tag.decision.assignment.arm).inc()


def reported(noted: Noted, metrics: Metrics) -> JSONResponse:
    """What became of each event of a report."""
    metrics.count_events(noted)
    return JSONResponse(describe_noted(noted).model_dump(mode="json"), HTTPStatus.ACCEPTED)


def install(app: FastAPI) -> None:
    """Answer with the problem and where the body is kept, whichever door it came in by."""

    @app.exception_handler(Kept)
    async def _kept(request: Request, kept: Kept) -> JSONResponse:
        services: Services = request.app.state.services
        return _not_understood(kept, services.links)


def _not_understood(kept: Kept, links: Links) -> JSONResponse:
    letter = {"id": kept.letter_id, "links": {"self": links.dead_letter(kept.letter_id)}}
    return describe(kept.error, {"dead_letter": letter})
