"""Lets out the sheets of a target that was down or paused, and closes them where it is to run empty."""

from __future__ import annotations

from app.domain.target_state import Gate, TargetState
from app.services.gang.waiting import SheetQueue, WaitForSheet
from app.store.database import Transaction

_AT_A_TIME = 50
"""Sheets let out by one look."""


class TendSheets:
    """One look at the sheets of one target."""

    def __init__(self, *, wait: WaitForSheet, queue: SheetQueue) -> None:
        self._wait = wait
        self._queue = queue

    def __call__(self, tx: Transaction, state: TargetState) -> bool:
        """Start what may go out, the sheet that closed first before all.

        Returns:
            Whether there may be more of them.
        """
        if state.gate is Gate.DRAINING and not state.trouble:
            for sheet in tx.gang_sheets.open_at(state.name):
                self._wait.close_now(tx, sheet, by=state.gate_by, note="the target was drained")
        waiting = tx.gang_sheets.waiting_at(state.name, limit=_AT_A_TIME)
        let = [sheet for sheet in waiting if state.lets(sheet.opened_at)]
        for sheet in let:
            self._queue.hand_over_sheet(tx, tx.gang_sheets.next_try(sheet))
        return len(let) == _AT_A_TIME
