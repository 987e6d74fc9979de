"""Differences that older truth makes to tags, and the tagged orders that they are looked for among."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session, col, select

from app.domain.access import ALL_BRANDS
from app.domain.diff import Cause, Diff
from app.store.columns import micros
from app.store.orders import OrderRepository, StoredOrder
from app.store.sql import Statement, connected
from app.store.tables import DiffRow
from app.store.tags import Tag, TagRepository

_EVER = -(2**63)
_LATER = Statement("""
SELECT orders.id FROM orders {by orders_tagged} JOIN tags ON tags.order_id = orders.id
WHERE orders.brand = :brand AND customer_key = :key AND placed_at >= :since AND NOT imported
ORDER BY placed_at LIMIT :most
""")
# Placed before that moment, but decided on after it: what was known by then went into the decision.
_DECIDED_LATER = Statement("""
SELECT before.id FROM (
  SELECT id FROM orders {by orders_tagged}
  WHERE brand = :brand AND customer_key = :key AND placed_at < :since AND NOT imported
  ORDER BY placed_at DESC LIMIT :most
) AS before JOIN tags ON tags.order_id = before.id
WHERE decided_at >= :since
""")
_ITSELF = Statement("SELECT order_id FROM tags WHERE order_id = :order_id AND decided_at >= :since")
_ANY_TAGGED = Statement(
    "SELECT 1 FROM orders {by orders_tagged} WHERE brand = :brand AND NOT imported LIMIT 1"
)
_TAGGED_AMONG = Statement("""
SELECT DISTINCT customer_key FROM orders {by orders_tagged}
WHERE brand = :brand AND customer_key IN {members_of_names} AND NOT imported
""")
_COUNTS = Statement("SELECT brand, cause, count(*) FROM diffs GROUP BY brand, cause")


class TaggedOrder(NamedTuple):
    """An order, and what it was tagged with."""

    stored: StoredOrder
    tag: Tag


class NumberedDiff(NamedTuple):
    """A difference and its number; later ones have higher numbers."""

    id: int
    diff: Diff


class DiffRepository:
    """The differences of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def touched_orders(
        self, brand: str, keys: Iterable[str], since: datetime | None, *, most: int, itself: str = ""
    ) -> tuple[TaggedOrder, ...]:
        """The tagged orders that something which was so from a moment on bears on.

        Those that were placed since, for it belongs to their past; and those that were decided on since, for
        it forbids cards, such as the order's own cancellation or an opt-out.

        Args:
            brand: the tenant.
            keys: the customer's, one or several.
            since: from when on it was so; None: ever.
            most: of each key and of each kind no more; of the later ones the oldest, of the others the last.
            itself: the order that it is told of, if it is one: looked at even where it is a guest's.
        """
        asked = {"brand": brand, "since": _EVER if since is None else micros(since), "most": most}
        connection = connected(self._session)
        found = dict.fromkeys(
            order
            for key in sorted(keys)
            for which in (_DECIDED_LATER, _LATER)
            for (order,) in which.rows(connection, asked | {"key": key})
        )
        found |= dict.fromkeys(order for (order,) in _ITSELF.rows(connection, asked | {"order_id": itself}))
        orders, tags = OrderRepository(self._session), TagRepository(self._session)
        return tuple(TaggedOrder(orders.get(order), tags.get(order)) for order in found)

    def any_tagged(self, brand: str) -> bool:
        """Whether any order of a brand came live, and so was tagged."""
        return bool(_ANY_TAGGED.rows(connected(self._session), {"brand": brand}))

    def tagged_among(self, brand: str, keys: Iterable[str]) -> frozenset[str]:
        """Those customer keys that have tagged orders."""
        asked = {"brand": brand, "names": json.dumps(sorted(keys))}
        return frozenset(key for (key,) in _TAGGED_AMONG.rows(connected(self._session), asked))

    def add(self, diff: Diff) -> None:
        """Keep a difference."""
        values = asdict(diff)
        cause = values.pop("cause")
        self._session.add(DiffRow(**values, cause=cause["kind"], cause_id=cause["id"]))
        self._session.flush()

    def of_order(self, order_id: str) -> tuple[Diff, ...]:
        """The differences of one order, the latest first."""
        rows = self._session.exec(
            select(DiffRow).where(DiffRow.order_id == order_id).order_by(col(DiffRow.id).desc())
        )
        return tuple(_diff(row) for row in rows)

    def page(self, *, scope: str, after: int | None, limit: int) -> list[NumberedDiff]:
        """Differences with a number below `after`, the latest first."""
        query = select(DiffRow)
        if scope != ALL_BRANDS:
            query = query.where(DiffRow.brand == scope)
        if after is not None:
            query = query.where(col(DiffRow.id) < after)
        rows = self._session.exec(query.order_by(col(DiffRow.id).desc()).limit(limit))
        return [NumberedDiff(row.id or 0, _diff(row)) for row in rows]

    def counts(self) -> dict[tuple[str, str], int]:
        """How many there are, by brand and kind of cause."""
        rows = _COUNTS.rows(connected(self._session), {})
        return {(brand, cause): count for brand, cause, count in rows}


def _diff(row: DiffRow) -> Diff:
    return Diff(
        brand=row.brand,
        order_id=row.order_id,
        tagged=row.tagged,
        before=row.before,
        after=row.after,
        reason=row.reason,
        cause=Cause(kind=row.cause, id=row.cause_id),
        found_at=row.found_at,
    )
