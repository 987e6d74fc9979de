"""Takes a whole sheet back from its target before it is printed, where the target gives it back."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.clock import Clock
from app.domain.gang_sheet import GangSheet, SheetState
from app.domain.ticket import Target
from app.errors import WrongState
from app.services.announce import Announce
from app.services.gang.make_sheet import same_generation
from app.services.recall_piece import RECALLED, take_back
from app.store.database import Store, Transaction

_STILL_OURS = frozenset({SheetState.ACCEPTED, SheetState.UNKNOWN})
"""Where a sheet can be after its target gave it back: who follows it may have heard of that first."""


class RecallSheet:
    """Asks the target for the sheet's one job; each piece on it is then cancelled as one that goes alone."""

    def __init__(
        self, *, store: Store, targets: Mapping[str, Target], announce: Announce, clock: Clock
    ) -> None:
        self._store = store
        self._targets = targets
        self._announce = announce
        self._clock = clock

    def __call__(self, scope: str, sheet_id: str, *, why: str, by: str) -> GangSheet:
        """Take a sheet back; the orders of its pieces go out without them, and their senders are told.

        Args:
            scope: the brand that the caller serves; empty for every one.
            sheet_id: which.
            why: in the words of who wants it; kept with the sheet and each piece.
            by: who that is.

        Raises:
            NotFound: there is no such sheet in that scope.
            WrongState: it is at no press, it is too late, or the target gives nothing back.
            TargetUnavailable: the target does not say.
        """
        with self._store.reading() as tx:
            sheet = tx.gang_sheets.get(scope, sheet_id)
        if sheet.state is not SheetState.ACCEPTED:
            raise WrongState(
                f"the sheet {sheet.id} is {_said(sheet)}, not waiting at a press",
                mend="look at it again; what is at no press yet can be stopped piece by piece",
            )
        target = self._targets.get(sheet.target)
        if target is None:
            raise WrongState(
                f"no target is called {sheet.target!r} any more", mend="name it in TIPIN_TARGETS again"
            )
        if not target.cancel(sheet.id, sheet.target_reference):
            raise WrongState(
                f"it is too late to take the sheet {sheet.id} back: {sheet.target} prints it, or has done so",
                mend="take its pieces out at the packing bench, or print them anew, which makes these void",
            )
        with self._store.transaction() as tx:
            return self._cancelled(tx, tx.gang_sheets.get(scope, sheet_id, locked=True), why, by)

    def _cancelled(self, tx: Transaction, sheet: GangSheet, why: str, by: str) -> GangSheet:
        reason = f"{RECALLED}: {why}"
        if sheet.state not in _STILL_OURS:
            raise WrongState(
                f"the sheet {sheet.id} was taken back, and is {_said(sheet)} by now", mend="look at it again"
            )
        tx.gang_sheets.move(sheet, SheetState.EMPTY, reason=f"{reason} ({by})")
        for place in sheet.places:
            component = None if place.left_out else same_generation(tx, place)
            cancelled = component and take_back(tx, component, reason=reason, by=by)
            if cancelled:
                self._announce.failed(tx, cancelled, at=self._clock.now())
        return tx.gang_sheets.get(sheet.brand, sheet.id)


def _said(sheet: GangSheet) -> str:
    return sheet.state.value.replace("_", " ")
