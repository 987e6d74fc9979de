"""History files that are sent by the API: kept, tried, and handed on to background work."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from app.domain.brand import Brand
from app.domain.clock import Clock
from app.domain.history_import import HistoryImport, ImportState
from app.domain.history_mapping import HistoryMapping
from app.errors import WrongState
from app.registry.mappings import parse_mapping, ready_mappings, write_mapping
from app.services.brands_in_force import BrandsInForce
from app.services.history.examine import Examined, examine
from app.services.history.import_history import new_import_id
from app.services.history.propose import Proposal, propose
from app.services.history.understand import Understanding
from app.store.database import Store, Transaction
from app.wire.tables.sniff import open_table

_FILE, _REJECTS = "upload", "rejects.csv"
_TRIED = 5_000
"""Orders of a file that are looked at while somebody waits."""
_KEPT = timedelta(days=30)
"""How long an upload that nobody started, and rejects that nobody fetched, lie here: they name people."""


class ImportQueue(Protocol):
    """What starts an import as background work."""

    def import_history(self, tx: Transaction, import_id: str, *, turn: int) -> None:
        """Import a stretch of a file; `turn` counts the stretches."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a mapping would make of a file; `examined` is None where it lacks what an order needs."""

    proposal: Proposal
    examined: Examined | None


class HistoryFolder:
    """Where uploads lie: a folder an import, named by its id, so that no path holds what a file is called."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def new(self) -> Path:
        """A place for a file that is about to come in."""
        place = self._folder / "coming" / new_import_id()
        place.parent.mkdir(parents=True, exist_ok=True)
        return place

    def keep(self, import_id: str, came: Path) -> None:
        """Put a file that came in to its import."""
        (self._folder / import_id).mkdir(parents=True)
        came.rename(self.file(import_id))

    def file(self, import_id: str) -> Path:
        """The file of an import; gone once it is imported."""
        return self._folder / import_id / _FILE

    def rejects(self, import_id: str) -> Path:
        """Where its rejects go; the ending becomes that of the file's kind."""
        return self._folder / import_id / _REJECTS

    def written_rejects(self, import_id: str) -> Path | None:
        """The rejects, where there are any."""
        written = (self.rejects(import_id).with_suffix(ending) for ending in (".csv", ".jsonl"))
        return next((path for path in written if path.exists()), None)

    def drop(self, import_id: str) -> None:
        """Delete all that is kept of an import."""
        shutil.rmtree(self._folder / import_id, ignore_errors=True)


class HistoryDesk:
    """Takes history files, tries mappings on them, and starts their import."""

    def __init__(
        self,
        *,
        store: Store,
        brands: BrandsInForce,
        folder: HistoryFolder,
        queue: ImportQueue,
        customer_secret: bytes,
        clock: Clock,
    ) -> None:
        self.folder = folder
        self._store = store
        self._brands = brands
        self._queue = queue
        self._customer_secret = customer_secret
        self._clock = clock

    def take(self, code: str, came: Path) -> tuple[HistoryImport, Tried]:
        """Keep a file that came in whole, and propose how it is read.

        Raises:
            NotFound: there is no such brand.
            HistoryUnreadable: it is no file of rows; it is not kept.
        """
        now = self._clock.now()
        with self._store.reading() as tx:
            brand = self._brands(tx, code)
        tried = self._try(came, brand, None)
        with came.open("rb") as file:
            fingerprint = hashlib.file_digest(file, "sha256").hexdigest()
        one = HistoryImport(
            id=new_import_id(),
            brand=brand.code,
            state=ImportState.UPLOADED,
            fingerprint=fingerprint,
            size=came.stat().st_size,
            mapping=write_mapping(tried.proposal.mapping),
            made_at=now,
            received_at=now,
        )
        self.folder.keep(one.id, came)
        with self._store.transaction() as tx:
            for old in tx.history_imports.older_than(now - _KEPT):
                if old.state is not ImportState.RUNNING:
                    self.folder.drop(old.id)
            tx.history_imports.add(one)
        return one, tried

    def try_out(self, one: HistoryImport, mapping: str) -> Tried:
        """What a mapping, as the text of a `MAP.toml` or a ready one's name, would make of a file.

        Raises:
            WrongState: the file is gone, for it was imported.
            HistoryUnreadable: it cannot be read by this mapping's delimiter or encoding.
            MappingUnusable: the text is no mapping.
        """
        file = self.folder.file(one.id)
        if not file.exists():
            raise WrongState("this file is not here any more", mend="upload it again")
        with self._store.reading() as tx:
            brand = self._brands(tx, one.brand)
        return self._try(file, brand, _mapping(mapping or one.mapping))

    def start(self, one: HistoryImport, mapping: str) -> HistoryImport:
        """Import a file in the background.

        Raises:
            WrongState: it runs or ran already.
            MappingUnusable: the mapping cannot be used, or lacks what an order needs.
        """
        chosen = _mapping(mapping or one.mapping)
        with self._store.transaction() as tx:
            now = self._clock.now()
            Understanding(chosen, self._brands(tx, one.brand), secret=self._customer_secret, received_at=now)
            tx.history_imports.one_at_a_time(one.brand)
            one = tx.history_imports.get(one.id)
            if one.state is not ImportState.UPLOADED:
                raise WrongState(
                    f"this import is {one.state} already", mend="upload the file again for another run"
                )
            tx.history_imports.start(one.id, write_mapping(chosen), now)
            self._queue.import_history(tx, one.id, turn=0)
            return tx.history_imports.get(one.id)

    def remove(self, one: HistoryImport) -> None:
        """Delete an import's file, rejects and entry; what it imported stays.

        Raises:
            WrongState: it runs.
        """
        with self._store.transaction() as tx:
            tx.history_imports.one_at_a_time(one.brand)
            if tx.history_imports.get(one.id).state is ImportState.RUNNING:
                raise WrongState("this import is running", mend="wait until it is done")
            tx.history_imports.remove(one.id)
        self.folder.drop(one.id)

    def _try(self, file: Path, brand: Brand, mapping: HistoryMapping | None) -> Tried:
        now = self._clock.now()
        proposal = Proposal(mapping=mapping) if mapping else _proposed(file, brand, self._clock)
        chosen = proposal.mapping
        if chosen.lacks:
            return Tried(proposal=proposal, examined=None)
        understand = Understanding(chosen, brand, secret=self._customer_secret, received_at=now)
        table = open_table(file, encoding=chosen.encoding, delimiter=chosen.delimiter)
        try:
            return Tried(proposal=proposal, examined=examine(table, chosen, brand, understand, most=_TRIED))
        finally:
            table.close()


def _proposed(file: Path, brand: Brand, clock: Clock) -> Proposal:
    table = open_table(file)
    try:
        return propose(table, ready_mappings(), brand, clock.now())
    finally:
        table.close()


def _mapping(said: str) -> HistoryMapping:
    ready = ready_mappings()
    return ready[said] if said in ready else parse_mapping(said)
