"""Runs one task's work so that weather outside passes over it and faults inside stop only it.

* The database or the disk is away, or two tasks met in the database: wait here and go on. Nothing else could
  be done meanwhile either, and a task that is put off would need the same database to be written down.
* A fault of tipin's own: what the task was to do is given up with a reason, so that no order is held. The log
  gets type and place of the error; its message may quote a customer and is dropped.
* The process ends: `Stopping` leaves the task unfinished in DBOS's books; the next start takes it up again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.errors import Overtaken, StorageUnavailable

_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
# Primary SQLite result codes (sqlite.org/rescode.html) that pass: busy, locked, readonly, I/O error, full,
# cannot open, protocol. The others are OperationalErrors too, but say that tipin's SQL is wrong.
_SQLITE_PASSING = {5, 6, 8, 10, 13, 14, 15}

_log = structlog.get_logger(__name__)


class Stopping(BaseException):
    """The process ends while a task waits; it is taken up again at the next start."""


class Shelter:
    """Runs tasks; knows which are running."""

    def __init__(self) -> None:
        self.running: set[str] = set()
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Wake and end whatever waits for better weather."""
        self._stopping.set()

    def run(self, task: str, work: Callable[[], None], on_fault: Callable[[str], None]) -> None:
        """Run `work`, again and again while the weather is bad.

        Args:
            task: its id, for the log.
            work: safe to run again.
            on_fault: called once with the type of an error that nobody expected.
        """
        self.running.add(task)
        try:
            fault = self._weathered(task, work)
            if fault is not None:
                self._weathered(task, lambda: on_fault(fault))
        finally:
            self.running.discard(task)

    def _weathered(self, task: str, work: Callable[[], None]) -> str | None:
        pause = _FIRST_PAUSE
        while True:
            try:
                work()
            except (Overtaken, StorageUnavailable, OperationalError, InterfaceError, PoolTimeout) as error:
                if not passes(error) or (isinstance(error, Overtaken) and pause == _LONGEST_PAUSE):
                    return self._fault(task, error)  # what meets something each time is no chance
                _log.warning("task_waits", task=task, error=type(error).__name__, seconds=pause)
            except Exception as error:  # noqa: BLE001 -- the one boundary of background work: a fault must not hold an order
                return self._fault(task, error)
            else:
                return None
            if self._stopping.wait(pause):
                raise Stopping
            pause = min(_LONGEST_PAUSE, pause * 2)

    @staticmethod
    def _fault(task: str, error: Exception) -> str:
        _log.error("task_failed", task=task, exc_info=error)
        return type(error).__name__


def passes(error: Exception) -> bool:
    """Whether waiting may help."""
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", None)
    return code is None or (code & 0xFF) in _SQLITE_PASSING
