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

# The plus signs keep an index from being used: a day's orders are found by their moment, those cancelled
# since by their cancellation. Without statistics a planner would rather walk the year, or all history.
_ORDERS = """
SELECT customer_key, count(*), sum(CASE WHEN currency = :currency THEN value_minor ELSE 0 END)
FROM orders
WHERE brand = :brand AND eligible AND customer_key IS NOT NULL AND {which}
GROUP BY customer_key
"""
_CAME = Statement(
    _ORDERS.replace(
        "{which}",
        "placed_at >= :since AND placed_at < :until AND (cancelled_at IS NULL OR +cancelled_at > :as_of)",
    )
)
_WERE_CANCELLED = Statement(
    _ORDERS.replace(
        "{which}",
        "cancelled_at > :was AND cancelled_at <= :as_of AND +placed_at >= :since AND +placed_at < :until",
    )
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
        self._customers: dict[str, tuple[int, int]] = {}
        """Key → counted orders and net spend."""

    def move(self, connection: Connection, to: int) -> None:
        """Move the window's end forward; what lies before its old end must not have changed since."""
        since = to - _YEAR
        was = self._end
        if was is not None and was > since:
            self._out(connection, was, to)
            since = was
        else:
            self._customers.clear()
        self._add(_CAME, connection, 1, since=since, until=to, as_of=to)
        self._credit(connection, 1, since=since, until=to)
        self._end = to

    def spend(self, canonical: Mapping[str, str]) -> list[int]:
        """Net spend of each customer with at least one counted order, merged keys as one."""
        customers = self._merged(canonical) if canonical else self._customers
        return [spent for n, spent in customers.values() if n]

    def _merged(self, canonical: Mapping[str, str]) -> Mapping[str, tuple[int, int]]:
        merged: dict[str, tuple[int, int]] = {}
        for key, (n, spent) in self._customers.items():
            customer = canonical.get(key, key)
            orders, amount = merged.get(customer, (0, 0))
            merged[customer] = orders + n, amount + spent
        return merged

    def _out(self, connection: Connection, was: int, to: int) -> None:
        """Take out what is too old now, and what was cancelled in the meantime."""
        first, since = was - _YEAR, to - _YEAR
        self._add(_CAME, connection, -1, since=first, until=since, as_of=was)
        self._credit(connection, -1, since=first, until=since)
        self._add(_WERE_CANCELLED, connection, -1, since=since, until=was, was=was, as_of=to)

    def _add(self, orders: Statement, connection: Connection, sign: int, **between: int) -> None:
        for key, n, amount in orders.rows(connection, self._names | between):
            self._change(key, sign * n, sign * int(amount))

    def _credit(self, connection: Connection, sign: int, **between: int) -> None:
        for key, amount in _CREDITS.rows(connection, self._names | between):
            self._change(key, 0, sign * int(amount))

    def _change(self, key: str, orders: int, amount: int) -> None:
        """Add to a customer's sums; who has none left is forgotten, so that a window never just grows."""
        had_orders, had_amount = self._customers.get(key, (0, 0))
        sums = had_orders + orders, had_amount + amount
        if any(sums):
            self._customers[key] = sums
        else:
            self._customers.pop(key, None)
