"""Does what has to be done again and again, however little work there is: now, and every few minutes."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.errors import Overtaken

_EVERY = 300.0

_log = structlog.get_logger(__name__)


class Sweep:
    """A thread that calls `work`; with several processes it runs in each, so `work` must bear company."""

    def __init__(self, work: Callable[[], int], *, done: str, every: float = _EVERY) -> None:
        """Nothing runs yet.

        Args:
            work: says how much it did.
            done: what the log calls it where there was something to do.
            every: seconds between its ends and beginnings.
        """
        self._work = work
        self._done = done
        self._every = every
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="tipin-sweep", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, once what it is at is done."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                if count := self._work():
                    _log.info(self._done, count=count)
            except (Overtaken, SQLAlchemyError, OSError) as error:
                # The database or the disk is away; what is over now is over the next time too.
                _log.warning("sweep_waits", error=type(error).__name__)
            self._stopping.wait(self._every)
