"""Puts a whole past into the ledger at once, without the documents and jobs that a live order has."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import itemgetter

from sqlmodel import Session

from app.domain.event import STATED, CustomerEvent, CustomerEventType
from app.domain.ids import order_ids
from app.domain.past import Credit, Entry, Recorded
from app.store.columns import CATEGORY_SEPARATOR, micros, moment
from app.store.customers import CustomerRepository
from app.store.order_events import OrderEventRepository
from app.store.sql import Statement, connected

_ORDER = Statement("""
INSERT INTO orders (
  id, brand, source, received_at, source_order_id, customer_key, placed_at, value_minor, currency, kind,
  eligible, categories, promised_at, shipped_at, delivered_at, cancelled_at, channel, country, gift, quantity,
  imported, document
) VALUES (
  :id, :brand, :source, :received_at, :source_order_id, :customer_key, :placed_at, :value_minor, :currency,
  :kind, :eligible, :categories, :promised_at, :shipped_at, :delivered_at, :cancelled_at, :channel, :country,
  :gift, :quantity, :imported, :document
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
        """Add orders; see `entries`."""
        return self.entries(brand, [order.entry for order in orders], source=source, at=at)

    def entries(self, brand: str, entries: Sequence[Entry], *, source: str, at: datetime) -> int:
        """Add the orders that are not there yet, marked as imported; returns how many those were.

        What had been heard of them before is applied.

        Args:
            brand: the tenant.
            entries: one that is there already, imported or not, stays as it is.
            source: where they come from.
            at: the present moment.
        """
        names = [entry.source_order_id for entry in entries]
        ids = order_ids(brand, names)
        events = OrderEventRepository(self._session)
        waiting = events.waiting(brand, ids)
        received_at = micros(at)
        # In the order of their ids, neighbours land on the same pages of the index.
        rows = sorted(
            (
                (order, brand, source, received_at, *_columns(entry), True, "{}")
                for order, entry in zip(ids, entries, strict=True)
            ),
            key=itemgetter(0),
        )
        added = _ORDER.many_in_order(connected(self._session), rows)
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


def _columns(entry: Entry) -> tuple[object, ...]:
    """An entry as its row has it, but for what all rows have in common."""
    (name, key, placed_at, value, currency, kind, eligible, categories, promised_at, shipped_at,
     delivered_at, cancelled_at, *others) = entry  # fmt: skip
    return (
        name,
        key,
        micros(placed_at),
        value,
        currency,
        kind.value,
        eligible,
        CATEGORY_SEPARATOR.join(sorted(categories)),
        None if promised_at is None else micros(promised_at),
        None if shipped_at is None else micros(shipped_at),
        None if delivered_at is None else micros(delivered_at),
        None if cancelled_at is None else micros(cancelled_at),
        *others,
    )
