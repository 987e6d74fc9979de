"""Sends a piece on to the target that stands in for its own, where the plant's routes name one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from app.domain.clock import Clock
from app.domain.component import Component
from app.domain.insert import InsertChange
from app.domain.route import Fallback
from app.services.ports import TargetQueue
from app.services.route_component import FALLBACK, RouteComponent
from app.store.database import Transaction


class FallBack:
    """Once for each generation of a piece, and never for one that its target may have."""

    def __init__(self, *, route: RouteComponent, queue: TargetQueue, clock: Clock) -> None:
        self._route = route
        self._queue = queue
        self._clock = clock

    def __call__(self, tx: Transaction, component: Component, *, why: str, at_once: bool = False) -> bool:
        """Send a component to its fallback, where that is up and its own target had its time.

        Args:
            tx: the caller's transaction.
            component: as it is stored now; its target does not have it.
            why: what is wrong with its target, for people.
            at_once: where waiting does not help, since the target refused it.

        Returns:
            Whether it was sent on.
        """
        fallback = self._route.fallback(tx, component)
        if fallback is None or not tx.targets.get(fallback.target).lets(component.ready_at):
            return False
        moves = tx.components.changes(component)
        if _fell_back(component, moves) or (self._clock.now() < _due(component, fallback) and not at_once):
            return False
        sent = self._route.to_fallback(tx, component, fallback, why=why)
        self._queue.hand_over(tx, sent)
        return True

    def due(self, tx: Transaction, component: Component) -> datetime | None:
        """When the fallback of a piece that waits stands in; None where nothing does."""
        fallback = self._route.fallback(tx, component)
        if fallback is None or _fell_back(component, tx.components.changes(component)):
            return None
        return _due(component, fallback)


def _due(component: Component, fallback: Fallback) -> datetime:
    return (component.ready_at or component.planned_at) + fallback.after


def _fell_back(component: Component, moves: Iterable[InsertChange]) -> bool:
    return any(move.generation == component.generation and FALLBACK in move.reason for move in moves)
