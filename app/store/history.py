"""A customer's past, asked of the orders themselves: no counters are kept that a late event could falsify.

One statement over an index sums up P(o) and the credits, a second one reads its last order. Customers that
were merged take another, over all their keys.
Who is whom is looked up at query time, so that un-merging works.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlmodel import Session

from app.domain.calendar import TRAILING_YEAR
from app.domain.customer import Identity
from app.domain.decision import Arm
from app.domain.facts import PreviousOrder
from app.domain.fold import Standing
from app.domain.insert import InsertState
from app.domain.past import Past, Placed, SentCard
from app.store.columns import micros, moment, split_categories
from app.store.customers import CustomerRepository
from app.store.order_events import OrderEventRepository
from app.store.sql import MEMBERS, Statement, connected, lock

_COUNTED = """
    FROM {orders_counted}
    WHERE brand = :brand AND customer_key {mine}
      AND (placed_at, source_order_id) < (:at, :source_order_id)
      AND eligible
      AND (cancelled_at IS NULL OR cancelled_at > :at)
"""

_SUMS = """
SELECT count(*),
  count(*) FILTER (WHERE placed_at >= :new_year),
  min(placed_at),
  sum(value_minor) FILTER (WHERE placed_at >= :year_ago AND currency = :currency),
  {join_categories},
  (SELECT sum(value_minor) FROM credits
   WHERE brand = :brand AND customer_key {mine} AND at >= :year_ago AND at < :at AND currency = :currency
  ) AS credited,
  EXISTS (SELECT 1 FROM customer_events WHERE brand = :brand AND customer_key {mine})
    OR EXISTS (SELECT 1 FROM orders
      WHERE brand = :brand AND customer_key {mine} AND complained_at IS NOT NULL)
    OR EXISTS (SELECT 1 FROM mail_claims
      WHERE brand = :brand AND customer_key {mine} AND shared) AS noted,
  EXISTS (SELECT 1 FROM customers WHERE brand = :brand AND key = :key AND canonical_key IS NOT NULL)
    OR EXISTS (SELECT 1 FROM customers WHERE brand = :brand AND canonical_key = :key) AS merged
{counted}
""".replace("{counted}", _COUNTED)

_LAST = """
SELECT id, placed_at, promised_at, shipped_at, delivered_at,
  EXISTS (SELECT 1 FROM order_events WHERE brand = :brand AND order_id = orders.id) AS has_events
{counted}
ORDER BY placed_at DESC, source_order_id DESC
LIMIT 1
""".replace("{counted}", _COUNTED)

_INSERTS = """
SELECT occasion, template, variant, planned_at, source_order_id, orders.document ->> 'number'
FROM inserts JOIN orders ON orders.id = inserts.order_id
WHERE inserts.brand = :brand AND inserts.customer_key IN (SELECT key FROM members)
  AND inserts.state NOT IN (:failed, :cancelled) AND inserts.job_id <> :besides
"""

# In the holdout a card that was withheld counts like one that was sent: so both arms come to the same caps.
_WITHHELD = """
SELECT occasion, template, variant, at, source_order_id, orders.document ->> 'number'
FROM eligibility JOIN orders ON orders.id = eligibility.order_id
WHERE eligibility.brand = :brand AND eligibility.customer_key IN (SELECT key FROM members)
  AND experiment = :experiment AND arm = :holdout
