"""Cursor pagination: a `Link` header (RFC 8288) leads to the next page."""

from __future__ import annotations

from fastapi import Request, Response
from pydantic import HttpUrl


def with_next_link(request: Request, response: Response, public_url: HttpUrl, *, cursor: str) -> None:
    """Point at the page after this one: the same question, from a later place."""
    query = request.url.include_query_params(cursor=cursor).query
    base = str(public_url).rstrip("/")
    response.headers["Link"] = f'<{base}{request.url.path}?{query}>; rel="next"'
