"""`tipin serve`: the service itself."""

from __future__ import annotations

from typing import Annotated

import typer
import uvicorn

from app.settings import Settings

_PATIENCE = 5
"""Seconds a stop waits for answers under way: a page that follows events never lets go by itself."""


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; TIPIN_HOST otherwise.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; TIPIN_PORT otherwise.")] = None,
) -> None:
    """Take orders, make cards and hand them over, until stopped."""
    settings = Settings.read()
    uvicorn.run(
        "app.main:create",
        factory=True,
        host=settings.host if host is None else host,
        port=settings.port if port is None else port,
        log_config=None,  # `app.web.logs` configures all logging, once the factory runs
        access_log=False,  # it would write paths; `app.web.observe` writes routes
        server_header=False,
        timeout_graceful_shutdown=_PATIENCE,
        date_header=True,
    )
