"""What services need from the outside, so that they name no concrete class."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from app.domain.component import Component
from app.domain.decision import Decision
from app.domain.facts import Facts
from app.domain.item import Item
from app.domain.order import Order
from app.store.database import Transaction


class TaskQueue(Protocol):
    """Durable background work, started inside the caller's transaction: committed with it or not at all."""

    def make_insert(
        self,
        tx: Transaction,
        job_id: str,
        *,
        priority: int,
        wake: str = "",
        delay: timedelta | None = None,
    ) -> None:
        """Make the insert of a job (compose … hand over … tell). The task's id is the job's id.

        Args:
            tx: the transaction it belongs to.
            job_id: the job that carries the insert; starting it twice starts it once.
            priority: ≥ 1; smaller runs first.
            wake: what a further look is for, at a card that waits; each is another task.
            delay: when to look.
        """
        ...

    def make_item(
        self, tx: Transaction, item: Item, *, attempt: int = 0, delay: timedelta | None = None
    ) -> None:
        """Make a photo item, on its brand's own part of the queue, after `delay`."""
        ...

    def tell_sender(self, tx: Transaction, delivery_id: str) -> None:
        """Send one call-back (a row in `deliveries`) until it is taken or given up."""
        ...


class TargetQueue(Protocol):
    """The tasks about targets: handing over, following up, looking after one."""

    def hand_over(
        self, tx: Transaction, component: Component, *, first: bool = False, delay: timedelta | None = None
    ) -> None:
        """Hand a component to its target after `delay`, unless it is no longer as `component` says.

        The `first` try goes where the plant's routes say. Earlier tries that still wait are not wanted then.
        """
        ...

    def follow_up(
        self, tx: Transaction, component: Component, *, attempt: int, delay: timedelta | None = None
    ) -> None:
        """Ask a target what became of a component that it took, after `delay`."""
        ...

    def tend(self, tx: Transaction, target: str, *, turn: int, delay: timedelta | None = None) -> None:
        """Look after a target that is not open or not up, after `delay`."""
        ...


class FlowQueue(TaskQueue, TargetQueue, Protocol):
    """The tasks that tasks start: the rest of a component's way, and tries again after a pause."""

    def tell_sender_again(self, tx: Transaction, delivery_id: str, *, attempt: int, delay: timedelta) -> None:
        """Send a call-back that was not taken once more, after `delay`."""
        ...


class Tagged(Protocol):
    """What was known of an order, and what was decided on it."""

    @property
    def facts(self) -> Facts:
        """The facts of its moment."""
        ...

    @property
    def decision(self) -> Decision:
        """One card or none, with every reason."""
        ...


class Tagger(Protocol):
    """Tags an order inside the intake transaction."""

    def __call__(
        self,
        tx: Transaction,
        order: Order,
        *,
        customer_key: str | None,
        received_at: datetime | None = None,
        now: datetime | None = None,
    ) -> Tagged:
        """Facts and decision of an order whose customer is stored; what is known `now` may forbid a card."""
        ...


class Background(Protocol):
    """Something that works beside the web service for as long as it runs."""

    def start(self) -> None:
        """Begin; returns once it works."""
        ...

    def stop(self) -> None:
        """End in an orderly way; returns once nothing runs any more."""
        ...
