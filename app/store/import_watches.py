"""What tagged orders would have been tagged with before a running import touched their customers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session

from app.store.diffs import DiffRepository, TaggedOrder
from app.store.orders import OrderRepository
from app.store.sql import Statement, connected
from app.store.tags import TagRepository

_ADD = Statement("""
INSERT INTO import_watches (brand, import_id, order_id, before)
VALUES (:brand, :import_id, :order_id, :before)
""")
_IS_WATCHED = Statement("""
SELECT 1 FROM import_watches WHERE brand = :brand AND import_id = :import_id AND order_id = :order_id
""")
_SOME = Statement("""
SELECT order_id, before FROM import_watches WHERE brand = :brand AND import_id = :import_id
ORDER BY order_id LIMIT :most
""")
_REMOVE = Statement("""
DELETE FROM import_watches WHERE brand = :brand AND import_id = :import_id AND order_id = :order_id
""")


class ImportWatches:
    """The watched orders of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def unwatched(
        self, brand: str, import_id: str, keys: Iterable[str], *, since: datetime | None, most: int
    ) -> list[TaggedOrder]:
        """The customer's tagged orders touched from `since` on that the import does not watch yet."""
        connection = connected(self._session)
        asked = {"brand": brand, "import_id": import_id}
        later = DiffRepository(self._session).touched_orders(brand, keys, since, most=most)
        return [one for one in later if not _IS_WATCHED.rows(connection, asked | {"order_id": one.stored.id})]

    def add(self, brand: str, import_id: str, order_id: str, *, before: str | None) -> None:
        """Watch an order; `before` is the occasion it would have been tagged with until now."""
        values = {"brand": brand, "import_id": import_id, "order_id": order_id, "before": before}
        _ADD.run(connected(self._session), values)

    def some(self, brand: str, import_id: str, *, most: int) -> list[tuple[TaggedOrder, str | None]]:
        """Orders that the import watches, with what was noted of them."""
        asked = {"brand": brand, "import_id": import_id, "most": most}
        rows = _SOME.rows(connected(self._session), asked)
        orders, tags = OrderRepository(self._session), TagRepository(self._session)
        return [(TaggedOrder(orders.get(order), tags.get(order)), before) for order, before in rows]

    def remove(self, brand: str, import_id: str, order_id: str) -> None:
        """Watch an order no more."""
        _REMOVE.run(connected(self._session), {"brand": brand, "import_id": import_id, "order_id": order_id})
