"""Imports an uploaded history file as background work, a stretch of a few seconds at a time.

Each stretch starts the next one, so that a worker that is stopped need not wait for a million orders, and one
that is killed goes on behind the last chunk.
"""

from __future__ import annotations

import time

from app.domain.clock import Clock
from app.domain.history_import import HistoryImport, ImportState
from app.errors import ChangedMeanwhile, HistoryUnreadable, MappingUnusable
from app.registry.mappings import parse_mapping
from app.services.brands_in_force import BrandsInForce
from app.services.history.desk import HistoryFolder, ImportQueue
from app.services.history.import_history import ImportHistory
from app.store.database import Store

_STRETCH_SECONDS = 5.0


class ImportTask:
    """One stretch of an import; safe to repeat."""

    def __init__(
        self,
        *,
        store: Store,
        brands: BrandsInForce,
        folder: HistoryFolder,
        queue: ImportQueue,
        importer: ImportHistory,
        clock: Clock,
        seconds: float = _STRETCH_SECONDS,
    ) -> None:
        self._store = store
        self._brands = brands
        self._folder = folder
        self._queue = queue
        self._importer = importer
        self._clock = clock
        self._seconds = seconds

    def __call__(self, import_id: str, turn: int) -> None:
        """Import on from where it stands, then start the next stretch or end."""
        with self._store.reading() as tx:
            one = tx.history_imports.get(import_id)
            brand = self._brands.find(tx, one.brand)
        file = self._folder.file(import_id)
        if one.state is not ImportState.RUNNING:
            return
        if brand is None or not file.exists():
            self.give_up(import_id, turn, "the brand or the uploaded file is not on this machine any more")
            return
        ends = time.monotonic() + self._seconds
        try:
            one = self._importer.run(
                one,
                brand,
                parse_mapping(one.mapping),
                file,
                self._folder.rejects(import_id),
                on_progress=lambda _: time.monotonic() < ends,
            )
        except (HistoryUnreadable, MappingUnusable) as error:
            self.give_up(import_id, turn, error.detail)
        except ChangedMeanwhile:
            return  # another run of this task goes on with it
        else:
            self._after(one, turn)

    def give_up(self, import_id: str, _turn: int, reason: str) -> None:
        """End the import with a reason; what it brought stays."""
        with self._store.transaction() as tx:
            tx.history_imports.set_state(
                import_id, ImportState.FAILED, ended_at=self._clock.now(), problem=reason
            )

    def _after(self, one: HistoryImport, turn: int) -> None:
        if one.state is ImportState.RUNNING:
            with self._store.transaction() as tx:
                self._queue.import_history(tx, one.id, turn=turn + 1)
        else:
            # The orders are in the ledger; the file's names and addresses need not lie here any longer.
            self._folder.file(one.id).unlink(missing_ok=True)
