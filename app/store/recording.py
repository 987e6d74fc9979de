"""Puts a whole past into the ledger at once, without the documents and jobs that a live order has."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlmodel import Session

from app.domain.event import STATED, CustomerEvent, CustomerEventType
from app.domain.ids import order_id
from app.domain.past import Credit, Recorded
from app.store.columns import CATEGORY_SEPARATOR, micros, moment
from app.store.customers import CustomerRepository
from app.store.order_events import OrderEventRepository
from app.store.sql import Statement, connected

_ORDER = Statement("""
INSERT INTO orders (
  id, brand, source, source_order_id, customer_key, placed_at, received_at, value_minor, currency, kind,
  eligible, imported, categories, promised_at, shipped_at, delivered_at, cancelled_at,
  channel, country, gift, quantity, document
) VALUES (
  :id, :brand, :source, :source_order_id, :customer_key, :placed_at, :received_at, :value_minor, :currency,
  :kind, :eligible, :imported, :categories, :promised_at, :shipped_at, :delivered_at, :cancelled_at,
  :channel, :country, :gift, :quantity, :document
) ON CONFLICT (brand, source_order_id) DO NOTHING
""")
_ARRIVALS = Statement("""
SELECT source_order_id, received_at FROM orders WHERE brand = :brand AND source_order_id IN {members_of_names}
""")
_CREDIT = Statement("""
INSERT INTO credits (brand, customer_key, at, value_minor, currency)
VALUES (:brand, :customer_key, :at, :value_minor, :currency)
""")


class Recording:
    """Writes orders, credits and opt-outs of the past. Whoever calls it tells `thresholds.older_truth`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def arrivals(self, brand: str, names: Sequence[str]) -> dict[str, datetime]:
        """When those of these orders came in that are there, by the sender's order id."""
        rows = _ARRIVALS.rows(connected(self._session), {"brand": brand, "names": json.dumps(names)})
        return {name: moment(at) for name, at in rows}

    def orders(self, brand: str, orders: Iterable[Recorded], *, source: str, at: datetime) -> int:
        """Add the orders that are not there yet, marked as imported; returns how many those were.

        What had been heard of them before is applied.

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
        orders = list(orders)
        events = OrderEventRepository(self._session)
        waiting = events.waiting(brand, (order.placed.source_order_id for order in orders))
        # In the order of their ids, neighbours land on the same pages of the index.
        rows = sorted((same | _order(brand, order) for order in orders), key=itemgetter("id"))
        added = _ORDER.many(connected(self._session), rows)
        for source_order_id in waiting:
            events.apply(brand, source_order_id)
        return added

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

    def opt_outs(self, brand: str, since: Mapping[str, datetime], *, at: datetime) -> None:
        """Remember customers who want no cards.

        Args:
            brand: the tenant.
            since: by customer key, from when on they are known to.
            at: the present moment.
        """
        customers = CustomerRepository(self._session)
        for key, gone_at in sorted(since.items()):
            event = CustomerEvent(
                type=CustomerEventType.OPTED_OUT,
                at=gone_at,
                source_event_id=f"{STATED}history opted_out {micros(gone_at)}",
            )
            customers.record(brand, key, [event], received_at=at)


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
        "channel": placed.channel,
        "country": placed.country,
        "gift": placed.gift,
        "quantity": placed.quantity,
    }


def _micros(at: datetime | None) -> int | None:
    return None if at is None else micros(at)
