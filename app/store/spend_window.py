"""What every customer of a brand spent in the 365 days before a day's start, moved on from day to day.

Summing a year anew each midnight reads every order of the year; moving the window reads those that came into
it, fell out of it or were cancelled since. A window that moves from nothing sums the whole year.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from app.domain.calendar import TRAILING_YEAR
from app.store.columns import micros
from app.store.sql import Statement

_ORDERS = """
SELECT customer_key, count(*), sum(CASE WHEN currency = :currency THEN value_minor ELSE 0 END)
FROM orders
WHERE brand = :brand AND eligible AND customer_key IS NOT NULL
  AND placed_at >= :since AND placed_at < :until
"""
_CAME = Statement(_ORDERS + "AND (cancelled_at IS NULL OR cancelled_at > :as_of) GROUP BY customer_key")
_WERE_CANCELLED = Statement(
    _ORDERS + "AND cancelled_at > :was_as_of AND cancelled_at <= :as_of GROUP BY customer_key"
)
_CREDITS = Statement("""
SELECT customer_key, sum(value_minor) FROM credits
WHERE brand = :brand AND currency = :currency AND at >= :since AND at < :until
GROUP BY customer_key
""")
_YEAR = micros(datetime.fromisoformat("1970-01-01T00:00Z") + TRAILING_YEAR)


class SpendWindow:
    """Counted orders and net spend by customer key in [end − 365 d, end); `end` in microseconds.

    An order is counted as of `end`: eligible and not cancelled by then. Credits lower a sum, whether or not
    the order that they are for is in the window.
    """

    def __init__(self, brand: str, currency: str) -> None:
        self._names: dict[str, str | int] = {"brand": brand, "currency": currency}
        self._end: int | None = None
        self._orders: dict[str, int] = {}
        self._spent: dict[str, int] = {}

    def move(self, connection: Connection, to: int) -> None:
        """Move the window's end forward; what lies before its old end must not have changed since."""
        since = to - _YEAR
        was = self._end
        if was is not None and was > since:
            self._out(connection, was, to)
            since = was
        else:
            self._orders.clear()
            self._spent.clear()
        self._add(_CAME, connection, 1, since=since, until=to, as_of=to)
        self._credit(connection, 1, since=since, until=to)
        self._end = to

    def spend(self, canonical: Mapping[str, str]) -> list[int]:
        """Net spend of each customer with at least one counted order, merged keys as one."""
        if not canonical:
            return [self._spent.get(key, 0) for key in self._orders]
        customers = {canonical.get(key, key) for key in self._orders}
        spent = dict.fromkeys(customers, 0)
        for key, amount in self._spent.items():
            customer = canonical.get(key, key)
            if customer in customers:
                spent[customer] += amount
        return list(spent.values())

    def _out(self, connection: Connection, was: int, to: int) -> None:
        """Take out what is too old now, and what was cancelled in the meantime."""
        first, since = was - _YEAR, to - _YEAR
        self._add(_CAME, connection, -1, since=first, until=since, as_of=was)
        self._credit(connection, -1, since=first, until=since)
        self._add(_WERE_CANCELLED, connection, -1, since=since, until=was, was_as_of=was, as_of=to)

    def _add(self, orders: Statement, connection: Connection, sign: int, **between: int) -> None:
        for key, n, amount in orders.rows(connection, self._names | between):
            _change(self._orders, key, sign * n)
            _change(self._spent, key, sign * int(amount))

    def _credit(self, connection: Connection, sign: int, **between: int) -> None:
        for key, amount in _CREDITS.rows(connection, self._names | between):
            _change(self._spent, key, sign * int(amount))


def _change(sums: dict[str, int], key: str, by: int) -> None:
    """Add to a sum; nothing is kept of one that comes to nothing, so that a window does not grow for ever."""
    total = sums.get(key, 0) + by
    if total:
        sums[key] = total
    else:
        sums.pop(key, None)
