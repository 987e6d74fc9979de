"""Races made to happen: several threads at once, each stopped between its read and its write.

A thread stops behind the first statement of its own that an expression finds, and goes on once all others
have come as far, have ended, or wait for a lock: so nothing depends on who is faster.
"""

from __future__ import annotations

import re
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from app.store.database import Store

_LOOK_EVERY = 0.01
_END = 15.0
_ADVISORY = re.compile(r"pg_advisory_xact_lock(_shared)?\(.*\)")
_WAITING = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
Work = Callable[[], Any]


@dataclass
class _Runner:
    """Who does a work. `due` is whether they have still to stop."""

    due: bool


_runner: ContextVar[_Runner | None] = ContextVar("_runner", default=None)
"""The application's own threads, in which it answers a request, belong to whoever sent that."""


def at_once(store: Store, *works: Work, behind: str) -> list[Any]:
    """Do all of it at once; returns what each came to, errors among them.

    Args:
        store: on PostgreSQL.
        works: each is done in a thread of its own.
        behind: the statement, as an expression, behind which each thread waits for the others.
    """
    return _Threads(store, works, behind).run()


def in_between(store: Store, first: Work, second: Work, *, behind: str) -> list[Any]:
    """Do the second thing while the first one is stopped behind a statement; returns what both came to."""
    return _Threads(store, (first, second), behind, in_turn=True).run()


@contextmanager
def without_locks() -> Iterator[None]:
    """As if the product took no locks: shows which of them a race is kept from by one."""
    plain = psycopg.Cursor.execute

    def execute(cursor: Any, query: Any, *values: Any, **more: Any) -> Any:
        if isinstance(query, str):
            query = _ADVISORY.sub("1", query).replace("FOR UPDATE", "")
        return plain(cursor, query, *values, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psycopg.Cursor, "execute", execute)
        yield


class _Threads:
    """Threads of one race. Those that are neither stopped nor ended are on their way, or wait for a lock."""

    def __init__(self, store: Store, works: tuple[Work, ...], behind: str, *, in_turn: bool = False) -> None:
        self._engine = store.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._works = works
        self._behind = re.compile(behind, re.DOTALL)
        self._in_turn = in_turn
        self._first_stopped = threading.Event()
        self._changed = threading.Lock()
        self._on_their_way = len(works)
        self._answers: list[Any] = [None] * len(works)

    def run(self) -> list[Any]:
        threads = [
            threading.Thread(target=self._do, args=(index,), daemon=True) for index in range(len(self._works))
        ]
        with pytest.MonkeyPatch.context() as patch:
            for name in ("execute", "executemany"):
                patch.setattr(psycopg.Cursor, name, self._stopping(getattr(psycopg.Cursor, name)))
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(_END)
                assert not thread.is_alive(), _hanging(threads)
        assert self._first_stopped.is_set(), f"no statement was like {self._behind.pattern!r}"
        return self._answers

    def _stopping(self, plain: Callable[..., Any]) -> Callable[..., Any]:
        def execute(cursor: Any, query: Any, *values: Any, **more: Any) -> Any:
            answer = plain(cursor, query, *values, **more)
            runner = _runner.get()
            if runner is not None and runner.due and self._behind.search(str(query)):
                runner.due = False
                self._stop()
            return answer

        return execute

    def _do(self, index: int) -> None:
        follows = self._in_turn and index > 0
        if follows:
            self._first_stopped.wait(_END)
        runner = _Runner(due=not follows)
        _runner.set(runner)
        try:
            self._answers[index] = self._works[index]()
        except Exception as error:  # noqa: BLE001 -- what it came to
            self._answers[index] = error
        if runner.due or follows:
            self._arrived()

    def _stop(self) -> None:
        """Wait until nobody is on the way any more, but for those who are kept waiting by a lock."""
        self._arrived()
        self._first_stopped.set()
        pause = threading.Event()
        with self._engine.connect() as watch:
            for _ in range(round(_END / _LOOK_EVERY)):
                if self._on_their_way <= watch.exec_driver_sql(_WAITING).scalar_one():
                    return
                pause.wait(_LOOK_EVERY)
        raise AssertionError("the others neither come nor wait")

    def _arrived(self) -> None:
        with self._changed:
            self._on_their_way -= 1


def _hanging(threads: list[threading.Thread]) -> str:
    """Where they hang."""
    frames = sys._current_frames()
    found = [frames[thread.ident or 0] for thread in threads if thread.is_alive()]
    return "\n\n".join("".join(traceback.format_stack(frame)[-4:]) for frame in found)
