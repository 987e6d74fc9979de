"""A brand's past orders, told again to try a rule on them: a page at a time, and only reading."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlmodel import Session

from app.domain.facts import Facts
from app.domain.money import Money
from app.domain.order import OrderKind
from app.domain.past import Placed
from app.store.columns import micros, moment, split_categories
from app.store.documents import read_facts
from app.store.past_walk import PastWalk
from app.store.sql import Statement, connected

_PAGE = 2_000
_ORDERS = """
SELECT orders.id, source_order_id, customer_key, placed_at, eligible, categories, value_minor, currency,
  kind, language, imported, channel, country, gift, quantity, CAST(tags.facts AS TEXT),
  EXISTS (SELECT 1 FROM order_events WHERE order_events.brand = :brand AND order_id = orders.id) AS has_events
FROM orders LEFT JOIN tags ON tags.order_id = orders.id
WHERE orders.brand = :brand AND placed_at >= :since AND placed_at < :until AND {which}
"""
_OF_CUSTOMERS = Statement(
    _ORDERS.replace(
        "{which}",
        "customer_key IS NOT NULL AND (customer_key, placed_at, source_order_id) > (:key, :at, :order_id)"
        " ORDER BY customer_key, placed_at, source_order_id LIMIT :limit",
    )
)
_OF_GUESTS = Statement(
    _ORDERS.replace(
        "{which}",
        "customer_key IS NULL AND (placed_at, source_order_id) > (:at, :order_id)"
        " ORDER BY placed_at, source_order_id LIMIT :limit",
    )
)
_LATEST = Statement(
    _ORDERS.replace("{which}", "true ORDER BY placed_at DESC, source_order_id DESC LIMIT :limit")
)
_COUNT = Statement("""
SELECT count(*) FROM orders WHERE brand = :brand AND placed_at >= :since AND placed_at < :until
""")
_BEFORE_ALL = -(2**63)


class PastOrder(NamedTuple):
    """An order as it is retold. `facts` are those it was tagged with; None where it came with the history."""

    id: str
    placed: Placed
    value: Money
    kind: OrderKind
    language: str | None
    imported: bool
    has_events: bool
    """Whether anything was heard of it besides what it says itself."""
    facts: Facts | None


class Retelling:
    """The past orders of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def count(self, brand: str, since: datetime, until: datetime) -> int:
        """How many orders were placed in [since, until)."""
        asked = {"brand": brand, "since": micros(since), "until": micros(until)}
        return int(_COUNT.rows(connected(self._session), asked)[0][0])

    def latest(self, brand: str, since: datetime, until: datetime, *, limit: int) -> list[PastOrder]:
        """The last orders of [since, until), oldest first."""
        asked = {"brand": brand, "since": micros(since), "until": micros(until), "limit": limit}
        return [_read(row) for row in reversed(_LATEST.rows(connected(self._session), asked))]

    def by_customer(self, brand: str, since: datetime, until: datetime) -> Iterator[PastOrder]:
        """Every order of [since, until): customer by customer, each in the order of time; guests last."""
        window = {"brand": brand, "since": micros(since), "until": micros(until), "limit": _PAGE}
        yield from self._pages(_OF_CUSTOMERS, window)
        yield from self._pages(_OF_GUESTS, window)

    def walk(
        self, brand: str, customer_key: str, *, currency: str, since: datetime, until: datetime
    ) -> PastWalk:
        """The past of a customer’s orders of [since, until), to be asked for in the order of their time."""
        return PastWalk(self._session, brand, customer_key, currency=currency, since=since, until=until)

    def _pages(self, statement: Statement, window: dict[str, Any]) -> Iterator[PastOrder]:
        """Each page begins behind the last row of the one before, so that nothing stays open in between."""
        behind: dict[str, Any] = {"key": "", "at": _BEFORE_ALL, "order_id": ""}
        while True:
            rows = statement.rows(connected(self._session), window | behind)
            yield from map(_read, rows)
            if len(rows) < _PAGE:
                return
            _, order_id, key, at, *_ = rows[-1]
            behind = {"key": key or "", "at": at, "order_id": order_id}


def _read(row: tuple[Any, ...]) -> PastOrder:
    id_, order_id, key, at, eligible, categories, value, currency, kind, language, imported, *more = row
    channel, country, gift, quantity, facts, has_events = more
    worth = Money(value, currency)
    return PastOrder(
        id=id_,
        placed=Placed(
            source_order_id=order_id,
            customer_key=key,
            at=moment(at),
            eligible=bool(eligible),
            categories=split_categories(categories),
            value=worth,
            quantity=quantity,
            channel=channel,
            country=country,
            gift=bool(gift),
        ),
        value=worth,
        kind=OrderKind(kind),
        language=language,
        imported=bool(imported),
        has_events=bool(has_events),
        facts=None if facts is None else read_facts(json.loads(facts)),
    )
