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

_REASON = "taken back before it was printed"
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
                mend="print it anew, which makes this print void, or take it out at the packing bench",
            )
        return target

    def _cancelled(self, tx: Transaction, component: Component, by: str) -> Component:
        now = tx.components.by_key(component.key)
        moved = (
            now.generation == component.generation
            and now.state in _STILL_OURS
            and tx.components.move(now, InsertState.CANCELLED, reason=_REASON, who=by)
        )
        if not moved:
            raise WrongState(
                f"{component.name} was taken back, and is {now.state} by now", mend="look at it again"
            )
        cancelled = replace(now, state=InsertState.CANCELLED, reason=_REASON)
        self._announce.failed(tx, cancelled, at=self._clock.now())
        return cancelled
