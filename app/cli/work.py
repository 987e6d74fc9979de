"""`tipin work`: background work without the web service, as many processes as PostgreSQL serves."""

from __future__ import annotations

import signal
import sys
import threading
from typing import Annotated

import typer

from app.settings import Settings
from app.web import logs
from app.wiring import build_worker


def work(
    *,
    beside: Annotated[
        bool, typer.Option("--beside", help="Stop once standard input ends.", hidden=True)
    ] = False,
) -> None:
    """Make cards, hand them over and tell their senders, until stopped."""
    settings = Settings.read()
    logs.configure(settings.log_level)
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stopping.set())
    if beside:
        threading.Thread(target=_wait_for_the_end, args=(stopping,), daemon=True).start()
    worker = build_worker(settings)
    worker.start()
    stopping.wait()
    worker.stop()


def _wait_for_the_end(stopping: threading.Event) -> None:
    """The service that started this process holds the other end of its standard input."""
    sys.stdin.buffer.read()
    stopping.set()
