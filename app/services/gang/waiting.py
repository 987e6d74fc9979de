"""Lets ready pieces wait for a sheet, at targets that want them ganged; closes sheets, in time or by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from app.domain.clock import Clock
from app.domain.component import Component
from app.domain.gang_sheet import GangPlace, GangSheet, SheetState, gang_sheet_id
from app.domain.insert import InsertState
from app.errors import WrongState
from app.services.gang.kinds import Ganging, Kinds
from app.store.database import Store, Transaction

FULL, DUE = "full", "due"
"""Why a sheet closed, where no person closed it."""


class SheetQueue(Protocol):
    """The tasks of a sheet."""

    def close_sheet(
        self, tx: Transaction, sheet: GangSheet, *, look: int = 0, delay: timedelta | None = None
    ) -> None:
        """Close an open sheet when its time is up; `look` counts the looks at that same time."""
        ...

    def hand_over_sheet(self, tx: Transaction, sheet: GangSheet, *, delay: timedelta | None = None) -> None:
        """Make a closed sheet and hand it over: its try number `sheet.tries`."""
        ...

    def follow_sheet(
        self, tx: Transaction, sheet: GangSheet, *, attempt: int, delay: timedelta | None = None
    ) -> None:
        """Ask its target what became of a sheet that it took."""
        ...


class WaitForSheet:
    """Puts ready pieces on open sheets, and closes them."""

    def __init__(self, *, kinds: Kinds, queue: SheetQueue, clock: Clock) -> None:
        self._kinds = kinds
        self._queue = queue
        self._clock = clock

    def __call__(self, tx: Transaction, component: Component) -> bool:
        """Put a ready piece on the open sheet of its kind; False where it goes to its target alone.

        The same generation is put on one sheet, however often it is called for: the caller holds `component`
        locked, or two of them would each find it on none.
        """
        if tx.gang_sheets.of_component(component) is not None:
            return True
        ganging = self._kinds.of(component)
        if ganging is None or component.state is not InsertState.READY:
            return False
        sheet = tx.gang_sheets.open_for(component.brand, component.target, ganging.kind, ganging.form)
        if sheet is not None and sheet.taken + ganging.each > sheet.room:
            self.close_now(tx, sheet, by=FULL)
            sheet = None
        self._place(tx, sheet or self._opened(tx, component, ganging), component, ganging)
        return True

    def close(self, tx: Transaction, scope: str, sheet_id: str, *, by: str, note: str = "") -> GangSheet:
        """Close an open sheet by hand; one that is closed already stays as it is.

        Args:
            tx: the caller's transaction.
            scope: the brand that the caller serves.
            sheet_id: which.
            by: the person.
            note: why, in their own words.

        Raises:
            NotFound: there is no such sheet.
            WrongState: it is over, and nothing waits on it.
        """
        sheet = tx.gang_sheets.get(scope, sheet_id, locked=True)
        if sheet.state is SheetState.OPEN:
            self.close_now(tx, sheet, by=by, note=note)
        elif sheet.state is not SheetState.CLOSED:
            raise WrongState(
                f"the sheet is {sheet.state.value.replace('_', ' ')}",
                mend="new pieces open a new one by themselves",
            )
        return tx.gang_sheets.get(scope, sheet_id)

    def close_now(self, tx: Transaction, sheet: GangSheet, *, by: str, note: str = "") -> None:
        """Close a sheet if it is open, and have it handed over."""
        now = self._clock.now()
        if sheet.state is not SheetState.OPEN:
            return
        if tx.gang_sheets.move(sheet, SheetState.CLOSED, closed_at=now, closed_by=by, note=note):
            closed = tx.gang_sheets.get(sheet.brand, sheet.id)
            self._queue.hand_over_sheet(tx, tx.gang_sheets.next_try(closed))

    def _opened(self, tx: Transaction, component: Component, ganging: Ganging) -> GangSheet:
        """A new sheet for a piece that finds none; it closes in time for it."""
        now = self._clock.now()
        sheet = GangSheet(
            brand=component.brand,
            id=gang_sheet_id(component.brand, component.name, tx.gang_sheets.times_placed(component)),
            target=component.target,
            kind=ganging.kind,
            form=ganging.form,
            room=ganging.room,
            state=SheetState.OPEN,
            opened_at=now,
            close_at=self._kinds.closing(component).closes_at(now, component.needed_by),
        )
        tx.gang_sheets.open(sheet)
        self._queue.close_sheet(tx, sheet, delay=sheet.close_at - now)
        return sheet

    def _place(self, tx: Transaction, sheet: GangSheet, component: Component, ganging: Ganging) -> None:
        now = self._clock.now()
        place = GangPlace(
            number=sheet.taken,
            count=ganging.each,
            record=component.record,
            component=component.number,
            generation=component.generation,
        )
        close_at = self._kinds.closing(component).closes_at(now, component.needed_by)
        tx.gang_sheets.place(sheet, place, close_at=close_at)
        tx.components.move(component, InsertState.READY, reason=f"waits on the sheet {sheet.id}")
        now_taken = tx.gang_sheets.get(sheet.brand, sheet.id)
        if now_taken.taken >= now_taken.room:
            self.close_now(tx, now_taken, by=FULL)
        elif now_taken.close_at < sheet.close_at:
            self._queue.close_sheet(tx, now_taken, delay=now_taken.close_at - now)


class CloseSheet:
    """Closes a sheet when its time is up: the durable task that waits for that."""

    def __init__(self, *, store: Store, wait: WaitForSheet, queue: SheetQueue, clock: Clock) -> None:
        self._store = store
        self._wait = wait
        self._queue = queue
        self._clock = clock

    def __call__(self, brand: str, sheet_id: str, look: int) -> None:
        """Close it, unless it is closed already, or this look is for a time that was moved up since.

        A clock that was set back meanwhile makes a look come early: then it is looked at again.
        """
        with self._store.transaction() as tx:
            sheet = tx.gang_sheets.get(brand, sheet_id, locked=True)
            if sheet.state is not SheetState.OPEN:
                return
            left = sheet.close_at - self._clock.now()
            if left <= timedelta(0):
                self._wait.close_now(tx, sheet, by=DUE)
            else:
                self._queue.close_sheet(tx, sheet, look=look + 1, delay=left)

    def give_up(self, brand: str, sheet_id: str, _look: int, _reason: str) -> None:
        """Nobody else would close it: it is closed now, late or early."""
        with self._store.transaction() as tx:
            sheet = tx.gang_sheets.get(brand, sheet_id, locked=True)
            self._wait.close_now(tx, sheet, by=DUE)
