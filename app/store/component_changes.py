"""The moves of components, written down in the transaction that makes them. Never changed."""

from __future__ import annotations

from sqlmodel import Session, col, select

from app.domain.clock import SystemClock
from app.domain.insert import InsertChange, InsertState
from app.store.columns import micros
from app.store.sql import Statement, connected
from app.store.tables import InsertChangeRow

_clock = SystemClock()
_CHANGE = Statement("""
INSERT INTO insert_changes (job_id, number, generation, at, who, before, after, reason)
VALUES (:record, :number, :generation, :at, :who, :before, :after, :reason)
""")


def note_change(
    session: Session,
    record: str,
    number: int,
    generation: int,
    *,
    before: InsertState | None,
    after: InsertState,
    who: str,
    reason: str,
) -> None:
    """Write down a move, by this machine's clock; `before` is None where it was planned."""
    row = {
        "record": record,
        "number": number,
        "generation": generation,
        "at": micros(_clock.now()),
        "who": who,
        "before": before or "",
        "after": after,
        "reason": reason,
    }
    _CHANGE.run(connected(session), row)


def changes_of(session: Session, record: str, number: int) -> tuple[InsertChange, ...]:
    """Every move of a component, oldest first."""
    rows = session.exec(
        select(InsertChangeRow)
        .where(InsertChangeRow.job_id == record, InsertChangeRow.number == number)
        .order_by(col(InsertChangeRow.at), col(InsertChangeRow.id))
    )
    return tuple(
        InsertChange(
            generation=row.generation,
            at=row.at,
            who=row.who,
            before=InsertState(row.before) if row.before else None,
            after=InsertState(row.after),
            reason=row.reason,
        )
        for row in rows
    )
