"""What becomes of a sheet that its target took: asked for, told by the press, or settled by a person."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.clock import Clock
from app.domain.gang_sheet import GangPlace, GangSheet, SheetState
from app.domain.insert import BY_ITSELF, InsertState
from app.domain.ticket import Outcome, Progress, Target
from app.errors import WrongState
from app.services.ask_target import how_far, until_next_look
from app.services.gang.make_sheet import same_generation
from app.services.gang.waiting import SheetQueue
from app.store.database import Store, Transaction

_PIECES = {SheetState.DONE: InsertState.DONE_BY_DEVICE, SheetState.UNKNOWN: InsertState.UNKNOWN}
"""Where pieces go with their sheet."""
_SETTLED = "settled by itself meanwhile"


def note_outcome(tx: Transaction, sheet: GangSheet, progress: Progress) -> None:
    """Move a sheet and its pieces on by what its target tells: a hint, for the bench is the truth."""
    if progress.outcome is Outcome.DONE and sheet.state in {SheetState.ACCEPTED, SheetState.UNKNOWN}:
        _move(tx, sheet, SheetState.DONE, reason=progress.detail)
    elif progress.outcome is Outcome.LOST and sheet.state is SheetState.ACCEPTED:
        _move(tx, sheet, SheetState.UNKNOWN, reason=progress.detail)


class FollowSheet:
    """One look at one sheet that its target took."""

    def __init__(
        self, *, store: Store, targets: Mapping[str, Target], queue: SheetQueue, clock: Clock
    ) -> None:
        self._store = store
        self._targets = targets
        self._queue = queue
        self._clock = clock

    def __call__(self, brand: str, sheet_id: str, tries: int, attempt: int) -> None:
        """Ask once; where there is no end yet, the next look is set for later.

        Args:
            brand: its brand.
            sheet_id: which.
            tries: the try that was taken; one that was handed over again since is followed by another task.
            attempt: counts the looks.
        """
        with self._store.reading() as tx:
            sheet = tx.gang_sheets.get(brand, sheet_id)
        if sheet.tries != tries or sheet.state is not SheetState.ACCEPTED:
            return
        progress = how_far(
            self._targets,
            sheet.target,
            (sheet.id, sheet.target_reference),
            since=sheet.accepted_at or sheet.opened_at,
            now=self._clock.now(),
        )
        with self._store.transaction() as tx:
            if progress.outcome is Outcome.WAITING:
                delay = until_next_look(sheet.id, attempt)
                self._queue.follow_sheet(tx, sheet, attempt=attempt + 1, delay=delay)
            else:
                note_outcome(tx, sheet, progress)

    def give_up(self, brand: str, sheet_id: str, tries: int, _attempt: int, reason: str) -> None:
        """Nobody asks any more: an operator looks."""
        with self._store.transaction() as tx:
            sheet = tx.gang_sheets.get(brand, sheet_id, locked=True)
            if sheet.tries == tries:
                note_outcome(tx, sheet, Progress(outcome=Outcome.LOST, detail=reason))


class SettleSheet:
    """A person looked at the press, and says what became of a sheet that nobody was certain of."""

    def __init__(self, *, queue: SheetQueue) -> None:
        self._queue = queue

    def __call__(self, tx: Transaction, scope: str, sheet_id: str, *, printed: bool, by: str) -> GangSheet:
        """Settle it, with all of its pieces that are still uncertain.

        Args:
            tx: the caller's transaction.
            scope: the brand that the caller serves.
            sheet_id: which.
            printed: True: it lies there. False: it does not, and goes out again.
            by: who looked.

        Raises:
            NotFound: there is no such sheet.
            WrongState: nothing about it is uncertain.
        """
        sheet = tx.gang_sheets.get(scope, sheet_id, locked=True)
        if sheet.state is not SheetState.UNKNOWN:
            raise WrongState(
                f"the sheet is {sheet.state.value.replace('_', ' ')}: nothing about it is uncertain",
                mend="look at it again; somebody may have been faster",
            )
        if printed:
            _move(tx, sheet, SheetState.DONE, reason="marked as printed", by=by)
        else:
            self._send_again(tx, sheet, by)
        return tx.gang_sheets.get(scope, sheet_id)

    def _send_again(self, tx: Transaction, sheet: GangSheet, by: str) -> None:
        """The same sheet once more, without what was settled piece by piece, for that goes another way."""
        for place in sheet.places:
            if not _follows(tx, place, InsertState.READY, "marked as not printed", by):
                tx.gang_sheets.leave_out(sheet, place.number, place.left_out or _SETTLED)
        values = {"sha256": "", "target_reference": "", "accepted_at": None, "looked_at": 0}
        tx.gang_sheets.move(sheet, SheetState.CLOSED, reason=f"not printed, says {by}", **values)
        closed = tx.gang_sheets.get(sheet.brand, sheet.id)
        self._queue.hand_over_sheet(tx, tx.gang_sheets.next_try(closed))


def _move(tx: Transaction, sheet: GangSheet, to: SheetState, *, reason: str, by: str = BY_ITSELF) -> None:
    if tx.gang_sheets.move(sheet, to, reason=reason):
        for place in sheet.places:
            _follows(tx, place, _PIECES[to], reason, by)


def _follows(tx: Transaction, place: GangPlace, to: InsertState, reason: str, by: str) -> bool:
    """Move a piece with its sheet, unless it was left out, made anew, packed or settled by itself."""
    component = None if place.left_out else same_generation(tx, place)
    if component is None or component.state not in {InsertState.ACCEPTED, InsertState.UNKNOWN}:
        return False
    return tx.components.move(component, to, reason=reason, who=by)
