"""What keeps the pages safe in a browser: headers with a fresh nonce, and proof that a form is ours."""

from __future__ import annotations

import hmac
import secrets
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import Forbidden

_POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types tipin"
)
_ALWAYS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_NONCE_BYTES = 16


class PageHeaders:
    """ASGI middleware: a nonce for each request, and the headers on each answer that has not set its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and complete the answer's headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(_NONCE_BYTES)
        # A copy: a mounted application shares its parent's state, and a nonce must not outlive its answer.
        scope["state"] = {**scope.get("state", {}), "nonce": nonce}

        async def completed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _ALWAYS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Security-Policy", _POLICY.format(nonce=nonce))
            await send(message)

        await self.app(scope, receive, completed)


def check_same_origin(request: Request) -> None:
    """Refuse a form that another site's page sent.

    Browsers leave `Sec-Fetch-Site` out over plain HTTP to a host other than this machine, as in many plants;
    there the `Origin` speaks.

    Raises:
        Forbidden: it came from elsewhere, or does not say where it came from.
    """
    site = request.headers.get("sec-fetch-site")
    if site is None:
        origin = urlsplit(request.headers.get("origin", "")).netloc
        site = "same-origin" if origin and origin == request.headers.get("host") else "cross-site"
    if site != "same-origin":
        raise Forbidden(
            "this form was not sent from tipin's own page", mend="open the page here and send it again"
        )


def check_csrf(expected: str, sent: str) -> None:
    """Refuse a form without the token of the session it is sent in.

    Raises:
        Forbidden: the token is another one.
    """
    if not hmac.compare_digest(expected.encode(), sent.encode()):
        raise Forbidden(
            "this form belongs to an earlier session", mend="reload the page and send the form again"
        )
