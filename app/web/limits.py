"""The limit on request bodies, kept while they stream in rather than after they filled the memory."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import BodyTooLarge
from app.web.problems import describe


class BodyLimit:
    """ASGI middleware: a body over `limit` bytes is answered with 413, whatever reads it.

    `larger` gives paths whose bodies are written to the disk a limit of their own.
    """

    def __init__(self, app: ASGIApp, *, limit: int, larger: Mapping[str, int] | None = None) -> None:
        self.app = app
        self.limit = limit
        self.larger = larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self.larger.get(scope["path"], self.limit)
        if self._announced(scope) > limit:
            await describe(_refusal(limit))(scope, receive, send)
            return
        taken = 0
        exceeded = False

        async def counted() -> Message:
            nonlocal taken, exceeded
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                exceeded = True
                raise _refusal(limit)
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
            await describe(_refusal(limit))(scope, receive, send)

    def _announced(self, scope: Scope) -> int:
        for name, value in scope["headers"]:
            if name == b"content-length" and value.isdigit():
                return int(value)
        return 0


def _refusal(limit: int) -> BodyTooLarge:
    return BodyTooLarge(
        f"the body is over {limit} bytes",
        mend="send artwork as URLs, not inside the order; the limits are TIPIN_MAX_BODY_BYTES, for past "
        "orders TIPIN_MAX_HISTORY_BYTES, and for photos TIPIN_MAX_PHOTO_BYTES",
    )
