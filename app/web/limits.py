"""The limit on request bodies, kept while they stream in rather than after they filled the memory."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import BodyTooLarge
from app.web.problems import describe


class BodyLimit:
    """ASGI middleware: a body over `limit` bytes is answered with 413, whatever reads it."""

    def __init__(self, app: ASGIApp, *, limit: int) -> None:
        self.app = app
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if self._announced(scope) > self.limit:
            await describe(self._refusal())(scope, receive, send)
            return
        taken = 0
        exceeded = False

        async def counted() -> Message:
            nonlocal taken, exceeded
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.limit:
                exceeded = True
                raise self._refusal()
            return message

        async def unless_exceeded(message: Message) -> None:
            # Whoever read the body may have turned the error into an answer of their own.
            if not exceeded:
                await send(message)

        try:
            await self.app(scope, counted, unless_exceeded)
        except BodyTooLarge:
            exceeded = True
        if exceeded:
            await describe(self._refusal())(scope, receive, send)

    def _announced(self, scope: Scope) -> int:
        for name, value in scope["headers"]:
            if name == b"content-length" and value.isdigit():
                return int(value)
        return 0

    def _refusal(self) -> BodyTooLarge:
        return BodyTooLarge(
            f"the body is over {self.limit} bytes",
            mend="send artwork as URLs, not inside the order; the limit is TIPIN_MAX_BODY_BYTES",
        )
