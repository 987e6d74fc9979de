"""Takes a piece back from its target before it is printed, where the target gives it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from app.domain.clock import Clock
from app.domain.component import Component
from app.domain.insert import InsertState
from app.domain.ticket import Target
from app.errors import WrongState
from app.services.announce import Announce
from app.store.database import Store, Transaction

RECALLED = "taken back before it was printed"
"""Why a piece that was recalled is cancelled."""
_STILL_OURS = frozenset({InsertState.ACCEPTED, InsertState.UNKNOWN})
"""Where a piece can be after its target gave it back: who follows it may have heard of that first."""


class RecallPiece:
    """Asks the target, and believes it: what comes to the bench all the same is stopped there."""

    def __init__(
        self, *, store: Store, targets: Mapping[str, Target], announce: Announce, clock: Clock
    ) -> None:
        self._store = store
        self._targets = targets
        self._announce = announce
        self._clock = clock

    def __call__(self, key: str, *, by: str, scope: str) -> Component:
        """Take a piece back; its order goes out without it, and its sender is told.

        Args:
            key: the component's.
            by: who wants it.
            scope: the brand that they serve; empty for every one.

        Returns:
            The piece, cancelled.

        Raises:
            NotFound: there is no such piece in that scope.
            WrongState: it is not at the target alone, it is too late, or the target gives nothing back.
            TargetUnavailable: the target does not say.
        """
        with self._store.reading() as tx:
            component = tx.components.owned(key, scope=scope)
            target = self._of(tx, component)
        if not target.cancel(component.name, component.target_reference):
            raise WrongState(
                f"it is too late to take {component.name} back: {component.target} prints it, or has done so",
                mend="take it out at the packing bench, or print it anew, which makes this print void",
            )
        with self._store.transaction() as tx:
            return self._cancelled(tx, component, by)

    def _of(self, tx: Transaction, component: Component) -> Target:
        """The target that has the piece, and no other piece with it."""
        target = self._targets.get(component.target)
        if component.state is not InsertState.ACCEPTED or target is None:
            raise WrongState(
                f"{component.name} is {component.state}, not waiting at a press",
                mend="look at it again; what is at no press yet can be stopped or held",
            )
        if (sheet := tx.gang_sheets.sent_with(component)) is not None:
            raise WrongState(
                f"{component.name} is on the sheet {sheet.id} with other pieces",
                mend="take the whole sheet back, print this piece anew, which makes this print void, or take "
                "it out at the packing bench",
            )
        return target

    def _cancelled(self, tx: Transaction, component: Component, by: str) -> Component:
        now = tx.components.by_key(component.key)
        same = now.generation == component.generation
        cancelled = take_back(tx, now, reason=RECALLED, by=by) if same else None
        if cancelled is None:
            raise WrongState(
                f"{component.name} was taken back, and is {now.state} by now", mend="look at it again"
            )
        self._announce.failed(tx, cancelled, at=self._clock.now())
        return cancelled


def take_back(tx: Transaction, component: Component, *, reason: str, by: str) -> Component | None:
    """Cancel what its target gave back; None where it is elsewhere by now, such as packed."""
    moved = component.state in _STILL_OURS and tx.components.move(
        component, InsertState.CANCELLED, reason=reason, who=by
    )
    return replace(component, state=InsertState.CANCELLED, reason=reason) if moved else None
