"""Notices what older truth changes: orders that were tagged already, and would be tagged otherwise now.

A tag never changes, nor is a card printed anew: the difference is kept and shown, with what caused it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol

from app.domain.decision import Decision
from app.domain.diff import Cause, Diff
from app.store.database import Transaction
from app.store.diffs import TaggedOrder

MOST = 100
"""Orders of a customer that are looked at again for one event: the next ones are those that it touches."""


class Retagger(Protocol):
    """Tags orders again in memory."""

    def again(self, tx: Transaction, orders: Sequence[TaggedOrder]) -> list[Decision]:
        """The decisions that their moments would bring, with what is known now; nothing is written."""
        ...


class WatchTags:
    """Holds what a customer's orders would be tagged with before a change against that after it."""

    def __init__(self, retagger: Retagger) -> None:
        self._retagger = retagger

    @contextmanager
    def __call__(
        self,
        tx: Transaction,
        brand: str,
        keys: Iterable[str],
        *,
        since: datetime | None,
        cause: Cause,
        now: datetime,
        itself: str = "",
    ) -> Iterator[None]:
        """Watch over a change to the past of a customer, or to what was known when an order was decided on.

        Both times the rules are those of now, so that a difference is the change's own and never that of a
        rule which was edited since.

        Args:
            tx: the transaction that the change is made in, within the `with` block.
            brand: the tenant.
            keys: all keys of the customers whose past changes.
            since: the earliest moment that the change touches; None: every one.
            cause: what became known.
            now: the present moment.
            itself: the order that the change is told of, if it is one.
        """
        touched = tx.diffs.touched_orders(brand, keys, since, most=MOST, itself=itself)
        before = self._retagger.again(tx, touched)
        yield
        for one, was, then in zip(touched, before, self._retagger.again(tx, touched), strict=True):
            if occasion_of(then) != occasion_of(was):
                tx.diffs.add(difference(one, occasion_of(was), then, cause, now))


def difference(one: TaggedOrder, before: str | None, then: Decision, cause: Cause, now: datetime) -> Diff:
    """That an order would now be tagged otherwise; `before` is the occasion until then, None for no card."""
    return Diff(
        brand=one.stored.order.brand,
        order_id=one.stored.id,
        tagged=one.tag.occasion,
        before=before,
        after=occasion_of(then),
        reason=then.reason,
        cause=cause,
        found_at=now,
    )


def occasion_of(decision: Decision) -> str | None:
    """The occasion that was chosen, or None for no card."""
    return None if decision.match is None else decision.match.occasion
