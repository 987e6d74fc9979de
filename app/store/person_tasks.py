"""What persons should do: told once for each subject, however often it is called for."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from app.domain.access import ALL_BRANDS
from app.domain.person_task import PersonTask, PersonTaskKind, PersonTaskState
from app.errors import NotFound, WrongState
from app.store.sql import connected, lock
from app.store.tables import PersonTaskRow

_STORED = tuple(f.name for f in fields(PersonTask) if f.name not in {"id", "kind", "state"})


class PersonTaskRepository:
    """The tasks for persons of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def call_for(self, task: PersonTask) -> None:
        """Add a task, or count it where the same was called for before: one that was done is open again."""
        same = (
            col(PersonTaskRow.brand) == task.brand,
            col(PersonTaskRow.kind) == task.kind,
            col(PersonTaskRow.subject) == task.subject,
        )
        # Two orders may call for the first time at once.
        lock(connected(self._session), f"person task {task.brand} {task.kind} {task.subject}")
        row = self._session.exec(select(PersonTaskRow).where(*same)).first()
        if row is None:
            values = {name: getattr(task, name) for name in _STORED}
            self._session.add(PersonTaskRow(kind=task.kind, state=task.state, **values))
        else:
            row.times += 1
            row.last_at, row.order_id, row.reason = task.last_at, task.order_id, task.reason
            if row.state == PersonTaskState.DONE:
                row.state, row.closed_at, row.closed_by = PersonTaskState.OPEN, None, ""
        self._session.flush()

    def page(
        self, *, scope: str, state: PersonTaskState, limit: int, after: int | None = None
    ) -> tuple[PersonTask, ...]:
        """The tasks in a state, newest first; those older than `after` where it is given."""
        statement = select(PersonTaskRow).where(col(PersonTaskRow.state) == state)
        if scope != ALL_BRANDS:
            statement = statement.where(col(PersonTaskRow.brand) == scope)
        if after is not None:
            statement = statement.where(col(PersonTaskRow.id) < after)
        rows = self._session.exec(statement.order_by(col(PersonTaskRow.id).desc()).limit(limit))
        return tuple(_task(row) for row in rows)

    def of_order(self, order_id: str) -> tuple[PersonTask, ...]:
        """The tasks that an order called for last."""
        statement = select(PersonTaskRow).where(col(PersonTaskRow.order_id) == order_id)
        return tuple(_task(row) for row in self._session.exec(statement.order_by(col(PersonTaskRow.id))))

    def open_by_kind(self) -> dict[tuple[str, PersonTaskKind], int]:
        """How many are open, by brand and kind."""
        statement = (
            select(PersonTaskRow.brand, PersonTaskRow.kind, func.count())
            .where(col(PersonTaskRow.state) == PersonTaskState.OPEN)
            .group_by(col(PersonTaskRow.brand), col(PersonTaskRow.kind))
        )
        return {(brand, PersonTaskKind(kind)): n for brand, kind, n in self._session.exec(statement)}

    def close(self, id_: int, to: PersonTaskState, *, scope: str, by: str, at: datetime) -> PersonTask:
        """Mark a task as done or dismissed; the same again changes nothing.

        Raises:
            NotFound: there is none of this id, or it is of a brand that the person does not serve.
            WrongState: it was closed otherwise meanwhile.
        """
        row = self._session.get(PersonTaskRow, id_)
        if row is None or scope not in (ALL_BRANDS, row.brand):
            raise NotFound(f"there is no task {id_}", mend="see the list of tasks")
        changed = self._session.execute(
            update(PersonTaskRow)
            .where(col(PersonTaskRow.id) == id_, col(PersonTaskRow.state) == PersonTaskState.OPEN)
            .values(state=to, closed_at=at, closed_by=by)
        )
        self._session.refresh(row)
        if changed.rowcount == 0 and row.state != to:  # type: ignore[attr-defined]
            raise WrongState(f"the task {id_} is {row.state} already", mend="look at it again")
        return _task(row)


def _task(row: PersonTaskRow) -> PersonTask:
    values: dict[str, Any] = {name: getattr(row, name) for name in _STORED}
    return PersonTask(
        id=row.id or 0, kind=PersonTaskKind(row.kind), state=PersonTaskState(row.state), **values
    )
