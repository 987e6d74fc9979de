"""What happened to orders: every event is kept, and an order's row says what its events amount to.

An event may come before its order, for the order's id follows from the sender's own; the transaction that
stores the order then calls `apply`. Whoever records events tells `thresholds.older_truth`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlmodel import Session

from app.domain.event import OrderEvent, OrderEventType, stated
from app.domain.fold import OrderState, fold_order
from app.domain.ids import order_id
from app.errors import Conflict
from app.store.columns import micros, moment
from app.store.event_documents import order_event_columns, read_order_event
from app.store.sql import Statement, connected, lock
from app.store.thresholds import forget

_FIND = Statement("""
SELECT type, at, document FROM order_events
WHERE brand = :brand AND order_id = :order_id AND source_event_id = :source_event_id
""")
_ADD = Statement("""
INSERT INTO order_events (
  brand, order_id, source_order_id, source_event_id, type, at, received_at, document
) VALUES (:brand, :order_id, :source_order_id, :source_event_id, :type, :at, :received_at, :document)
ON CONFLICT (brand, order_id, source_event_id) DO NOTHING
""")
_EVENTS = Statement("""
SELECT source_event_id, type, at, document, received_at FROM order_events
WHERE brand = :brand AND order_id = :order_id
""")
_ANY = Statement("SELECT 1 FROM order_events WHERE brand = :brand LIMIT 1")
_WAITING = Statement("""
SELECT DISTINCT source_order_id FROM order_events
WHERE brand = :brand AND order_id IN {members_of_names}
  AND NOT EXISTS (SELECT 1 FROM orders WHERE orders.id = order_id)
""")
_COMPLAINTS = Statement("""
SELECT order_id, source_event_id, type, at, document FROM order_events
WHERE brand = :brand AND type IN ('complaint_opened', 'complaint_closed') AND order_id IN (
  SELECT id FROM orders {by orders_complained}
  WHERE brand = :brand AND customer_key = :key AND complained_at IS NOT NULL
)
""")
_ORDER = Statement("""
SELECT customer_key, placed_at, received_at, promised_at, shipped_at, delivered_at, cancelled_at
FROM orders WHERE brand = :brand AND id = :order_id
""")
_PARCELS = Statement("SELECT source_item_id, parcel FROM jobs WHERE order_id = :order_id")
_UPDATE = Statement("""
UPDATE orders SET promised_at = :promised_at, shipped_at = :shipped_at, delivered_at = :delivered_at,
  cancelled_at = :cancelled_at, reprinted_at = :reprinted_at, complained_at = :complaint_opened_at
