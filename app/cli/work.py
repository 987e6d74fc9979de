"""`tipin work`: background work without the web service, as many processes as PostgreSQL serves."""

from __future__ import annotations

import signal
import threading

import typer
from rich.console import Console

from app.cli.complaints import explain
from app.errors import SetupError
from app.settings import Settings
from app.web import logs
from app.wiring import build_worker


def work() -> None:
    """Make cards, hand them over and tell their senders, until stopped."""
    settings = Settings()
    logs.configure(settings.log_level)
    try:
        worker = build_worker(settings)
        worker.start()
    except SetupError as error:
        explain(Console(stderr=True), error)
        raise typer.Exit(1) from error
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stopping.set())
    stopping.wait()
    worker.stop()
