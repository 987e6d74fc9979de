"""`tipin work`: background work without the web service, as many processes as PostgreSQL serves."""

from __future__ import annotations

import signal
import threading

from app.settings import Settings
from app.web import logs
from app.wiring import build_worker


def work() -> None:
    """Make cards, hand them over and tell their senders, until stopped."""
    settings = Settings()
    logs.configure(settings.log_level)
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stopping.set())
    worker = build_worker(settings)
    worker.start()
    stopping.wait()
    worker.stop()
