"""A customer's past, asked of the orders themselves: no counters are kept that a late event could falsify.

One statement over an index sums up P(o) and the credits, a second one reads its last order. Customers that
were merged take another, over all their keys.
Who is whom is looked up at query time, so that un-merging works.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection
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
from app.store.sql import MEMBERS, Statement, connected, lock, needs_locks

_COUNTED = """
    FROM orders {by orders_counted}
    WHERE brand = :brand AND customer_key {mine} AND {when}
      AND eligible
      AND (cancelled_at IS NULL OR cancelled_at > :at)
"""
_BEFORE = "(placed_at, source_order_id) < (:at, :source_order_id)"


def _counting(sql: str) -> str:
    """SQL with P(o) where it says so: all of it, what is older than a year, or what is not."""
    whens = {
        "{counted}": _BEFORE,
        "{counted of old}": "placed_at < :recent",
        "{counted of late}": f"placed_at >= :recent AND {_BEFORE}",
    }
    for mark, when in whens.items():
        sql = sql.replace(mark, _COUNTED.replace("{when}", when))
    return sql


# Of what is older than a year nothing is asked but how many there are: to sum it up takes four times as long.
_SUMS = _counting("""
SELECT count(*),
  count(*) FILTER (WHERE placed_at >= :new_year),
  sum(value_minor) FILTER (WHERE placed_at >= :year_ago AND currency = :currency),
  (SELECT count(*) {counted of old}) AS of_old,
  (SELECT min(placed_at) {counted}) AS first_at,
  (SELECT sum(value_minor) FROM credits
   WHERE brand = :brand AND customer_key {mine} AND at >= :year_ago AND at < :at AND currency = :currency
  ) AS credited,
  EXISTS (SELECT 1 FROM customer_events WHERE brand = :brand AND customer_key {mine})
    OR EXISTS (SELECT 1 FROM orders {by orders_complained}
      WHERE brand = :brand AND customer_key {mine} AND complained_at IS NOT NULL)
    OR EXISTS (SELECT 1 FROM mail_claims
      WHERE brand = :brand AND customer_key {mine} AND shared) AS noted,
  EXISTS (SELECT 1 FROM customers WHERE brand = :brand AND key = :key AND canonical_key IS NOT NULL)
    OR EXISTS (SELECT 1 FROM customers WHERE brand = :brand AND canonical_key = :key) AS merged
{counted of late}
""")

_LAST = _counting("""
SELECT id, placed_at, promised_at, shipped_at, delivered_at,
  EXISTS (SELECT 1 FROM order_events WHERE brand = :brand AND order_id = orders.id) AS has_events
{counted}
ORDER BY placed_at DESC, source_order_id DESC
LIMIT 1
""")

# Most orders hold nothing new, and what they hold stands in the customer's last few; only what does not is
# looked for in all of them.
_LATE_CATEGORIES = _counting(
    "SELECT categories {counted} ORDER BY placed_at DESC, source_order_id DESC LIMIT :few"
)
_CATEGORIES = _counting("SELECT {join_categories} {counted}")
_FEW = 64

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
_LATE_CATEGORIES_OF_ONE = Statement(_LATE_CATEGORIES.replace("{mine}", _ONE))
_CATEGORIES_OF_ONE = Statement(_CATEGORIES.replace("{mine}", _ONE))
_CATEGORIES_OF_MERGED = Statement(MEMBERS + _CATEGORIES.replace("{mine}", _MANY))
_CARDS = Statement(MEMBERS + _INSERTS)
_WITHHELD_CARDS = Statement(MEMBERS + _WITHHELD)
_IDENTITY = Statement(MEMBERS + _KEYS)
_NOTHING_SAID = Standing()


class LastOrder(NamedTuple):
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
        self._alone: set[tuple[str, str]] = set()

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
        at, year_ago, new_year_at = micros(placed.at), micros(placed.at - TRAILING_YEAR), micros(new_year)
        asked = {
            "brand": brand,
            "key": placed.customer_key,
            "at": at,
            "source_order_id": placed.source_order_id,
            "year_ago": year_ago,
            "new_year": new_year_at,
            "recent": min(year_ago, new_year_at),
            "currency": currency,
        }
        connection = connected(self._session)
        (sums,) = _SUMS_OF_ONE.rows(connection, asked)
        merged = bool(sums[_MERGED])
        if merged:
            (sums,) = _SUMS_OF_MERGED.rows(connection, asked)
        n_late, n_this_year, spent, n_old, first_at, credited, noted, _merged = sums
        n = n_late + n_old
        last = (_LAST_OF_MERGED if merged else _LAST_OF_ONE).rows(connection, asked) if n else []
        key = placed.customer_key
        return Past(
            n=n,
            n_this_year=n_this_year,
            first_at=None if first_at is None else moment(first_at),
            spent=int(spent or 0),
            credited=int(credited or 0),
            categories=_had(connection, asked, placed.categories, n, merged=merged),
            previous=previous_order(self._session, brand, LastOrder(*last[0]), placed.at) if last else None,
            noted=bool(noted),
            standing=CustomerRepository(self._session).standing(brand, key, at=placed.at)
            if noted
            else _NOTHING_SAID,
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

    def one_at_a_time(self, brand: str, *keys: str) -> None:
        """Wait until no other transaction tags an order of these customers; held to the transaction's end.

        On PostgreSQL two orders of one customer that arrive together would not see each other, and both would
        be the first; under two keys of one who was merged as well. SQLite has one writer anyway.
        """
        connection = connected(self._session)
        if not needs_locks(connection) or self._alone.issuperset((brand, key) for key in keys):
            return
        customers = CustomerRepository(self._session)
        # A merge that is waited for brings further keys. Keys in their order: no two wait for each other.
        while fresh := {(brand, one) for key in keys for one in customers.members(brand, key)} - self._alone:
            for _, key in sorted(fresh):
                lock(connection, f"customer {brand} {key}")
            self._alone |= fresh


def _had(
    connection: Connection, asked: dict[str, Any], wanted: frozenset[str], n: int, *, merged: bool
) -> frozenset[str]:
    """Those of the wanted categories that P(o), of n orders, has."""
    if not wanted or not n:
        return frozenset()
    if not merged:
        rows = _LATE_CATEGORIES_OF_ONE.rows(connection, asked | {"few": _FEW})
        late = wanted & frozenset().union(*(split_categories(joined) for (joined,) in rows))
        if n <= _FEW or late == wanted:
            return late
    ((joined,),) = (_CATEGORIES_OF_MERGED if merged else _CATEGORIES_OF_ONE).rows(connection, asked)
    return wanted & split_categories(joined or "")


def previous_order(session: Session, brand: str, last: LastOrder, at: datetime) -> PreviousOrder:
    """The order as known at a moment: its row says what is known now, its events what was known then."""
    if not last.has_events:
        return PreviousOrder(
            placed_at=moment(last.placed_at),
            promised_at=None if last.promised_at is None else moment(last.promised_at),
            shipped_at=_as_known(at, last.shipped_at),
            delivered_at=_as_known(at, last.delivered_at),
        )
    state = OrderEventRepository(session).state(brand, last.order_id, at=at)
    return PreviousOrder(
        placed_at=moment(last.placed_at),
        promised_at=state.promised_at,
        shipped_at=state.shipped_at,
        delivered_at=state.delivered_at,
        reprinted_at=state.reprinted_at,
        complaint_opened_at=state.complaint_opened_at,
        complaint_closed_at=state.complaint_closed_at,
    )


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
