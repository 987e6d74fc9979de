"""Draws pages with Jinja2: escaped by default, strict about names, with nonce and static files at hand."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app.web.pages import vocabulary
from app.web.pages.text import plain, short

_HERE = Path(__file__).parent
STATIC = _HERE / "static"
_VERSION_LENGTH = 12


class Renderer:
    """The pages, compiled once. `known` are names that every page may use."""

    def __init__(self, **known: Any) -> None:
        self._jinja = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=_finalize,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._versions = {path.name: _version(path) for path in STATIC.iterdir()}
        self._jinja.filters |= {"short": short, "instant": _instant}
        self._jinja.globals |= {"words": vocabulary, **known}

    def page(
        self,
        request: Request,
        name: str,
        /,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **values: Any,
    ) -> HTMLResponse:
        """A whole page as the answer to a request."""
        content = self.html(request, name, **values)
        return HTMLResponse(content, status, headers=dict(headers or {}))

    def html(self, request: Request, name: str, /, **values: Any) -> str:
        """A page, or a part of one, as text."""
        base = request.scope.get("root_path", "")
        return self._jinja.get_template(name).render(
            base=base,
            nonce=request.state.nonce,
            static=lambda file: f"{base}/static/{file}?v={self._versions[file]}",
            **values,
        )


def _finalize(value: Any) -> Any:
    """Every value a page prints passes here, so that none can hide or reorder what stands around it."""
    return plain(value) if type(value) is str else value


def _version(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:_VERSION_LENGTH]


def _instant(moment: datetime) -> Markup:
    """A moment in UTC; the page's script puts it into the reader's own time."""
    return Markup('<time datetime="{}">{}</time>').format(
        moment.strftime("%Y-%m-%dT%H:%M:%SZ"), f"{moment:%-d %b %Y, %H:%M} UTC"
    )
