"""Imports a brand's past orders, so that its customers are not all new on the first day.

Imported orders give facts but no cards. What is there already, live or imported, stays as it is; so the same
file again changes nothing. Each few thousand orders are one transaction, together with how far the import
came: one that was killed goes on behind the last of them.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from app.domain.brand import Brand
from app.domain.clock import Clock
from app.domain.customer import MAIL
from app.domain.history_import import HistoryImport, ImportState, Progress
from app.domain.history_mapping import HistoryMapping
from app.domain.ids import base32
from app.errors import ChangedMeanwhile, HistoryUnreadable
from app.pdf.batch.garbage import collected_later
from app.registry.mappings import write_mapping
from app.services.erase_customer import HISTORY
from app.services.history.read_orders import FileOrder, read_orders
from app.services.history.rejects import Rejects
from app.services.history.understand import Understanding, Understood
from app.services.history.watch_import import WatchImport
from app.store.database import Store, Transaction
from app.wire.tables.sniff import open_table
from app.wire.tables.table import Row, Table

CHUNK = 4_000
"""Orders a transaction: the intake waits for it a tenth of a second."""
_MOST_REASONS = 50
_OTHERS = "other reasons"
_TWICE = "the order’s id stands in the file twice"
_ID_BITS, _ID_LENGTH = 65, 13


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    """What a transaction made of its orders."""

    new: int
    known: int
    refused: list[tuple[FileOrder, str]]


class ImportHistory:
    """Reads a file of orders into a brand's ledger."""

    def __init__(self, *, store: Store, watch: WatchImport, customer_secret: bytes, clock: Clock) -> None:
        """Take what the import works with.

        Args:
            store: the database.
            watch: notices which tags it changes.
            customer_secret: keys the hash of e-mail addresses, the same as at the intake.
            clock: tells when the orders came in.
        """
        self._store = store
        self._watch = watch
        self._customer_secret = customer_secret
        self._clock = clock

    def begin(self, brand: Brand, path: Path, mapping: HistoryMapping) -> HistoryImport:
        """The import of a file: the one that was broken off, where this very file was read in this very way.

        Raises:
            OSError: the file cannot be read.
        """
        with path.open("rb") as file:
            fingerprint = hashlib.file_digest(file, "sha256").hexdigest()
        text = write_mapping(mapping)
        now = self._clock.now()
        with self._store.transaction() as tx:
            tx.history_imports.one_at_a_time(brand.code)
            before = tx.history_imports.broken_off(brand.code, fingerprint, text)
            if before is not None:
                return before
            one = HistoryImport(
                id=new_import_id(),
                brand=brand.code,
                state=ImportState.RUNNING,
                fingerprint=fingerprint,
                size=path.stat().st_size,
                mapping=text,
                made_at=now,
                received_at=now,
            )
            tx.history_imports.add(one)
        return one

    def run(
        self,
        one: HistoryImport,
        brand: Brand,
        mapping: HistoryMapping,
        path: Path,
        rejects: Path,
        *,
        on_progress: Callable[[Progress], bool | None] = lambda _: None,
    ) -> HistoryImport:
        """Import a file from where it was broken off.

        Args:
            one: what `begin` gave, or a later state of it.
            brand: whose history it is.
            mapping: how the file is read.
            path: the file.
            rejects: where orders go that cannot be understood; its ending becomes that of the file's kind.
                There is no such file afterwards where all were understood.
            on_progress: called when a chunk is in the database; its False breaks the run off, for a later one
                to go on.

        Returns:
            The import as it stands now; still running only where it was broken off.

        Raises:
            HistoryUnreadable: the file as a whole cannot be read to its end; what was read is there.
            MappingUnusable: the mapping lacks what an order needs.
            ChangedMeanwhile: another process imports it at the same time.
        """
        try:
            understand = Understanding(
                mapping, brand, secret=self._customer_secret, received_at=one.received_at
            )
            table = open_table(path, encoding=mapping.encoding, delimiter=mapping.delimiter)
            return self._read(one, mapping, understand, table, Rejects(rejects, table), on_progress)
        except HistoryUnreadable as error:
            self._tell(one)
            self._end(one, ImportState.FAILED, error.detail)
            raise

    def _read(  # noqa: PLR0917 -- the parts of one run, each named as what it is
        self,
        one: HistoryImport,
        mapping: HistoryMapping,
        understand: Understanding,
        table: Table,
        refused: Rejects,
        on_progress: Callable[[Progress], bool | None],
    ) -> HistoryImport:
        progress = one.progress if refused.holds(one.progress.rejects) else Progress()
        refused.go_on(progress.rejects)
        try:
            orders = read_orders(table, mapping, understand, after=progress.rows)
            while (kept := self._keep_next(one, orders, progress, table, refused)) is not None:
                progress = kept
                one = replace(one, progress=progress)
                if on_progress(progress) is False:
                    return replace(one, progress=progress)
            refused.finish()
            if not self._tell(one, lambda: on_progress(progress)):
                return replace(one, progress=progress)
        finally:
            refused.close()
            table.close()
        return self._end(replace(one, progress=progress), ImportState.DONE)

    def _end(self, one: HistoryImport, state: ImportState, problem: str = "") -> HistoryImport:
        now = self._clock.now()
        with self._store.transaction() as tx:
            tx.history_imports.set_state(one.id, state, ended_at=now, problem=problem)
        return replace(one, state=state, ended_at=now, problem=problem)

    # No part of an order is in a cycle. To look for one while a chunk is in memory took a quarter of it.
    @collected_later()
    def _keep_next(
        self,
        one: HistoryImport,
        orders: Iterator[FileOrder],
        progress: Progress,
        table: Table,
        rejects: Rejects,
    ) -> Progress | None:
        """Keep the next chunk; None where there is none."""
        chunk = list(islice(orders, CHUNK))
        return self._keep(one, chunk, progress, table, rejects) if chunk else None

    def _keep(
        self, one: HistoryImport, chunk: list[FileOrder], progress: Progress, table: Table, rejects: Rejects
    ) -> Progress:
        """Put a chunk into the ledger, its rejects into their file, and both into the books."""
        orders = [order.understood for order in chunk if order.understood is not None]
        while self._note(one, orders):
            pass
        with self._store.transaction() as tx:
            tx.history_imports.one_at_a_time(one.brand)
            if tx.history_imports.get(one.id).progress != one.progress:
                raise ChangedMeanwhile(
                    "another run of this import is under way, and takes the same orders",
                    mend="let it end; the ledger has every order once",
                )
            tx.mail_claims.one_at_a_time(one.brand, shared=False)
            taken = _take(tx, one, chunk)
            rejects.write(list(_rejected_rows(taken.refused)))
            progress = _moved_on(progress, chunk, taken, read=table.position(), rejects=rejects.size)
            tx.history_imports.advance(one.id, progress)
        return progress

    def _note(self, one: HistoryImport, orders: list[Understood]) -> bool:
        """Note what some orders would be tagged with before the chunk; whether there are more."""
        with self._store.transaction() as tx:
            return self._watch.note(tx, one, orders)

    def _tell(self, one: HistoryImport, go_on: Callable[[], bool | None] = lambda: None) -> bool:
        """Tell the differences that the import made; False where `go_on` broke it off before the last."""
        more = True
        while more:
            with self._store.transaction() as tx:
                tx.history_imports.one_at_a_time(one.brand)
                more = self._watch.tell(tx, one, now=self._clock.now())
            if more and go_on() is False:
                return False
        return True


