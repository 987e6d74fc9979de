"""What the probes and the metrics page ask of the database."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.domain.insert import InsertState
from app.store.tables import DeadLetterRow, InsertChangeRow, InsertRow


class HealthRepository:
    """Counts over the whole plant; nothing about a person."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def open_dead_letters(self) -> int:
        """How many kept bodies wait for a replay."""
        query = select(func.count()).where(col(DeadLetterRow.replayed_at).is_(None))
        return self._session.exec(query).one()

    def inserts_by_state(self) -> dict[tuple[str, str], int]:
        """(brand, state) to the number of inserts."""
        query = select(InsertRow.brand, InsertRow.state, func.count()).group_by(
            InsertRow.brand, InsertRow.state
        )
        return {(brand, state): count for brand, state, count in self._session.exec(query)}

    def made_last(self) -> tuple[str, int] | None:
        """Record and number of the component that became ready last."""
        query = (
            select(InsertChangeRow.job_id, InsertChangeRow.number)
            .where(InsertChangeRow.after == InsertState.READY)
            .order_by(col(InsertChangeRow.id).desc())
            .limit(1)
        )
        return self._session.exec(query).first()

    def moved_last_at(self) -> datetime | None:
        """When a component was moved last, by the clock of whoever moved it."""
        query = select(InsertChangeRow.at).order_by(col(InsertChangeRow.id).desc()).limit(1)
        return self._session.exec(query).first()
