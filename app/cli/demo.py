"""`tipin demo`: a plant to look at."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from app.demo import service, tour
from app.settings import Settings

_PAPER_WIDTH = 140
"""Columns where the table goes into a file."""


def demo(
    *,
    stop: Annotated[bool, typer.Option("--stop", help="Stop the service that it left running.")] = False,
) -> None:
    """Start tipin with a demo plant, post a morning's orders to it, and leave it running."""
    settings = Settings.read()
    console = Console()
    if not console.is_terminal:
        console.width = _PAPER_WIDTH
    if stop:
        console.print("stopped" if service.stop(settings) else "it was not running")
        return
    tour.run(settings, console)
