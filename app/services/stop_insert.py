"""Stops an insert with a reason: its order goes out without, and its sender is told."""

from __future__ import annotations

from dataclasses import replace

from app.domain.call_back import CallBackEvent
from app.domain.clock import Clock
from app.domain.insert import Degradation, Insert, InsertState
from app.services.announce import Announce
from app.store.database import Store, Transaction

_NOT_HANDED_OVER = {InsertState.PLANNED, InsertState.READY}


class StopInsert:
    """Ends an insert's way before the target has it."""

    def __init__(self, *, store: Store, announce: Announce, clock: Clock) -> None:
        self._store = store
        self._announce = announce
        self._clock = clock

    def __call__(
        self, tx: Transaction, insert: Insert, *, reason: str, degradation: Degradation | None = None
    ) -> None:
        """Stop the insert where it still stands as `insert` says.

        Args:
            tx: the caller's transaction.
            insert: the insert as it was read.
            reason: why, for people.
            degradation: how far it was let down; unchanged by default.
        """
        stopped = replace(
            insert, state=InsertState.FAILED, reason=reason, degradation=degradation or insert.degradation
        )
        if tx.inserts.stopped(insert, reason=reason, degradation=stopped.degradation):
            addressee = tx.inserts.addressee(insert.job_id)
            self._announce(tx, CallBackEvent.FAILED, addressee, at=self._clock.now(), insert=stopped)

    def give_up(self, job_id: str, generation: int, reason: str) -> None:
        """End an insert whose task cannot be run.

        Where its handing over had begun, the target may have it: then it is UNKNOWN, for an operator.
        """
        with self._store.transaction() as tx:
            insert = tx.inserts.get(job_id)
            if insert.generation != generation:
                return
            if insert.state in _NOT_HANDED_OVER:
                self(tx, insert, reason=reason)
            elif insert.state is InsertState.SUBMITTING:
                tx.inserts.move(insert, InsertState.UNKNOWN, reason=reason)
