"""Puts a whole past into the ledger at once, without the documents and jobs that a live order has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.domain.ids import order_id
from app.domain.order import OrderKind
from app.domain.past import Credit, Recorded
from app.store.columns import CATEGORY_SEPARATOR, micros
from app.store.sql import Statement, connected

_ORDER = Statement("""
INSERT INTO orders (
  id, brand, source, source_order_id, customer_key, placed_at, received_at, value_minor, currency, kind,
  eligible, imported, categories, promised_at, shipped_at, delivered_at, cancelled_at, document
) VALUES (
  :id, :brand, :source, :source_order_id, :customer_key, :placed_at, :placed_at, :value_minor, :currency,
  :kind, :eligible, :imported, :categories, :promised_at, :shipped_at, :delivered_at, :cancelled_at, :document
)
""")
_CREDIT = Statement("""
INSERT INTO credits (brand, customer_key, at, value_minor, currency)
VALUES (:brand, :customer_key, :at, :value_minor, :currency)
""")


class Recording:
    """Writes orders and credits of the past."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def orders(self, brand: str, orders: Sequence[Recorded], *, currency: str, source: str) -> None:
        """Add orders that are not there yet, marked as imported."""
        same = {
            "brand": brand,
            "source": source,
            "currency": currency,
            "kind": OrderKind.SALE.value,
            "imported": True,
            "document": "{}",
        }
        _ORDER.many(connected(self._session), (same | _order(brand, order) for order in orders))

    def credits(self, brand: str, given: Iterable[Credit], *, currency: str) -> None:
        """Add credits."""
        same = {"brand": brand, "currency": currency}
        _CREDIT.many(
            connected(self._session),
            (
                same | {"customer_key": c.customer_key, "at": micros(c.at), "value_minor": c.value_minor}
                for c in given
            ),
        )


def _order(brand: str, order: Recorded) -> dict[str, Any]:
    placed = order.placed
    return {
        "id": order_id(brand, placed.source_order_id),
        "source_order_id": placed.source_order_id,
        "customer_key": placed.customer_key,
        "placed_at": micros(placed.at),
        "value_minor": order.value_minor,
        "eligible": placed.eligible,
        "categories": CATEGORY_SEPARATOR.join(sorted(placed.categories)),
        "promised_at": _micros(order.promised_at),
        "shipped_at": _micros(order.shipped_at),
        "delivered_at": _micros(order.delivered_at),
        "cancelled_at": _micros(order.cancelled_at),
    }


def _micros(at: datetime | None) -> int | None:
    return None if at is None else micros(at)
