"""Asks a target what became of a piece that it took, until that is known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from app.domain.backoff import pause
from app.domain.clock import Clock
from app.domain.component import Component
from app.domain.insert import InsertState
from app.domain.ticket import Outcome, Progress, Target
from app.errors import TargetUnavailable
from app.services.ports import TargetQueue
from app.store.database import Store

_FIRST_PAUSE = timedelta(seconds=2)
_LONGEST_PAUSE = timedelta(minutes=2)
_PATIENCE = timedelta(days=3)


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
        progress = self._asked(component)
        with self._store.transaction() as tx:
            if progress.outcome is Outcome.DONE:
                tx.components.move(component, InsertState.DONE_BY_DEVICE, reason=progress.detail)
            elif progress.outcome is Outcome.LOST:
                tx.components.move(component, InsertState.UNKNOWN, reason=progress.detail)
            else:
                delay = pause(component.name, attempt, first=_FIRST_PAUSE, longest=_LONGEST_PAUSE)
                self._queue.follow_up(tx, component, attempt=attempt + 1, delay=delay)

    def give_up(self, key: str, generation: int, _attempt: int, reason: str) -> None:
        """Nobody asks any more: an operator looks."""
        with self._store.transaction() as tx:
            component = tx.components.by_key(key)
            if component.generation == generation and component.state is InsertState.ACCEPTED:
                tx.components.move(component, InsertState.UNKNOWN, reason=reason)

    def _asked(self, component: Component) -> Progress:
        since = component.accepted_at or component.planned_at
        if self._clock.now() - since > _PATIENCE:
            return Progress(
                outcome=Outcome.LOST, detail=f"the target told of no end within {_PATIENCE.days} days"
            )
        target = self._targets.get(component.target)
        if target is None:
            return Progress(outcome=Outcome.LOST, detail=f"no target is called {component.target!r} any more")
        try:
            return target.progress(component.name, component.target_reference)
        except TargetUnavailable:
            return Progress(outcome=Outcome.WAITING)
