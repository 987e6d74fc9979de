"""A customer's past, asked of the orders themselves: no counters are kept that a late event could falsify.

One statement over the index (brand, customer_key, placed_at, source_order_id) sums up P(o), finds its last
order and the credits. Customers that were merged take a second one, over all their keys.
Who is whom is looked up at query time, so that un-merging works.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.domain.calendar import TRAILING_YEAR
from app.domain.facts import PreviousOrder
from app.domain.insert import InsertState
from app.domain.past import Past, Placed, SentCard
from app.store.columns import micros, moment, split_categories
from app.store.sql import Statement, connected, lock

_COUNTED = """
    FROM orders
    WHERE brand = :brand AND customer_key {mine}
      AND (placed_at, source_order_id) < (:at, :source_order_id)
      AND eligible
      AND (cancelled_at IS NULL OR cancelled_at > :at)
"""

_PAST = """
SELECT n, n_this_year, spent, categories, placed_at, promised_at, shipped_at, delivered_at,
  (SELECT sum(value_minor) FROM credits
   WHERE brand = :brand AND customer_key {mine} AND at >= :year_ago AND at < :at AND currency = :currency
  ) AS credited,
  EXISTS (SELECT 1 FROM customers WHERE brand = :brand AND key {mine} AND opted_out) AS opted_out,
  EXISTS (SELECT 1 FROM customers WHERE brand = :brand AND key = :key AND canonical_key IS NOT NULL)
    OR EXISTS (SELECT 1 FROM customers WHERE brand = :brand AND canonical_key = :key) AS merged
FROM (
  SELECT count(*) AS n,
    sum(CASE WHEN placed_at >= :new_year THEN 1 ELSE 0 END) AS n_this_year,
    sum(CASE WHEN placed_at >= :year_ago AND currency = :currency THEN value_minor ELSE 0 END) AS spent,
    {join_categories} AS categories
  {counted}
) AS sums
LEFT JOIN (
  SELECT placed_at, promised_at, shipped_at, delivered_at
  {counted}
  ORDER BY placed_at DESC, source_order_id DESC
  LIMIT 1
) AS last ON true
""".replace("{counted}", _COUNTED)

# Everyone joined to the key by merges, however chained; UNION ends it even where they run in a circle.
_MEMBERS = """
WITH RECURSIVE members(key) AS (
  SELECT CAST(:key AS VARCHAR)
  UNION
  SELECT CASE WHEN customers.key = members.key THEN coalesce(canonical_key, customers.key)
    ELSE customers.key END
  FROM members JOIN customers
    ON (customers.brand = :brand AND customers.key = members.key)
    OR (customers.brand = :brand AND canonical_key = members.key)
)
"""

_INSERTS = """
SELECT occasion, template, variant, planned_at FROM inserts
WHERE brand = :brand AND customer_key IN (SELECT key FROM members) AND state <> :failed
"""

_MERGED = -1
"""Where in the row stands whether other keys belong to the customer too."""
_PAST_OF_ONE = Statement(_PAST.replace("{mine}", "= :key"))
# The plus sign keeps a planner from walking the whole brand backwards in search of several customers' last.
_PAST_OF_MERGED = Statement(
    _MEMBERS
    + _PAST.replace("{mine}", "IN (SELECT key FROM members)").replace("ORDER BY placed", "ORDER BY +placed")
)
_CARDS = Statement(_MEMBERS + _INSERTS)


class History:
    """The ledger's answers about customers, for the brand in every key."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def past(self, brand: str, placed: Placed, *, currency: str, new_year: datetime) -> Past:
        """P(o) of an order, whether or not it is stored itself.

        Args:
            brand: the tenant.
            placed: the order; a guest's past is empty.
            currency: the brand's; amounts in others are not summed.
            new_year: the start of the order's calendar year in the brand's zone.
        """
        if placed.customer_key is None:
            return Past()
        at = micros(placed.at)
        asked = {
            "brand": brand,
            "key": placed.customer_key,
            "at": at,
            "source_order_id": placed.source_order_id,
            "year_ago": micros(placed.at - TRAILING_YEAR),
            "new_year": micros(new_year),
            "currency": currency,
        }
        connection = connected(self._session)
        (row,) = _PAST_OF_ONE.rows(connection, asked)
        if row[_MERGED]:
            (row,) = _PAST_OF_MERGED.rows(connection, asked)
        return _read(row, at)

    def cards(self, brand: str, key: str) -> tuple[SentCard, ...]:
        """Every card that a customer has been sent, or may have been: all inserts but failed ones."""
        asked = {"brand": brand, "key": key, "failed": InsertState.FAILED.value}
        return tuple(
            SentCard(occasion=occasion, template=template, variant=variant, at=moment(at))
            for occasion, template, variant, at in _CARDS.rows(connected(self._session), asked)
        )

    def one_at_a_time(self, brand: str, key: str) -> None:
        """Wait until no other transaction tags an order of this customer; held to the transaction's end.

        On PostgreSQL two orders of one customer that arrive together would not see each other, and both would
        be the first. SQLite has one writer anyway.
        """
        lock(connected(self._session), f"customer {brand} {key}")


def _read(row: tuple[Any, ...], at: int) -> Past:
    n, n_this_year, spent, categories, *last, credited, opted_out, _merged = row
    return Past(
        n=n,
        n_this_year=n_this_year or 0,
        spent=int(spent or 0),
        credited=int(credited or 0),
        categories=split_categories(categories or ""),
        previous=_previous(*last, at=at) if n else None,
        opted_out=bool(opted_out),
    )


def _previous(
    placed: int, promised: int | None, shipped: int | None, delivered: int | None, *, at: int
) -> PreviousOrder:
    return PreviousOrder(
        placed_at=moment(placed),
        promised_at=None if promised is None else moment(promised),
        shipped_at=None if shipped is None or shipped > at else moment(shipped),
        delivered_at=None if delivered is None or delivered > at else moment(delivered),
    )
