"""Puts a whole past into the ledger at once, without the documents and jobs that a live order has."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.domain.ids import order_id
from app.domain.past import Credit, Recorded
from app.store.columns import CATEGORY_SEPARATOR, micros
from app.store.sql import Statement, connected

_ORDER = Statement("""
INSERT INTO orders (
  id, brand, source, source_order_id, customer_key, placed_at, received_at, value_minor, currency, kind,
  eligible, imported, categories, promised_at, shipped_at, delivered_at, cancelled_at, document
) VALUES (
  :id, :brand, :source, :source_order_id, :customer_key, :placed_at, :received_at, :value_minor, :currency,
  :kind, :eligible, :imported, :categories, :promised_at, :shipped_at, :delivered_at, :cancelled_at, :document
) ON CONFLICT (brand, source_order_id) DO NOTHING
""")
_CREDIT = Statement("""
INSERT INTO credits (brand, customer_key, at, value_minor, currency)
VALUES (:brand, :customer_key, :at, :value_minor, :currency)
""")


_OPT_OUT = Statement("""
INSERT INTO customers (brand, key, given_name, display_name, opted_out)
VALUES (:brand, :key, '', '', true)
ON CONFLICT (brand, key) DO UPDATE SET opted_out = true
""")


class Recording:
    """Writes orders, credits and opt-outs of the past. Whoever calls it tells `thresholds.older_truth`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def orders(self, brand: str, orders: Iterable[Recorded], *, source: str, at: datetime) -> int:
        """Add the orders that are not there yet, marked as imported; returns how many those were.

        Args:
            brand: the tenant.
            orders: one that is there already, imported or not, stays as it is.
            source: where they come from.
            at: the present moment.
        """
        same = {
            "brand": brand,
            "source": source,
            "received_at": micros(at),
            "imported": True,
            "document": "{}",
        }
        return _ORDER.many(connected(self._session), (same | _order(brand, order) for order in orders))

    def credits(self, brand: str, given: Iterable[Credit]) -> None:
        """Add credits."""
        rows = (
            {
                "brand": brand,
                "customer_key": credit.customer_key,
                "at": micros(credit.at),
                "value_minor": credit.value.minor,
                "currency": credit.value.currency,
            }
            for credit in given
        )
        _CREDIT.many(connected(self._session), rows)

    def opt_outs(self, brand: str, keys: Iterable[str]) -> None:
        """Remember customers who want no cards."""
        _OPT_OUT.many(connected(self._session), ({"brand": brand, "key": key} for key in keys))


def _order(brand: str, order: Recorded) -> dict[str, Any]:
    placed = order.placed
    return {
        "id": order_id(brand, placed.source_order_id),
        "source_order_id": placed.source_order_id,
        "customer_key": placed.customer_key,
        "placed_at": micros(placed.at),
        "value_minor": order.value.minor,
        "currency": order.value.currency,
        "kind": order.kind.value,
        "eligible": placed.eligible,
        "categories": CATEGORY_SEPARATOR.join(sorted(placed.categories)),
        "promised_at": _micros(order.promised_at),
        "shipped_at": _micros(order.shipped_at),
        "delivered_at": _micros(order.delivered_at),
        "cancelled_at": _micros(order.cancelled_at),
    }


def _micros(at: datetime | None) -> int | None:
    return None if at is None else micros(at)
