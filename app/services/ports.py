"""What services need from the outside, so that they name no concrete class."""

from __future__ import annotations

from typing import Protocol

from app.store.database import Transaction


class TaskQueue(Protocol):
    """Durable background work, started inside the caller's transaction: committed with it or not at all."""

    def make_insert(self, tx: Transaction, job_id: str, *, priority: int) -> None:
        """Make the insert of a job (compose … hand over … tell). The task's id is the job's id.

        Args:
            tx: the transaction it belongs to.
            job_id: the job that carries the insert; starting it twice starts it once.
            priority: ≥ 1; smaller runs first.
        """
        ...

    def tell_sender(self, tx: Transaction, delivery_id: str) -> None:
        """Send one call-back (a row in `deliveries`) until it is taken or given up."""
        ...
