"""Hands a ready insert to its target, once, and has the sender told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from app.domain.backoff import pause
from app.domain.call_back import CallBackEvent
from app.domain.clock import Clock
from app.domain.insert import Addressee, Insert, InsertState
from app.domain.template import CardTemplate
from app.domain.ticket import Receipt, Target, Ticket
from app.errors import NotFound, SubmissionUncertain, TargetRefused, TargetUnavailable, TipinError
from app.services.announce import Announce
from app.services.ports import FlowQueue
from app.services.stop_insert import StopInsert
from app.store.artifacts import ArtifactStore
from app.store.database import Store

_FIRST_PAUSE = timedelta(seconds=2)
_LONGEST_PAUSE = timedelta(minutes=15)
_WAY = {InsertState.READY, InsertState.SUBMITTING}


class HandOver:
    """Makes one try to hand an insert over."""

    def __init__(
        self,
        *,
        store: Store,
        artifacts: ArtifactStore,
        targets: Mapping[str, Target],
        templates: Mapping[str, CardTemplate],
        queue: FlowQueue,
        announce: Announce,
        stop: StopInsert,
        clock: Clock,
    ) -> None:
        self._store = store
        self._artifacts = artifacts
        self._targets = targets
        self._templates = templates
        self._queue = queue
        self._announce = announce
        self._stop = stop
        self._clock = clock

    def __call__(self, job_id: str, generation: int, attempt: int) -> None:
        """Make try number `attempt`; where the target is away, the next one is set for later.

        A run that was cut short in the middle is repeated with the same ticket: drivers make sure that this
        gives no second card.
        """
        claimed = self._claim(job_id, generation)
        if claimed is None:
            return
        insert, addressee = claimed
        try:
            receipt = self._deliver(insert, addressee)
        except TargetUnavailable as error:
            self._later(insert, attempt, reason=_reason(error))
        except (TargetRefused, NotFound) as error:
            with self._store.transaction() as tx:
                self._stop(tx, insert, reason=_reason(error))
        except SubmissionUncertain as error:
            with self._store.transaction() as tx:
                tx.inserts.move(insert, InsertState.UNKNOWN, reason=_reason(error))
        else:
            self._accepted(insert, addressee, receipt)

    def give_up(self, job_id: str, generation: int, _attempt: int, reason: str) -> None:
        """End what this task was to do."""
        self._stop.give_up(job_id, generation, reason)

    def _claim(self, job_id: str, generation: int) -> tuple[Insert, Addressee] | None:
        """From now on the target may have it: an operator can no longer take it back."""
        with self._store.transaction() as tx:
            insert = tx.inserts.get(job_id)
            if insert.generation != generation or insert.state not in _WAY:
                return None
            addressee = tx.inserts.addressee(job_id)
            if insert.state is InsertState.READY and self._clock.now() > insert.try_until:
                self._stop(tx, insert, reason="the order was due before it could be handed over")
                return None
            tx.inserts.move(insert, InsertState.SUBMITTING, reason=insert.reason)
            return replace(insert, state=InsertState.SUBMITTING), addressee

    def _deliver(self, insert: Insert, addressee: Addressee) -> Receipt:
        target = self._targets.get(insert.target)
        if target is None:
            raise TargetRefused(
                f"no target is called {insert.target!r}",
                mend="name it in TIPIN_TARGETS, or change the brand's",
            )
        if insert.pdf_sha256 is None:
            raise TargetRefused(f"the insert {insert.name} has no file", mend="make it again")
        ticket = self._ticket(insert, addressee, insert.pdf_sha256)
        return target.deliver(ticket, self._artifacts.path(insert.pdf_sha256, ".pdf"))

    def _ticket(self, insert: Insert, addressee: Addressee, sha256: str) -> Ticket:
        template = self._templates.get(insert.template)
        if template is None or insert.card is None:
            raise TargetRefused(
                f"the card template {insert.template!r} is not here any more", mend="put it back"
            )
        return Ticket(
            name=insert.name,
            brand=insert.brand,
            order=insert.order_id,
            source_order_id=addressee.source_order_id,
            job=insert.job_id,
            generation=insert.generation,
            parcel=addressee.parcel,
            bench_code=insert.card.bench_code,
            sha256=sha256,
            pages=len(template.sides),
            trim=template.trim,
            bleed=template.bleed,
            stock=template.stock,
            sides="two-sided-long-edge" if len(template.sides) > 1 else "one-sided",
            needed_by=insert.needed_by,
        )

    def _accepted(self, insert: Insert, addressee: Addressee, receipt: Receipt) -> None:
        now = self._clock.now()
        accepted = replace(insert, state=InsertState.ACCEPTED)
        with self._store.transaction() as tx:
            if tx.inserts.accepted(insert, reference=receipt.reference, at=now):
                self._announce(tx, CallBackEvent.READY, addressee, at=now, insert=accepted)

    def _later(self, insert: Insert, attempt: int, *, reason: str) -> None:
        delay = pause(insert.name, attempt, first=_FIRST_PAUSE, longest=_LONGEST_PAUSE)
        with self._store.transaction() as tx:
            if self._clock.now() + delay > insert.try_until:
                self._stop(tx, insert, reason=f"{reason}; the order is due before the next try")
            elif tx.inserts.move(insert, InsertState.READY, reason=reason):
                self._queue.hand_over(tx, insert, attempt=attempt + 1, delay=delay)


def _reason(error: TipinError) -> str:
    return f"{error.title}: {error.detail}"
