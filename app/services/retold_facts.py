"""The facts of past orders, as known at their own moments; nothing is written or remembered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cached_property

from app.domain.brand import Brand
from app.domain.calendar import day_start, year_start
from app.domain.facts import Facts, Threshold
from app.domain.past import Past
from app.services.learn_facts import facts_of
from app.store.database import Transaction
from app.store.retelling import PastOrder

_SURELY_NEXT = timedelta(hours=30)
"""From a day's start into the next day, whatever the clocks do."""


class RetoldFacts:
    """Tells the facts of a brand's orders that were placed in [since, until).

    Orders that were tagged have theirs. Those that came with the history are told as if they had just come
    in: their customer's past is read from the ledger once, and walked through.
    """

    def __init__(self, tx: Transaction, brand: Brand, since: datetime, until: datetime) -> None:
        """Nothing is asked before the first order that was not tagged."""
        self._tx = tx
        self._brand = brand
        self._since = since
        self._until = until

    def __call__(self, orders: Sequence[PastOrder]) -> list[Facts]:
        """What was known when each order of one customer was placed; they stand in the order of time."""
        if all(order.facts is not None for order in orders):
            return [order.facts for order in orders if order.facts is not None]
        key = orders[0].placed.customer_key
        brand, zone = self._brand, self._brand.time_zone
        walk = None
        if key is not None:
            walk = self._tx.retelling.walk(
                brand.code, key, currency=brand.currency, since=orders[0].placed.at, until=self._until
            )
        found = []
        for order in orders:
            if order.facts is not None:
                found.append(order.facts)
                continue
            placed = order.placed
            past = walk.past(placed, new_year=year_start(placed.at, zone)) if walk else Past()
            found.append(facts_of(brand, placed, past, self._thresholds[day_start(placed.at, zone)]))
        return found

    @cached_property
    def _thresholds(self) -> dict[datetime, Threshold]:
        """T of every day at once: the sums behind it move forward only, and orders come by customer."""
        days, brand = tuple(self._days()), self._brand
        found = self._tx.thresholds.look(brand.code, days, brand.currency, brand.policy)
        return dict(zip(days, found, strict=True))

    def _days(self) -> Iterator[datetime]:
        day = day_start(self._since, self._brand.time_zone)
        while day < self._until:
            yield day
            day = day_start(day + _SURELY_NEXT, self._brand.time_zone)
