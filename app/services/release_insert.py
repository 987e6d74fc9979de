"""Releases an order that waits for a card which cannot be made: a person decides that it goes out without."""

from __future__ import annotations

from dataclasses import replace

from app.domain.clock import Clock
from app.domain.insert import Degradation, InsertState
from app.errors import WrongState
from app.services.announce import Announce
from app.store.database import Transaction


class ReleaseInsert:
    """Lets a held order go; who did it is written down with the card's other moves."""

    def __init__(self, *, announce: Announce, clock: Clock) -> None:
        self._announce = announce
        self._clock = clock

    def __call__(self, tx: Transaction, job_id: str, *, who: str) -> None:
        """Let the order of a held card go out without it, and tell its sender.

        Args:
            tx: the transaction.
            job_id: the job that carries the card; the caller knows that it is theirs to release.
            who: the person who decides.

        Raises:
            NotFound: this job carries no card.
            WrongState: the card is not held, or not any more.
        """
        component, insert = tx.components.get(job_id), tx.inserts.get(job_id)
        reason = f"released without its card: {component.reason}"
        held = component.state is InsertState.HELD
        if not held or not tx.components.move(component, InsertState.CANCELLED, reason=reason, who=who):
            raise WrongState(
                f"the card of job {job_id} is not held (state {component.state})",
                mend="look at the order again: somebody may have released it already",
            )
        tx.inserts.let_down(insert, Degradation.NO_CARD)
        gone = replace(component, state=InsertState.CANCELLED, reason=reason)
        self._announce.failed(tx, gone, at=self._clock.now())
