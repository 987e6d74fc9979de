"""Heartbeats of the processes that do background work, where several share one database."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from app.store.tables import TakeOverRow, WorkerRow


class WorkerRepository:
    """The workers of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def beat(self, executor: str, at: datetime) -> None:
        """This worker is alive."""
        self._session.merge(WorkerRow(executor=executor, seen_at=at))
        self._session.flush()

    def silent_since(self, moment: datetime) -> tuple[str, ...]:
        """Workers not heard of since then, kept from every other worker until this transaction ends."""
        statement = (
            select(WorkerRow.executor)
            .where(col(WorkerRow.seen_at) < moment)
            .order_by(col(WorkerRow.executor))
            .with_for_update(skip_locked=True)
        )
        return tuple(self._session.exec(statement))

    def gone(self, executor: str) -> None:
        """Its tasks are in other hands; it is heard of again when it beats again."""
        row = self._session.get(WorkerRow, executor)
        if row is not None:
            self._session.delete(row)

    def take_over(self, task: str) -> int:
        """Count that a task is started again whose process ended; how often that has been."""
        row = self._session.get(TakeOverRow, task) or TakeOverRow(task=task, times=0)
        row.times += 1
        self._session.add(row)
        return row.times

    def forget(self, tasks: Collection[str]) -> None:
        """Drop the counts of finished tasks."""
        self._session.execute(delete(TakeOverRow).where(col(TakeOverRow.task).in_(tasks)))
