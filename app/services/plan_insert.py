"""Turns what selection decided into inserts to be made, or into the news that there is none."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.domain.brand import Brand
from app.domain.decision import Decision
from app.domain.insert import Addressee, Insert
from app.services.announce import Announce
from app.services.ports import TaskQueue
from app.store.database import Transaction
from app.store.orders import StoredOrder


class PlanInsert:
    """The last thing that happens in the intake transaction."""

    def __init__(self, *, queue: TaskQueue, announce: Announce) -> None:
        self._queue = queue
        self.announce = announce

    def __call__(
        self, tx: Transaction, stored: StoredOrder, decision: Decision, *, brand: Brand, now: datetime
    ) -> tuple[Insert, ...]:
        """Plan the inserts and start their making; the order and its jobs are stored already.

        Args:
            tx: the intake transaction.
            stored: the order.
            decision: one card or none, and the generic ones of its further parcels or jobs.
            brand: the order's brand.
            now: the moment of intake.

        Returns:
            The planned inserts, that of the first job first; none where the decision was "no card".
        """
        if decision.match is None:
            self.announce.none(tx, _addressee(stored), at=now)
            return ()
        further = [card.position for card in decision.further if card.variant is not None]
        inserts = tuple(
            _insert(stored, position, decision.of_job(position), brand, now) for position in (0, *further)
        )
        for insert in inserts:
            tx.inserts.plan(insert)
            self._queue.make_insert(tx, insert.job_id, priority=insert.priority)
        return inserts


def _insert(stored: StoredOrder, position: int, decision: Decision, brand: Brand, now: datetime) -> Insert:
    if decision.match is None or not (decision.template and decision.variant and decision.language):
        raise ValueError("a decision with a card names its occasion, template, wording and language")
    policy = brand.policy.on(stored.order.channel)
    return Insert(
        job_id=stored.job_ids[position],
        order_id=stored.id,
        brand=stored.order.brand,
        customer_key=stored.customer_key,
        occasion=decision.match.occasion,
        template=decision.template,
        variant=decision.variant,
        language=decision.language,
        target=brand.target,
        planned_at=now,
        needed_by=stored.needed_by,
        personal_until=_personal_until(stored.needed_by, now, policy.generic_before),
        holds_order=policy.holds_orders,
        further=position > 0,
        sign_by_hand=decision.sign_by_hand,
    )


def _personal_until(needed_by: datetime, now: datetime, before: timedelta) -> datetime | None:
    """From when on there is no time left for a personal card; at most half of the time goes for that.

    An order that came after it was due is as late with either card.
    """
    if needed_by <= now:
        return None
    return needed_by - min(before, (needed_by - now) / 2)


def _addressee(stored: StoredOrder) -> Addressee:
    order = stored.order
    return Addressee(
        brand=order.brand,
        order_id=stored.id,
        source_order_id=order.source_order_id,
        job_id=stored.job_ids[0],
        parcel=order.jobs[0].parcel or order.parcel,
    )
