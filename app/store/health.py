"""What the probes and the metrics page ask of the database."""

from __future__ import annotations

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.store.tables import DeadLetterRow, InsertRow


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