"""

_KEYS = """
SELECT members.key, canonical_key FROM members
LEFT JOIN customers ON customers.brand = :brand AND customers.key = members.key
"""

_MERGED = -1
"""Where in the row stands whether other keys belong to the customer too."""
_ONE, _MANY = "= :key", "IN (SELECT key FROM members)"
_SUMS_OF_ONE = Statement(_SUMS.replace("{mine}", _ONE))
_LAST_OF_ONE = Statement(_LAST.replace("{mine}", _ONE))
_SUMS_OF_MERGED = Statement(MEMBERS + _SUMS.replace("{mine}", _MANY))
# The plus sign keeps a planner from walking the whole brand backwards in search of several customers' last.
_LAST_OF_MERGED = Statement(
    MEMBERS + _LAST.replace("{mine}", _MANY).replace("ORDER BY placed", "ORDER BY +placed")
)
_CARDS = Statement(MEMBERS + _INSERTS)
_WITHHELD_CARDS = Statement(MEMBERS + _WITHHELD)
_IDENTITY = Statement(MEMBERS + _KEYS)
_NOTHING_SAID = Standing()


class _Last(NamedTuple):
    """The last order of P(o) as its row is; moments in microseconds."""

    order_id: str
    placed_at: int
    promised_at: int | None
    shipped_at: int | None
    delivered_at: int | None
    has_events: bool


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
        (sums,) = _SUMS_OF_ONE.rows(connection, asked)
        merged = sums[_MERGED]
        if merged:
            (sums,) = _SUMS_OF_MERGED.rows(connection, asked)
        last = (_LAST_OF_MERGED if merged else _LAST_OF_ONE).rows(connection, asked) if sums[0] else []
        return self._read(sums, _Last(*last[0]) if last else None, brand, placed)

    def _read(self, sums: tuple[Any, ...], last: _Last | None, brand: str, placed: Placed) -> Past:
        n, n_this_year, first_at, spent, categories, credited, noted, _merged = sums
        key, at = placed.customer_key, placed.at
        customers = CustomerRepository(self._session)
        return Past(
            n=n,
            n_this_year=n_this_year,
            first_at=None if first_at is None else moment(first_at),
            spent=int(spent or 0),
            credited=int(credited or 0),
            categories=split_categories(categories or ""),
            previous=None if last is None else self._previous(last, brand, at),
            noted=bool(noted),
            standing=customers.standing(brand, key, at=at) if noted and key else _NOTHING_SAID,
        )

    def _previous(self, last: _Last, brand: str, at: datetime) -> PreviousOrder:
        """The order as known at a moment: its row says what is known now, its events what was known then."""
        if not last.has_events:
            return PreviousOrder(
                placed_at=moment(last.placed_at),
                promised_at=None if last.promised_at is None else moment(last.promised_at),
                shipped_at=_as_known(at, last.shipped_at),
                delivered_at=_as_known(at, last.delivered_at),
            )
        state = OrderEventRepository(self._session).state(brand, last.order_id, at=at)
        return PreviousOrder(
            placed_at=moment(last.placed_at),
            promised_at=state.promised_at,
            shipped_at=state.shipped_at,
            delivered_at=state.delivered_at,
            reprinted_at=state.reprinted_at,
            complaint_opened_at=state.complaint_opened_at,
            complaint_closed_at=state.complaint_closed_at,
        )

    def cards(self, brand: str, key: str, *, besides: str = "") -> tuple[SentCard, ...]:
        """Every card that a customer has been sent, or may have been: all but those that ended before.

        The one that the job `besides` carries is left out.
        """
        asked = {
            "brand": brand,
            "key": key,
            "besides": besides,
            "failed": InsertState.FAILED.value,
            "cancelled": InsertState.CANCELLED.value,
        }
        return tuple(_card(row) for row in _CARDS.rows(connected(self._session), asked))

    def withheld(self, brand: str, key: str, experiment: str) -> tuple[SentCard, ...]:
        """Every card that an experiment kept from a customer who was held out."""
        asked = {"brand": brand, "key": key, "experiment": experiment, "holdout": Arm.HOLDOUT.value}
        rows = _WITHHELD_CARDS.rows(connected(self._session), asked)
        return tuple(_card(row) for row in rows)

    def identity(self, brand: str, key: str) -> Identity:
        """All that a customer is known as."""
        rows = _IDENTITY.rows(connected(self._session), {"brand": brand, "key": key})
        return Identity.of(key, dict(rows))

    def one_at_a_time(self, brand: str, key: str) -> None:
        """Wait until no other transaction tags an order of this customer; held to the transaction's end.

        On PostgreSQL two orders of one customer that arrive together would not see each other, and both would
        be the first. SQLite has one writer anyway.
        """
        lock(connected(self._session), f"customer {brand} {key}")


def _as_known(at: datetime, moment_: int | None) -> datetime | None:
    return None if moment_ is None or moment(moment_) > at else moment(moment_)


def _card(row: tuple[Any, ...]) -> SentCard:
    occasion, template, variant, at, order, number = row
    return SentCard(
        occasion=occasion,
        template=template,
        variant=variant,
        at=moment(at),
        source_order_id=order,
        number=number or "",
    )