WHERE brand = :brand AND id = :order_id
""")
_FORGET_CREDITS = Statement("DELETE FROM credits WHERE brand = :brand AND order_id = :order_id")
_CREDIT = Statement("""
INSERT INTO credits (brand, customer_key, order_id, at, value_minor, currency)
VALUES (:brand, :customer_key, :order_id, :at, :value_minor, :currency)
""")
_MOMENTS = (
    "promised_at",
    "shipped_at",
    "delivered_at",
    "cancelled_at",
    "reprinted_at",
    "complaint_opened_at",
)


class ReceivedEvent(NamedTuple):
    """An event, and when it came in."""

    event: OrderEvent
    received_at: datetime


class _Said(NamedTuple):
    """Who placed an order, and what its row says; moments in microseconds."""

    customer_key: str | None
    placed_at: int
    received_at: int
    promised_at: int | None
    shipped_at: int | None
    delivered_at: int | None
    cancelled_at: int | None


class OrderEventRepository:
    """The orders' events of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def record(
        self, brand: str, source_order_id: str, events: Iterable[OrderEvent], *, received_at: datetime
    ) -> tuple[OrderEvent, ...]:
        """Keep the events of an order, known or not, and bring its row up to them.

        The caller holds `orders.one_at_a_time` for this order.

        Returns:
            Those that were not there already.

        Raises:
            Conflict: an event of the same id is there with another content.
        """
        order = order_id(brand, source_order_id)
        lock(connected(self._session), f"events {brand}", shared=True)
        new = tuple(event for event in events if self._is_new(brand, order, event))
        if new:
            if self.received(brand, order) == ():
                self._state(brand, order, source_order_id)
            self._add(brand, order, source_order_id, new, received_at)
            self._bring_up(brand, order)
        return new

    def apply(self, brand: str, source_order_id: str) -> bool:
        """Bring an order that was just stored up to the events from before it; False where there are none.

        One of them may be of a moment before the order's own (clocks differ): thresholds from then on go too.
        """
        order = order_id(brand, source_order_id)
        waiting = self.received(brand, order)
        if not waiting:
            return False
        self._state(brand, order, source_order_id)
        self._bring_up(brand, order)
        since = min(one.event.at for one in waiting)
        forget(connected(self._session), brand, since, then_asks=True)
        return True

    def waiting(self, brand: str, orders: Sequence[str]) -> list[str]:
        """Which of these orders, by tipin's ids, have events but are not stored, by the sender's ids.

        None joins until the transaction ends.
        """
        connection = connected(self._session)
        lock(connection, f"events {brand}")
        if not _ANY.rows(connection, {"brand": brand}):
            return []
        asked = {"brand": brand, "names": json.dumps(orders)}
        return [name for (name,) in _WAITING.rows(connection, asked)]

    def received(self, brand: str, order: str) -> tuple[ReceivedEvent, ...]:
        """Every event of an order, by tipin's id: what it said of itself, and what was heard since."""
        rows = _EVENTS.rows(connected(self._session), {"brand": brand, "order_id": order})
        found = [ReceivedEvent(read_order_event(*row), moment(received)) for *row, received in rows]
        return tuple(sorted(found, key=lambda one: (one.event.at, one.event.source_event_id)))

    def state(self, brand: str, order: str, *, at: datetime | None = None) -> OrderState:
        """What an order's events amount to, as known at a moment; without events, nothing."""
        events = [one.event for one in self.received(brand, order)]
        return fold_order(events, self._parcels(order), at=at)

    def complaints(self, brand: str, key: str) -> dict[str, list[OrderEvent]]:
        """The complaints about the orders under one customer key, by tipin's id of the order."""
        found: dict[str, list[OrderEvent]] = {}
        for order, *row in _COMPLAINTS.rows(connected(self._session), {"brand": brand, "key": key}):
            found.setdefault(order, []).append(read_order_event(*row))
        return found

    def _is_new(self, brand: str, order: str, event: OrderEvent) -> bool:
        asked = {"brand": brand, "order_id": order, "source_event_id": event.source_event_id}
        rows = _FIND.rows(connected(self._session), asked)
        if rows and read_order_event(event.source_event_id, *rows[0]) != event:
            raise Conflict(
                f"the event {event.source_event_id!r} of this order came before with another content",
                mend="the first one stands; give another event another id",
            )
        return not rows

    def _state(self, brand: str, order: str, source_order_id: str) -> None:
        """Put what a stored order says of itself among its events, before they change its row."""
        said = self._said(brand, order)
        if said is None:
            return
        events = stated(
            placed_at=moment(said.placed_at),
            promised_at=_moment(said.promised_at),
            shipped_at=_moment(said.shipped_at),
            delivered_at=_moment(said.delivered_at),
            cancelled_at=_moment(said.cancelled_at),
        )
        self._add(brand, order, source_order_id, events, moment(said.received_at))

    def _add(
        self,
        brand: str,
        order: str,
        source_order_id: str,
        events: Sequence[OrderEvent],
        received_at: datetime,
    ) -> None:
        same = {
            "brand": brand,
            "order_id": order,
            "source_order_id": source_order_id,
            "received_at": micros(received_at),
        }
        _ADD.many(connected(self._session), (same | order_event_columns(event)._asdict() for event in events))

    def _bring_up(self, brand: str, order: str) -> None:
        said = self._said(brand, order)
        if said is None:
            return
        connection = connected(self._session)
        events = [one.event for one in self.received(brand, order)]
        state = fold_order(events, self._parcels(order))
        which: dict[str, Any] = {"brand": brand, "order_id": order}
        moments = {name: getattr(state, name) for name in _MOMENTS}
        _UPDATE.run(
            connection, which | {name: None if at is None else micros(at) for name, at in moments.items()}
        )
        _FORGET_CREDITS.run(connection, which)
        if said.customer_key is not None:
            same = which | {"customer_key": said.customer_key}
            _CREDIT.many(connection, (same | _credit(event) for event in events if event.credit is not None))

    def _said(self, brand: str, order: str) -> _Said | None:
        rows = _ORDER.rows(connected(self._session), {"brand": brand, "order_id": order})
        return _Said(*rows[0]) if rows else None

    def _parcels(self, order: str) -> dict[str, str | None]:
        return dict(_PARCELS.rows(connected(self._session), {"order_id": order}))


def _credit(event: OrderEvent) -> dict[str, Any]:
    if event.type is not OrderEventType.CREDITED or event.credit is None:
        raise ValueError(f"{event.type} gives no money back")
    return {"at": micros(event.at), "value_minor": event.credit.minor, "currency": event.credit.currency}


def _moment(value: int | None) -> datetime | None:
    return None if value is None else moment(value)