def new_import_id() -> str:
    """A name for an import that says nothing of what is in it."""
    return base32(secrets.randbits(_ID_BITS), _ID_LENGTH)


def _take(tx: Transaction, one: HistoryImport, chunk: list[FileOrder]) -> _Taken:
    """Record the orders of a chunk that are new."""
    refused = [(order, order.why) for order in chunk if order.reason]
    first: dict[str, FileOrder] = {}
    twice: list[FileOrder] = []
    for order in chunk:
        if order.understood is not None:
            name = order.understood.entry.source_order_id
            if name in first:
                twice.append(order)
            else:
                first[name] = order
    here = tx.recording.arrivals(one.brand, list(first))
    # What this very import brought before is the order a second time, not one of an earlier import.
    twice += [order for name, order in first.items() if here.get(name) == one.received_at]
    new = [order.understood for name, order in first.items() if name not in here]
    _record(tx, one, [each for each in new if each is not None])
    refused += [(order, f"{_TWICE}; keep the row that is right") for order in twice]
    known = sum(1 for name in here if here[name] != one.received_at)
    return _Taken(new=len(new), known=known, refused=refused)


def _record(tx: Transaction, one: HistoryImport, new: list[Understood]) -> None:
    if not new:
        return
    entries = [each.entry for each in new]
    tx.recording.entries(one.brand, entries, source=HISTORY, at=one.received_at)
    tx.recording.credits(one.brand, [each.credit for each in new if each.credit is not None])
    tx.recording.opt_outs(one.brand, _opted_out(new), at=one.received_at)
    claims = [each.claim for each in new if each.claim is not None]
    tx.mail_claims.record(one.brand, claims)
    keys = {entry.customer_key for entry in entries} | {claim.mail for claim in claims}
    joined = tx.mail_claims.settle(
        one.brand, {key for key in keys if key is not None and key.startswith(MAIL)}
    )
    # Who was recognised in somebody else counts as one with them ever since.
    tx.thresholds.older_truth(one.brand, None if joined else min(each.earliest for each in new))


def _opted_out(new: list[Understood]) -> dict[str, datetime]:
    """Who asked for no cards, with the first order that says so."""
    gone: dict[str, datetime] = {}
    for entry in (each.entry for each in new if each.opted_out):
        if (key := entry.customer_key) is not None:
            gone[key] = min(entry.placed_at, gone.get(key, entry.placed_at))
    return gone


def _rejected_rows(refused: list[tuple[FileOrder, str]]) -> Iterator[tuple[Row, str]]:
    for order, why in refused:
        for row in order.rows:
            yield row, why


def _moved_on(
    before: Progress, chunk: list[FileOrder], taken: _Taken, *, read: int, rejects: int
) -> Progress:
    reasons = Counter(order.reason or _TWICE for order, _ in taken.refused)
    return Progress(
        rows=chunk[-1].until,
        read=read,
        new=before.new + taken.new,
        known=before.known + taken.known,
        skipped=before.skipped + sum(1 for order in chunk if order.understood is None and not order.reason),
        rejected=before.rejected + len(taken.refused),
        reasons=_added_up(before.reasons, reasons),
        rejects=rejects,
    )


def _added_up(before: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    """Both counts in one; what comes when there are too many reasons is counted together."""
    found = Counter(before)
    for reason, count in more.items():
        found[reason if reason in found or len(found) < _MOST_REASONS else _OTHERS] += count
    return dict(found)
