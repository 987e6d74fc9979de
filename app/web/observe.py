"""One log line and one count for each request; the last net under unexpected errors."""

from __future__ import annotations

import secrets
import time
from typing import Any

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.metrics import Metrics
from app.web.problems import unexpected

log = structlog.get_logger()

_ID_BYTES = 6
_UNMATCHED = "(no route)"


class Observe:
    """ASGI middleware: names the request, times it, counts it, and answers 500 where nothing else did.

    Logged is the route's pattern, never the path: a path may hold what a sender put there.
    """

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and watch the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = secrets.token_hex(_ID_BYTES)
        structlog.contextvars.bind_contextvars(request=request_id)
        status = 0
        started = time.perf_counter()

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:
            log.exception("unexpected_error", incident=request_id, exc_info=error)
            if status:  # half an answer is out; only closing the connection tells the truth
                raise
            await unexpected(request_id)(scope, receive, watched)
        finally:
            self._record(scope, status, time.perf_counter() - started)
            structlog.contextvars.unbind_contextvars("request")

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        route: Any = scope.get("route")
        pattern = getattr(route, "path", _UNMATCHED)
        self.metrics.requests.labels(scope["method"], pattern, str(status)).inc()
        self.metrics.seconds.labels(pattern).observe(seconds)
        log.info(
            "request",
            method=scope["method"],
            route=pattern,
            status=status,
            milliseconds=round(seconds * 1000, 2),
        )
