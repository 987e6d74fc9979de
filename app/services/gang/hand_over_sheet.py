"""Closes a sheet when its time is up, and hands it over, once; its pieces follow its state."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from app.domain.backoff import pause
from app.domain.clock import Clock
from app.domain.gang_sheet import GangPlace, GangSheet, SheetState
from app.domain.insert import InsertState
from app.domain.ticket import Receipt, Target, Ticket
from app.errors import (
    SubmissionUncertain,
    TargetRefused,
    TargetUnavailable,
    TipinError,
    WrongState,
)
from app.pdf.impose.layout import Layout
from app.services.announce import Announce
from app.services.gang.make_sheet import FilledSheet, MadeSheet, MakeSheet, Pieces, same_generation
from app.services.gang.waiting import DUE, SheetQueue
from app.services.stop_component import StopComponent
from app.store.database import Store, Transaction

_FIRST_PAUSE = timedelta(seconds=2)
_LONGEST_PAUSE = timedelta(minutes=15)
_LONGEST_TRY = timedelta(days=3)
_LOOK_AGAIN = timedelta(seconds=30)
_CHANGED = "its pieces changed after a try that was cut short"
_TAKEN_BACK = "taken back, or made anew, before the sheet closed"


class HandOverSheet:
    """Makes one try to hand a sheet over; safe to repeat from its start."""

    def __init__(
        self,
        *,
        store: Store,
        make: MakeSheet,
        targets: Mapping[str, Target],
        queue: SheetQueue,
        announce: Announce,
        stop: StopComponent,
        clock: Clock,
    ) -> None:
        self._store = store
        self._make = make
        self._targets = targets
        self._queue = queue
        self._announce = announce
        self._stop = stop
        self._clock = clock

    def __call__(self, brand: str, sheet_id: str, attempt: int) -> None:
        """Look at a sheet: close it where its time is up, then make it and hand it over.

        Args:
            brand: its brand.
            sheet_id: which.
            attempt: 0 for the first try.
        """
        claimed = self._claim(brand, sheet_id, attempt)
        if claimed is None:
            return
        with tempfile.TemporaryDirectory(prefix="tipin-sheet-") as folder:
            made = self._make(claimed, Path(folder))
            if made.left_out and claimed.sheet.sha256:
                with self._store.transaction() as tx:
                    self._uncertain(tx, claimed.sheet, claimed.pieces, _CHANGED)
                return
            claimed = self._without(claimed, made.left_out)
            if made.layout is not None:
                self._hand_over(claimed, self._ticket(claimed, made, made.layout), made.pdf, attempt)

    def give_up(self, brand: str, sheet_id: str, _attempt: int, reason: str) -> None:
        """End a sheet whose task cannot be run. Where the target may have it, an operator decides."""
        with self._store.transaction() as tx:
            sheet = tx.gang_sheets.get(brand, sheet_id, locked=True)
            if sheet.state not in {SheetState.OPEN, SheetState.CLOSED}:
                return
            if sheet.sha256:
                self._uncertain(tx, sheet, self._pieces(tx, sheet, InsertState.SUBMITTING), reason)
            else:
                both = InsertState.READY, InsertState.SUBMITTING
                self._refused(tx, sheet, self._pieces(tx, sheet, *both), reason)

    def _claim(self, brand: str, sheet_id: str, attempt: int) -> FilledSheet | None:
        """From now on the target may have its pieces: an operator can no longer take them back."""
        now = self._clock.now()
        with self._store.transaction() as tx:
            sheet = tx.gang_sheets.get(brand, sheet_id, locked=True)
            if sheet.state is SheetState.OPEN:
                if now < sheet.close_at:
                    return None
                tx.gang_sheets.move(sheet, SheetState.CLOSED, closed_at=now, closed_by=DUE)
                sheet = replace(sheet, state=SheetState.CLOSED, closed_at=now, closed_by=DUE)
            if sheet.state is not SheetState.CLOSED or self._waits(tx, sheet, attempt):
                return None
            for place in sheet.places:
                if not place.left_out:
                    self._take(tx, sheet, place)
            sheet = tx.gang_sheets.get(brand, sheet_id)
            pieces = self._pieces(tx, sheet, InsertState.SUBMITTING)
            if not pieces:
                tx.gang_sheets.move(sheet, SheetState.EMPTY, reason="every piece of it was taken back")
                return None
            try:
                return self._make.filled(sheet, pieces)
            except WrongState as error:
                self._refused(tx, sheet, pieces, error.detail)
                return None

    def _waits(self, tx: Transaction, sheet: GangSheet, attempt: int) -> bool:
        """Whether the target lets nothing through now; then the sheet is looked at again after a while."""
        state = tx.targets.get(sheet.target)
        if sheet.sha256 or state.lets(sheet.opened_at):
            return False
        tx.gang_sheets.move(sheet, sheet.state, reason=f"it waits: {state.why_not}")
        self._queue.gang_sheet(tx, sheet, attempt=attempt + 1, delay=_LOOK_AGAIN)
        return True

    def _take(self, tx: Transaction, sheet: GangSheet, place: GangPlace) -> None:
        """Claim a piece, or leave it out."""
        component = same_generation(tx, place)
        if component is not None and component.target != sheet.target:
            component = None  # its route leads elsewhere now
        if component is not None and component.state is InsertState.READY:
            if self._clock.now() > component.try_until:
                late = "the order was due before its sheet was handed over"
                self._stop(tx, component, reason=late)
                tx.gang_sheets.leave_out(sheet, place.number, late)
                return
            reason = f"on the sheet {sheet.id}"
            if tx.components.move(component, InsertState.SUBMITTING, reason=reason):
                return
        if component is None or component.state is not InsertState.SUBMITTING:
            tx.gang_sheets.leave_out(sheet, place.number, _TAKEN_BACK)

    @staticmethod
    def _pieces(tx: Transaction, sheet: GangSheet, *states: InsertState) -> Pieces:
        """The pieces that the sheet still has and that are in one of some states, as they stand."""
        return tuple(
            (place, component)
            for place in sheet.places
            if not place.left_out
            and (component := same_generation(tx, place)) is not None
            and component.state in states
        )

    def _without(self, claimed: FilledSheet, left_out: Mapping[int, str]) -> FilledSheet:
        """Stop the pieces that could not be placed; the sheet goes on without them."""
        if not left_out:
            return claimed
        sheet = claimed.sheet
        kept = tuple(pair for pair in claimed.pieces if pair[0].number not in left_out)
        with self._store.transaction() as tx:
            for place, component in claimed.pieces:
                if place.number in left_out:
                    tx.gang_sheets.leave_out(sheet, place.number, left_out[place.number])
                    self._stop(tx, component, reason=left_out[place.number])
            if not kept:
                tx.gang_sheets.move(sheet, SheetState.EMPTY, reason="not one piece of it could be placed")
        return replace(claimed, pieces=kept)

    def _ticket(self, claimed: FilledSheet, made: MadeSheet, layout: Layout) -> Ticket:
        """How the sheet is to be printed; it is nobody's order, and its code is its own."""
        sheet, first = claimed.sheet, claimed.pieces[0][1]
        alone = claimed.ganging.made_up
        two_sided = alone.pages > 1 and claimed.ganging.product is None
        needed = [component.needed_by for _, component in claimed.pieces if component.needed_by is not None]
        return Ticket(
            name=sheet.id,
            brand=sheet.brand,
            order="",
            source_order_id="",
            job=sheet.id,
            product="" if first.is_insert else first.design,
            template=first.design if first.is_insert else "",
            generation=0,
            parcel=None,
            bench_code=sheet.id,
            sha256=hashlib.sha256(made.pdf.read_bytes()).hexdigest(),
            pages=2 if two_sided else 1,
            trim=layout.sheet,
            bleed=0.0,
            stock=alone.stock,
            sides="two-sided-long-edge" if two_sided else "one-sided",
            sent_before=bool(sheet.sha256),
            needed_by=min(needed, default=None),
        )

    def _hand_over(self, claimed: FilledSheet, ticket: Ticket, pdf: Path, attempt: int) -> None:
        sheet, pieces = claimed.sheet, claimed.pieces
        with self._store.transaction() as tx:
            if sheet.sha256 and sheet.sha256 != ticket.sha256:
                # A try was cut short, and what would go now is not what may be there.
                self._uncertain(tx, sheet, pieces, _CHANGED)
                return
            tx.gang_sheets.move(sheet, sheet.state, sha256=ticket.sha256)
        try:
            receipt = self._target(sheet.target).deliver(ticket, pdf)
        except TargetUnavailable as error:
            self._later(sheet, pieces, attempt, reason=_reason(error))
        except TargetRefused as error:
            with self._store.transaction() as tx:
                self._refused(tx, sheet, pieces, _reason(error))
        except SubmissionUncertain as error:
            with self._store.transaction() as tx:
                self._uncertain(tx, sheet, pieces, _reason(error))
        else:
            self._accepted(sheet, pieces, receipt)

    def _target(self, name: str) -> Target:
        target = self._targets.get(name)
        if target is None:
            raise TargetRefused(f"no target is called {name!r}", mend="name it in TIPIN_TARGETS")
        return target

    def _accepted(self, sheet: GangSheet, pieces: Pieces, receipt: Receipt) -> None:
        now = self._clock.now()
        values = {"reason": "", "target_reference": receipt.reference, "accepted_at": now}
        with self._store.transaction() as tx:
            if not tx.gang_sheets.move(sheet, SheetState.ACCEPTED, **values):
                return
            tx.targets.took(sheet.target)
            for _, component in pieces:
                if tx.components.accepted(component, reference=receipt.reference, at=now):
                    self._announce.ready(tx, replace(component, state=InsertState.ACCEPTED), at=now)

    def _later(self, sheet: GangSheet, pieces: Pieces, attempt: int, *, reason: str) -> None:
        """Nothing was handed over: wait, longer each time. Its pieces stay with it."""
        delay = pause(sheet.id, attempt, first=_FIRST_PAUSE, longest=_LONGEST_PAUSE)
        now = self._clock.now()
        with self._store.transaction() as tx:
            if now + delay > (sheet.closed_at or now) + _LONGEST_TRY:
                self._refused(tx, sheet, pieces, f"{reason}; it was tried for three days")
            elif tx.gang_sheets.move(sheet, sheet.state, reason=reason, sha256=""):
                self._queue.gang_sheet(tx, sheet, attempt=attempt + 1, delay=delay)

    def _refused(self, tx: Transaction, sheet: GangSheet, pieces: Pieces, reason: str) -> None:
        if tx.gang_sheets.move(sheet, SheetState.FAILED, reason=reason):
            for _, component in pieces:
                self._stop(tx, component, reason=reason)

    @staticmethod
    def _uncertain(tx: Transaction, sheet: GangSheet, pieces: Pieces, reason: str) -> None:
        if tx.gang_sheets.move(sheet, SheetState.UNKNOWN, reason=reason):
            for _, component in pieces:
                tx.components.move(component, InsertState.UNKNOWN, reason=reason)


def _reason(error: TipinError) -> str:
    return f"{error.title}: {error.detail}"
