"""Who is at the page."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Form, Request, Response

from app.domain.access import Right
from app.errors import Forbidden
from app.store.sessions import SignedIn
from app.web.pages.desk import Desk, DeskDep
from app.web.pages.security import check_csrf, check_same_origin


class SignInNeededError(Exception):
    """Nobody is signed in in this browser."""


def cookie_name(desk: Desk) -> str:
    """The cookie's name; over TLS the prefix makes browsers refuse it from any other host or path."""
    return "__Host-tipin" if desk.tls else "tipin"


def set_cookie(response: Response, desk: Desk, token: str, *, lasts: int) -> None:
    """Give the browser its session, for `lasts` seconds."""
    response.set_cookie(
        cookie_name(desk),
        token,
        max_age=lasts,
        path="/",
        secure=desk.tls,
        httponly=True,
        samesite="strict",
    )


def get_person(request: Request, desk: DeskDep) -> SignedIn:
    """The person at the page.

    Raises:
        SignInNeededError: nobody is signed in.
    """
    token = request.cookies.get(cookie_name(desk))
    signed_in = desk.sign_in.who(token) if token else None
    if signed_in is None:
        raise SignInNeededError
    request.state.signed_in = signed_in
    return signed_in


PersonDep = Annotated[SignedIn, Depends(get_person)]


def get_signed_in(signed_in: PersonDep) -> SignedIn:
    """The person at the page, who may see orders.

    Raises:
        SignInNeededError: nobody is signed in.
        Forbidden: their role sees no orders.
    """
    if not signed_in.caller.may(Right.READ_ORDERS):
        raise Forbidden(
            f"a {signed_in.caller.role} sees no orders", mend="sign in as an operator, or ask an admin"
        )
    return signed_in


SignedInDep = Annotated[SignedIn, Depends(get_signed_in)]


def get_sender(request: Request, signed_in: SignedInDep, csrf: Annotated[str, Form()] = "") -> SignedIn:
    """The person who sent a form, which is proven to come from a page of this session.

    Raises:
        Forbidden: it is not.
    """
    check_same_origin(request)
    check_csrf(signed_in.csrf, csrf)
    return signed_in


SenderDep = Annotated[SignedIn, Depends(get_sender)]


def require(signed_in: SignedIn, right: Right) -> None:
    """Let somebody do what needs a right.

    Raises:
        Forbidden: they do not have it.
    """
    if not signed_in.caller.may(right):
        raise Forbidden(f"a {signed_in.caller.role} may not {right}", mend="ask an operator")


def local_path(wanted: str, base: str) -> str:
    """Where to go after signing in: a path of these pages, whatever the query asked for."""
    parts = urlsplit(wanted)
    # A browser reads a backslash as a slash, and "//host" as another host.
    if parts.scheme or parts.netloc or "\\" in wanted or not parts.path.startswith(f"{base}/"):
        return f"{base}/orders"
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
