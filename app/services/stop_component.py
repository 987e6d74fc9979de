"""Stops a component with a reason: its order goes out without, and its sender is told."""

from __future__ import annotations

from dataclasses import replace

from app.domain.clock import Clock
from app.domain.component import Component
from app.domain.insert import BY_ITSELF, InsertState
from app.services.announce import Announce
from app.store.database import Store, Transaction


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
        """End a component that cannot be made; one that was made is others' to hand over."""
        with self._store.transaction() as tx:
            component = tx.components.by_key(key)
            if component.generation == generation and component.state is InsertState.PLANNED:
                self(tx, component, reason=reason)
