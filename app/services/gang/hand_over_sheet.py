"""Hands a closed sheet over, once; its pieces follow its state."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from app.domain.backoff import pause
from app.domain.clock import Clock
from app.domain.gang_sheet import GangPlace, GangSheet, SheetState
from app.domain.insert import InsertState
from app.domain.ticket import Receipt, Target, Ticket
from app.errors import (
    StorageUnavailable,
    SubmissionUncertain,
    TargetBusy,
    TargetRefused,
    TargetUnavailable,
    TipinError,
    WrongState,
)
from app.pdf.impose.layout import Layout
from app.services.announce import Announce
from app.services.fall_back import FallBack
from app.services.gang.make_sheet import FilledSheet, MadeSheet, MakeSheet, Pieces, same_generation
from app.services.gang.standing import on_spots, pages_of
from app.services.gang.waiting import SheetQueue
from app.services.ports import TargetQueue
from app.services.stop_component import StopComponent
from app.services.tend_target import tend
from app.store.database import Store, Transaction

_FIRST_PAUSE = timedelta(seconds=0.5)
_LONGEST_PAUSE = timedelta(seconds=5)
"""Between tries at a target that is busy."""
_FIRST_LOOK = timedelta(seconds=2)
_TOLD_EVERY = timedelta(seconds=1)
"""How often it is written down how far a sheet is."""
_CHANGED = "its pieces changed after a try that was cut short"
_TAKEN_BACK = "taken back, or made anew, before the sheet was made"


class HandOverSheet:
    """Makes one try to hand a sheet over; safe to repeat from its start."""

    def __init__(
        self,
        *,
        store: Store,
        make: MakeSheet,
        targets: Mapping[str, Target],
        queue: SheetQueue,
        target_queue: TargetQueue,
        announce: Announce,
        stop: StopComponent,
        fall_back: FallBack,
        clock: Clock,
        rush: timedelta = timedelta(hours=1),
    ) -> None:
        """`rush` is how soon a sheet is needed that goes before others at its target."""
        self._store = store
        self._make = make
        self._targets = targets
        self._queue = queue
        self._target_queue = target_queue
        self._announce = announce
        self._stop = stop
        self._fall_back = fall_back
        self._clock = clock
        self._rush = rush

    def __call__(self, brand: str, sheet_id: str, attempt: int) -> None:
        """Make a closed sheet and hand it over.

        Args:
            brand: its brand.
            sheet_id: which.
            attempt: the try, as the sheet numbers them: another one took over where it says another.
        """
        claimed = self._claim(brand, sheet_id, attempt)
        if claimed is None:
            return
        with self._make.workplace() as folder:
            try:
                made = self._make(claimed, folder, self._progress(claimed.sheet))
            except StorageUnavailable:
                raise
            except TipinError as error:
                self._cannot_be_made(claimed, error)
                return
            if made.left_out and claimed.sheet.sha256:
                with self._store.transaction() as tx:
                    self._uncertain(tx, claimed.sheet, claimed.pieces, _CHANGED)
                return
            claimed = self._without(claimed, made.left_out)
            if made.layout is not None:
                self._hand_over(claimed, made, made.layout)

    def give_up(self, brand: str, sheet_id: str, _attempt: int, reason: str) -> None:
        """End a sheet whose task cannot be run. Where the target may have it, an operator decides."""
        with self._store.transaction() as tx:
            sheet = tx.gang_sheets.get(brand, sheet_id, locked=True)
            if sheet.state is not SheetState.CLOSED:
                return
            if sheet.sha256:
                self._uncertain(tx, sheet, self._pieces(tx, sheet, InsertState.SUBMITTING), reason)
            else:
                both = InsertState.READY, InsertState.SUBMITTING
                self._refused(tx, sheet, self._pieces(tx, sheet, *both), reason)

    def _claim(self, brand: str, sheet_id: str, attempt: int) -> FilledSheet | None:
        """From now on the target may have its pieces: an operator can no longer take them back."""
        with self._store.transaction() as tx:
            sheet = tx.gang_sheets.get(brand, sheet_id, locked=True)
            if sheet.state is not SheetState.CLOSED or sheet.tries != attempt or self._waits(tx, sheet):
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
                return self._make.filled(tx, sheet, pieces)
            except WrongState as error:
                self._refused(tx, sheet, pieces, error.detail)
                return None

    @staticmethod
    def _waits(tx: Transaction, sheet: GangSheet) -> bool:
        """Whether the target lets nothing through now; its own task starts the sheet again later."""
        state = tx.targets.get(sheet.target)
        if sheet.sha256 or state.lets(sheet.opened_at):
            return False
        tx.gang_sheets.move(sheet, sheet.state, reason=f"it waits: {state.why_not}", waits=True)
        return True

    def _progress(self, sheet: GangSheet) -> Callable[[int], None]:
        """What counts the places whose pieces were looked at, and writes it down now and then."""
        count, told = 0, self._clock.now()

        def note(places: int) -> None:
            nonlocal count, told
            count += places
            now = self._clock.now()
            if now - told >= _TOLD_EVERY:
                told = now
                with self._store.transaction() as tx:
                    tx.gang_sheets.looked(sheet, count)

        return note

    def _cannot_be_made(self, claimed: FilledSheet, error: TipinError) -> None:
        with self._store.transaction() as tx:
            if claimed.sheet.sha256:
                self._uncertain(tx, claimed.sheet, claimed.pieces, _CHANGED)
            else:
                self._refused(tx, claimed.sheet, claimed.pieces, _reason(error))

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

    def _ticket(self, claimed: FilledSheet, pdf: Path, layout: Layout, pages: int) -> Ticket:
        """How the sheet is to be printed; it is nobody's order, and its code is its own."""
        sheet, first = claimed.sheet, claimed.pieces[0][1]
        needed = [component.needed_by for _, component in claimed.pieces if component.needed_by is not None]
        earliest = min(needed, default=None)
        with pdf.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
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
            sha256=sha256,
            pages=pages,
            trim=layout.sheet,
            bleed=0.0,
            stock=claimed.ganging.made_up.stock,
            quality=claimed.ganging.made_up.quality,
            sides="two-sided-long-edge" if sheet.form.two_sided else "one-sided",
            sent_before=bool(sheet.sha256),
            rush=earliest is not None and earliest - self._clock.now() < self._rush,
            needed_by=earliest,
        )

    def _hand_over(self, claimed: FilledSheet, made: MadeSheet, layout: Layout) -> None:
        on_it = on_spots(claimed.sheet, [place for place, _ in claimed.pieces])
        ticket = self._ticket(claimed, made.pdf, layout, pages_of(on_it))
        if not self._begin(claimed, on_it, ticket):
            return
        sheet, pieces = claimed.sheet, claimed.pieces
        try:
            receipt = self._target(sheet.target).deliver(ticket, made.pdf)
        except TargetBusy as error:
            self._later(sheet, pieces, reason=_reason(error))
        except TargetUnavailable as error:
            self._down(sheet, pieces, error)
        except TargetRefused as error:
            with self._store.transaction() as tx:
                self._refused(tx, sheet, pieces, _reason(error), elsewhere=error.elsewhere)
        except SubmissionUncertain as error:
            with self._store.transaction() as tx:
                self._uncertain(tx, sheet, pieces, _reason(error))
        else:
            self._accepted(sheet, pieces, receipt)

    def _begin(self, claimed: FilledSheet, on_it: GangSheet, ticket: Ticket) -> bool:
        """Write down that the target may have it from now on, and where each piece stands."""
        with self._store.transaction() as tx:
            now = tx.gang_sheets.get(claimed.sheet.brand, claimed.sheet.id, locked=True)
            if now.state is not SheetState.CLOSED or now.tries != claimed.sheet.tries:
                return False  # it was given up, or another try has taken over
            if now.sha256 and now.sha256 != ticket.sha256:
                # A try was cut short, and what would go now is not what may be there.
                self._uncertain(tx, now, claimed.pieces, _CHANGED)
                return False
            tx.gang_sheets.move(now, now.state, sha256=ticket.sha256)
            spots = {place.number: place.spot for place in on_it.places if place.spot is not None}
            tx.gang_sheets.put_on_spots(now, spots)
            return True

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
            if receipt.followed:
                self._queue.follow_sheet(tx, sheet, attempt=0, delay=_FIRST_LOOK)

    def _later(self, sheet: GangSheet, pieces: Pieces, *, reason: str) -> None:
        """The target is busy: try again in a moment."""
        delay = pause(sheet.id, sheet.tries, first=_FIRST_PAUSE, longest=_LONGEST_PAUSE)
        with self._store.transaction() as tx:
            sha256 = self._put_back(tx, sheet, pieces, reason)
            again = tx.gang_sheets.next_try(sheet, reason=reason, sha256=sha256)
            self._queue.hand_over_sheet(tx, again, delay=delay)

    def _down(self, sheet: GangSheet, pieces: Pieces, error: TargetUnavailable) -> None:
        """The target is away: this and all else for it waits until it is back."""
        reason = _reason(error)
        with self._store.transaction() as tx:
            state = tx.targets.locked(sheet.target)
            sha256 = self._put_back(tx, sheet, pieces, reason)
            tx.gang_sheets.move(sheet, sheet.state, reason=reason, sha256=sha256, waits=True)
            if not state.trouble:
                tx.targets.failed(sheet.target, error.detail)
                tend(tx, self._target_queue, sheet.target, now=self._clock.now(), delay=state.pause())

    @staticmethod
    def _put_back(tx: Transaction, sheet: GangSheet, pieces: Pieces, reason: str) -> str:
        """Nothing was handed over: people may take pieces back again, and what gets late is ended.

        Where a try before this one was cut short, nobody knows: then the file stays the same, and the target
        is asked first.

        Returns:
            The sha256 of what the target may have.
        """
        if not sheet.sha256:
            for _, component in pieces:
                tx.components.move(component, InsertState.READY, reason=reason)
        return sheet.sha256

    def _refused(
        self, tx: Transaction, sheet: GangSheet, pieces: Pieces, reason: str, *, elsewhere: bool = False
    ) -> None:
        """The sheet ends here. Its pieces go to another target where routes name one, else they end too."""
        # A try before this one may have been taken, whatever is said of this one.
        elsewhere = elsewhere and not sheet.sha256
        if tx.gang_sheets.move(sheet, SheetState.FAILED, reason=reason):
            for _, component in pieces:
                if not (elsewhere and self._fall_back(tx, component, why=reason, at_once=True)):
                    self._stop(tx, component, reason=reason)

    @staticmethod
    def _uncertain(tx: Transaction, sheet: GangSheet, pieces: Pieces, reason: str) -> None:
        if tx.gang_sheets.move(sheet, SheetState.UNKNOWN, reason=reason):
            for _, component in pieces:
                tx.components.move(component, InsertState.UNKNOWN, reason=reason)


def _reason(error: TipinError) -> str:
    return f"{error.title}: {error.detail}"
