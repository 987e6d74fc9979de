"""Turns what selection decided into an insert to be made, or into the news that there is none."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.domain.brand import Brand
from app.domain.call_back import CallBackEvent
from app.domain.decision import Decision
from app.domain.insert import Addressee, Insert
from app.services.announce import Announce
from app.services.ports import TaskQueue
from app.store.database import Transaction


class PlanInsert:
    """The last thing that happens in the intake transaction."""

    def __init__(self, *, queue: TaskQueue, announce: Announce) -> None:
        self._queue = queue
        self._announce = announce

    def __call__(
        self,
        tx: Transaction,
        addressee: Addressee,
        decision: Decision,
        *,
        brand: Brand,
        customer_key: str | None,
        needed_by: datetime | None,
        now: datetime,
    ) -> Insert | None:
        """Plan the insert and start its making; the order and its jobs are stored already.

        Args:
            tx: the intake transaction.
            addressee: whose insert it is; `job_id` is the order's first job.
            decision: one card or none.
            brand: the order's brand.
            customer_key: the customer's key within the brand, or None for a guest.
            needed_by: when the order is packed; None: the brand's usual time from now.
            now: the moment of intake.

        Returns:
            The planned insert, or None where the decision was "no card".
        """
        if decision.match is None or not (decision.template and decision.variant and decision.language):
            self._announce(tx, CallBackEvent.NONE, addressee, at=now)
            return None
        insert = Insert(
            job_id=addressee.job_id,
            order_id=addressee.order_id,
            brand=addressee.brand,
            customer_key=customer_key,
            occasion=decision.match.occasion,
            template=decision.template,
            variant=decision.variant,
            language=decision.language,
            target=brand.target,
            planned_at=now,
            needed_by=needed_by or now + timedelta(minutes=brand.needed_by_minutes),
        )
        tx.inserts.plan(insert)
        self._queue.make_insert(tx, insert.job_id, priority=insert.priority)
        return insert
