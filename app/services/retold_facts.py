"""The facts of past orders, as known at their own moments; nothing is written or remembered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from app.domain.brand import Brand
from app.domain.calendar import day_start
from app.domain.facts import Facts, Threshold
from app.services.learn_facts import learn_facts
from app.store.database import Transaction
from app.store.retelling import PastOrder

_SURELY_NEXT = timedelta(hours=30)
"""From a day's start into the next day, whatever the clocks do."""


class RetoldFacts:
    """Tells the facts of a brand's orders that were placed in [since, until).

    Orders that were tagged have theirs. Those that came with the history are looked up in the ledger, as if
    they had just come in.
    """

    def __init__(self, tx: Transaction, brand: Brand, since: datetime, until: datetime) -> None:
        """Nothing is asked before the first order that was not tagged."""
        self._tx = tx
        self._brand = brand
        self._since = since
        self._until = until
        self._thresholds: dict[datetime, Threshold] = {}

    def __call__(self, order: PastOrder) -> Facts:
        """What was known when this order was placed."""
        if order.facts is not None:
            return order.facts
        if not self._thresholds:
            self._look()
        threshold = self._thresholds[day_start(order.placed.at, self._brand.time_zone)]
        return learn_facts(self._tx, self._brand, order.placed, threshold)[0]

    def _look(self) -> None:
        """T of every day at once: the sums behind it move forward only, and orders come by customer."""
        days, brand = tuple(self._days()), self._brand
        found = self._tx.thresholds.look(brand.code, days, brand.currency, brand.policy)
        self._thresholds = dict(zip(days, found, strict=True))

    def _days(self) -> Iterator[datetime]:
        day = day_start(self._since, self._brand.time_zone)
        while day < self._until:
            yield day
            day = day_start(day + _SURELY_NEXT, self._brand.time_zone)
