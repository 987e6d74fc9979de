"""Asks a target what became of a piece that it took, until that is known."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.clock import Clock
from app.domain.insert import InsertState
from app.domain.ticket import Outcome, Target
from app.services.ask_target import how_far, until_next_look
from app.services.ports import TargetQueue
from app.store.database import Store


class FollowUp:
    """One look at one piece."""

    def __init__(
        self, *, store: Store, targets: Mapping[str, Target], queue: TargetQueue, clock: Clock
    ) -> None:
        self._store = store
        self._targets = targets
        self._queue = queue
        self._clock = clock

    def __call__(self, key: str, generation: int, attempt: int) -> None:
        """Ask once; where there is no end yet, the next look is set for later.

        What the target says is a hint: DONE_BY_DEVICE is not PACKED, and the bench may be faster.
        """
        with self._store.reading() as tx:
            component = tx.components.by_key(key)
        if component.generation != generation or component.state is not InsertState.ACCEPTED:
            return
        progress = how_far(
            self._targets,
            component.target,
            (component.name, component.target_reference),
            since=component.accepted_at or component.planned_at,
            now=self._clock.now(),
        )
        with self._store.transaction() as tx:
            if progress.outcome is Outcome.DONE:
                tx.components.move(component, InsertState.DONE_BY_DEVICE, reason=progress.detail)
            elif progress.outcome is Outcome.LOST:
                tx.components.move(component, InsertState.UNKNOWN, reason=progress.detail)
            else:
                delay = until_next_look(component.name, attempt)
                self._queue.follow_up(tx, component, attempt=attempt + 1, delay=delay)

    def give_up(self, key: str, generation: int, _attempt: int, reason: str) -> None:
        """Nobody asks any more: an operator looks."""
        with self._store.transaction() as tx:
            component = tx.components.by_key(key)
            if component.generation == generation and component.state is InsertState.ACCEPTED:
                tx.components.move(component, InsertState.UNKNOWN, reason=reason)
