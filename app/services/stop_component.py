"""Stops a component with a reason: its order goes out without, and its sender is told."""

from __future__ import annotations

from dataclasses import replace

from app.domain.clock import Clock
from app.domain.component import Component
from app.domain.insert import BY_ITSELF, InsertState
from app.services.announce import Announce
from app.store.database import Store, Transaction

_NOT_HANDED_OVER = {InsertState.PLANNED, InsertState.READY}


class StopComponent:
    """Ends a component's way before the target has it."""

    def __init__(self, *, store: Store, announce: Announce, clock: Clock) -> None:
        self._store = store
        self._announce = announce
        self._clock = clock

    def __call__(self, tx: Transaction, component: Component, *, reason: str, who: str = BY_ITSELF) -> bool:
        """Stop the component where it still stands as `component` says.

        Args:
            tx: the caller's transaction.
            component: as it was read.
            reason: why, for people.
            who: the person who does it, where one does.

        Returns:
            False where it has moved on meanwhile.
        """
        stopped = tx.components.move(component, InsertState.FAILED, reason=reason, who=who)
        if stopped:
            failed = replace(component, state=InsertState.FAILED, reason=reason)
            self._announce.failed(tx, failed, at=self._clock.now())
        return stopped

    def give_up(self, key: str, generation: int, reason: str) -> None:
        """End a component whose task cannot be run.

        Where its handing over had begun, the target may have it: then it is UNKNOWN, for an operator.
        """
        with self._store.transaction() as tx:
            component = tx.components.by_key(key)
            if component.generation != generation:
                return
            if component.state in _NOT_HANDED_OVER:
                self(tx, component, reason=reason)
            elif component.state is InsertState.SUBMITTING:
                tx.components.move(component, InsertState.UNKNOWN, reason=reason)
