"""Imports of history files, each with how far it came: moved on in the transaction of the orders it took."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from app.domain.history_import import HistoryImport, ImportState, Progress
from app.errors import NotFound
from app.store.sql import lock
from app.store.tables import HistoryImportRow, ImportWatchRow


class HistoryImports:
    """The imports of every brand."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def one_at_a_time(self, brand: str) -> None:
        """Wait until no other transaction takes history of this brand; held to the transaction's end."""
        lock(self._session.connection(), f"history {brand}")

    def add(self, one: HistoryImport) -> None:
        """Begin an import."""
        row = asdict(one) | {"state": one.state.value, "progress": asdict(one.progress)}
        self._session.add(HistoryImportRow(**row))
        self._session.flush()

    def get(self, import_id: str, *, scope: str = "") -> HistoryImport:
        """An import by its id, within one brand where `scope` names it.

        Raises:
            NotFound: there is none.
        """
        row = self._session.get(HistoryImportRow, import_id, populate_existing=True)
        if row is None or (scope and row.brand != scope):
            raise NotFound(
                f"there is no import {import_id[:40]!r}",
                mend="see GET /v1/history/imports for those there are",
            )
        return _import(row)

    def page(self, *, scope: str, limit: int) -> tuple[HistoryImport, ...]:
        """The latest imports, newest first."""
        query = select(HistoryImportRow).order_by(
            col(HistoryImportRow.made_at).desc(), col(HistoryImportRow.id)
        )
        if scope:
            query = query.where(HistoryImportRow.brand == scope)
        return tuple(_import(row) for row in self._session.exec(query.limit(limit)))

    def broken_off(self, brand: str, fingerprint: str, mapping: str) -> HistoryImport | None:
        """The import of this very file, read in this very way, that was begun and has not ended."""
        query = select(HistoryImportRow).where(
            HistoryImportRow.brand == brand,
            HistoryImportRow.fingerprint == fingerprint,
            HistoryImportRow.mapping == mapping,
            HistoryImportRow.state == ImportState.RUNNING,
        )
        row = self._session.exec(query).first()
        return None if row is None else _import(row)

    def set_state(
        self, import_id: str, state: ImportState, *, ended_at: datetime | None = None, problem: str = ""
    ) -> None:
        """Say where it stands now."""
        self._update(import_id, state=state.value, ended_at=ended_at, problem=problem)

    def start(self, import_id: str, mapping: str, at: datetime) -> None:
        """Let it run, by this mapping; its orders come to tipin at this moment."""
        self._update(import_id, state=ImportState.RUNNING.value, mapping=mapping, received_at=at)

    def advance(self, import_id: str, progress: Progress) -> None:
        """Say how far it came."""
        self._update(import_id, progress=asdict(progress))

    def older_than(self, moment: datetime) -> tuple[HistoryImport, ...]:
        """Those made before a moment."""
        query = select(HistoryImportRow).where(col(HistoryImportRow.made_at) < moment)
        return tuple(_import(row) for row in self._session.exec(query))

    def remove(self, import_id: str) -> None:
        """Forget an import; its orders stay."""
        self._session.execute(delete(ImportWatchRow).where(col(ImportWatchRow.import_id) == import_id))
        self._session.execute(delete(HistoryImportRow).where(col(HistoryImportRow.id) == import_id))

    def _update(self, import_id: str, **values: object) -> None:
        self._session.execute(
            update(HistoryImportRow).where(col(HistoryImportRow.id) == import_id).values(**values)
        )


def _import(row: HistoryImportRow) -> HistoryImport:
    values = row.model_dump() | {"state": ImportState(row.state), "progress": Progress(**row.progress)}
    return HistoryImport(**values)
