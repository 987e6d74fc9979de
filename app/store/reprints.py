"""What was printed again, when, by whom and why."""

from __future__ import annotations

from dataclasses import fields

from sqlmodel import Session, col, select

from app.domain.reprint import Reprint, ReprintReason
from app.store.tables import ReprintRow

_STORED = tuple(f.name for f in fields(Reprint) if f.name != "reason")


class ReprintRepository:
    """The reprints of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, reprint: Reprint) -> None:
        """Write a reprint down."""
        values = {name: getattr(reprint, name) for name in _STORED}
        self._session.add(ReprintRow(reason=reprint.reason, **values))
        self._session.flush()

    def under_key(self, brand: str, key: str) -> Reprint | None:
        """What an `Idempotency-Key` was used for."""
        query = select(ReprintRow).where(col(ReprintRow.brand) == brand, col(ReprintRow.key) == key)
        row = self._session.exec(query).first()
        return None if row is None else _reprint(row)

    def of_record(self, brand: str, record: str) -> tuple[Reprint, ...]:
        """Every reprint of an order's pieces, oldest first."""
        query = select(ReprintRow).where(col(ReprintRow.brand) == brand, col(ReprintRow.record) == record)
        rows = self._session.exec(query.order_by(col(ReprintRow.at), col(ReprintRow.generation)))
        return tuple(_reprint(row) for row in rows)

    def drop_files(self, record: str, component: int) -> list[str]:
        """Part the void prints of a piece from their files; returns the files' SHA-256."""
        query = select(ReprintRow).where(
            col(ReprintRow.record) == record, col(ReprintRow.component) == component
        )
        rows = [row for row in self._session.exec(query) if row.void_sha256 is not None]
        files = [str(row.void_sha256) for row in rows]
        for row in rows:
            row.void_sha256 = None
        self._session.flush()
        return files


def _reprint(row: ReprintRow) -> Reprint:
    return Reprint(reason=ReprintReason(row.reason), **{name: getattr(row, name) for name in _STORED})
