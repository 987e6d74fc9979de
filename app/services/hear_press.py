"""Takes what a press's front end tells by itself of its pieces: a hint, for the bench is the truth."""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter

from app.domain.access import ALL_BRANDS
from app.domain.component import Component
from app.domain.gang_sheet import GangSheet
from app.domain.insert import InsertState
from app.domain.ticket import Outcome, Progress
from app.errors import NotFound
from app.services.gang.outcome import note_outcome
from app.store.database import Store, Transaction


class HearPress:
    """Moves pieces on by what is told; what does not fit, or came before, changes nothing."""

    def __init__(self, *, store: Store) -> None:
        self._store = store

    def __call__(self, told: Iterable[tuple[str, Progress]], *, target: str = "") -> None:
        """Take news.

        Args:
            told: names of tickets, and how far each came.
            target: the target that tells; empty where it was let speak of these very tickets.
        """
        news = sorted(told, key=itemgetter(0))  # of two that tell of the same, none waits for the other
        self._store.run(lambda tx: _hear(tx, news, target))


def _hear(tx: Transaction, news: Iterable[tuple[str, Progress]], target: str) -> None:
    for name, progress in news:
        component, sheet = _component(tx, name), _sheet(tx, name)
        if component is not None and target in {"", component.target}:
            _move(tx, component, progress)
        elif sheet is not None and target in {"", sheet.target}:
            note_outcome(tx, sheet, progress)


def _sheet(tx: Transaction, name: str) -> GangSheet | None:
    """The gang sheet of a ticket's name; None where there is none."""
    try:
        return tx.gang_sheets.get(ALL_BRANDS, name, locked=True)
    except NotFound:
        return None


def _component(tx: Transaction, name: str) -> Component | None:
    """The component of a ticket's name; None where there is none, or that generation is over."""
    key, _, generation = name.rpartition("-")
    try:
        component = tx.components.by_key(key)
    except NotFound:
        return None
    return component if str(component.generation) == generation else None


def _move(tx: Transaction, component: Component, progress: Progress) -> None:
    if progress.outcome is Outcome.DONE and component.state in {InsertState.ACCEPTED, InsertState.UNKNOWN}:
        tx.components.move(component, InsertState.DONE_BY_DEVICE, reason=progress.detail)
    elif progress.outcome is Outcome.LOST and component.state is InsertState.ACCEPTED:
        tx.components.move(component, InsertState.UNKNOWN, reason=progress.detail)
