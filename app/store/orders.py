"""Orders with their customers and jobs, as they were taken.

What runs with every order is hand-written SQL, for a sender waits for it (see `sql.Statement`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from app.domain.event import said_by_order
from app.domain.ids import job_id, order_id
from app.domain.order import Order
from app.errors import NotFound
from app.store.columns import CATEGORY_SEPARATOR, micros
from app.store.customers import CustomerRepository
from app.store.documents import order_document, read_order
from app.store.order_events import OrderEventRepository
from app.store.parcels import add_parcel_codes
from app.store.sql import Statement, connected, lock
from app.store.tables import JobRow, OrderRow


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredOrder:
    """An order as it was taken. `id` is tipin's own; the e-mail address is gone, `customer_key` is left."""

    id: str
    order: Order
    customer_key: str | None
    received_at: datetime
    needed_by: datetime

    @property
    def job_ids(self) -> tuple[str, ...]:
        """Tipin's ids of its jobs, in their order; the first carries the insert."""
        order = self.order
        return tuple(job_id(order.brand, order.source_order_id, j.source_item_id) for j in order.jobs)


@dataclass(frozen=True, slots=True)
class Taken:
    """What an order was taken with: the digest of its content, and the answer to its sender.

    `content` is None, and `answer` empty, for an order that came with the history instead.
    """

    order_id: str
    content: str | None
    answer: bytes


_CUSTOMER = Statement("""
INSERT INTO customers (brand, key, given_name, display_name, language, known_since)
VALUES (:brand, :key, :given_name, :display_name, :language, :known_since)
ON CONFLICT (brand, key) DO UPDATE SET
  given_name = coalesce(nullif(excluded.given_name, ''), customers.given_name),
  display_name = coalesce(nullif(excluded.display_name, ''), customers.display_name),
  language = coalesce(excluded.language, customers.language),
  known_since = CASE WHEN customers.known_since <= excluded.known_since THEN customers.known_since
    ELSE excluded.known_since END
""")
"""What is newly said of a customer wins; what is not said stays."""

_ORDER = Statement("""
INSERT INTO orders (
  id, brand, source, source_order_id, customer_key, placed_at, received_at, value_minor, currency, kind,
  eligible, categories, imported, promised_at, shipped_at, delivered_at, cancelled_at, needed_by, parcel,
  language, document, body_sha256
) VALUES (
  :id, :brand, :source, :source_order_id, :customer_key, :placed_at, :received_at, :value_minor, :currency,
  :kind, :eligible, :categories, :imported, :promised_at, :shipped_at, :delivered_at, :cancelled_at,
  :needed_by, :parcel, :language, :document, :body_sha256
)
""")
_JOB = Statement("""
INSERT INTO jobs (
  id, order_id, brand, position, source_item_id, sku, quantity, category, description, barcode, parcel
) VALUES (
  :id, :order_id, :brand, :position, :source_item_id, :sku, :quantity, :category, :description, :barcode,
  :parcel
)
""")
_ANSWER = Statement("UPDATE orders SET answer = :answer WHERE id = :id")
_TAKEN = Statement("SELECT id, body_sha256, answer FROM orders WHERE id = :id")
_TAKEN_UNDER = Statement("""
SELECT orders.id, idempotency_keys.body_sha256, answer
FROM idempotency_keys JOIN orders ON orders.id = order_id
WHERE idempotency_keys.brand = :brand AND key = :key
""")
_WHOSE = Statement("SELECT customer_key, source_order_id, brand FROM orders WHERE id = :id")
_KEY = Statement("""
INSERT INTO idempotency_keys (brand, key, body_sha256, order_id, at)
VALUES (:brand, :key, :body_sha256, :order_id, :at)
""")


class OrderRepository:
    """The orders of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def one_at_a_time(self, brand: str, name: str) -> None:
        """Wait until no other transaction takes an order under this name; held to the transaction's end."""
        lock(self._session.connection(), f"intake {brand} {name}")

    def taken(self, brand: str, source_order_id: str) -> Taken | None:
        """What that order was taken with, or None where it is new."""
        return self._taken(_TAKEN, {"id": order_id(brand, source_order_id)})

    def taken_under(self, brand: str, idempotency_key: str) -> Taken | None:
        """What this `Idempotency-Key` was used for, with the digest that it was used with."""
        return self._taken(_TAKEN_UNDER, {"brand": brand, "key": idempotency_key})

    def remember_key(self, brand: str, key: str, order: str, *, content: str, at: datetime) -> None:
        """Bind an `Idempotency-Key` to an order and to the content it was used with."""
        values = {"brand": brand, "key": key, "body_sha256": content, "order_id": order, "at": micros(at)}
        _KEY.many(connected(self._session), [values])

    def add(self, stored: StoredOrder, *, content: str) -> None:
        """Add a new order with its customer and jobs, and what had been heard of it; its answer follows."""
        connection, order = connected(self._session), stored.order
        if stored.customer_key is not None:
            _CUSTOMER.many(connection, [_customer_values(order, stored.customer_key)])
        _ORDER.many(connection, [_order_values(stored) | {"body_sha256": content}])
        _JOB.many(connection, _job_values(stored))
        add_parcel_codes(connection, order, stored.id, stored.job_ids)
        OrderEventRepository(self._session).apply(order.brand, order.source_order_id)
        said = said_by_order(order)
        if stored.customer_key is not None and said:
            CustomerRepository(self._session).record(
                order.brand, stored.customer_key, said, received_at=stored.received_at
            )

    def keep_answer(self, order: str, answer: bytes) -> None:
        """Store the exact bytes that the sender is answered with."""
        _ANSWER.many(connected(self._session), [{"id": order, "answer": answer}])

    def exists(self, order: str) -> bool:
        """Whether an order is stored, by tipin's id."""
        return bool(_WHOSE.rows(connected(self._session), {"id": order}))

    def customer_of(self, order: str) -> str | None:
        """The key of the customer who placed an order; None for a guest's, or one that is not stored."""
        rows = _WHOSE.rows(connected(self._session), {"id": order})
        return rows[0][0] if rows else None

    def whose(self, order: str) -> tuple[str, str] | None:
        """The brand and the sender's own id of an order; None where it is not stored."""
        rows = _WHOSE.rows(connected(self._session), {"id": order})
        return (rows[0][2], rows[0][1]) if rows else None

    def get(self, order: str) -> StoredOrder:
        """An order by tipin's id.

        Raises:
            NotFound: there is none; or it came with the history, of which no document is kept.
        """
        row = self._session.get(OrderRow, order)
        if row is None or not row.document:
            raise NotFound(
                f"there is no order {order}", mend="order ids are in the answer to POST /v1/orders"
            )
        return _stored(row)

    def of_job(self, job: str) -> StoredOrder:
        """The order of a job.

        Raises:
            NotFound: there is no such job.
        """
        query = (
            select(OrderRow).join(JobRow, col(JobRow.order_id) == col(OrderRow.id)).where(JobRow.id == job)
        )
        row = self._session.exec(query).first()
        if row is None:
            raise NotFound(f"there is no job {job[:40]!r}", mend="see the order's jobs")
        return _stored(row)

    def _taken(self, statement: Statement, asked: dict[str, str]) -> Taken | None:
        rows = statement.rows(connected(self._session), asked)
        return Taken(rows[0][0], rows[0][1], bytes(rows[0][2] or b"")) if rows else None


def _customer_values(order: Order, key: str) -> dict[str, Any]:
    customer = order.customer
    return {
        "brand": order.brand,
        "key": key,
        "given_name": customer.given_name,
        "display_name": customer.display_name or f"{customer.given_name} {customer.family_name}".strip(),
        "language": customer.language,
        "known_since": micros(order.placed_at),
    }


def _order_values(stored: StoredOrder) -> dict[str, Any]:
    order = stored.order
    moments = {
        "placed_at": order.placed_at,
        "received_at": stored.received_at,
        "needed_by": stored.needed_by,
        "promised_at": order.promised_at,
        "shipped_at": order.shipped_at,
        "delivered_at": order.delivered_at,
        "cancelled_at": order.cancelled_at,
    }
    return {name: None if at is None else micros(at) for name, at in moments.items()} | {
        "id": stored.id,
        "brand": order.brand,
        "source": order.source,
        "source_order_id": order.source_order_id,
        "customer_key": stored.customer_key,
        "value_minor": order.value.minor,
        "currency": order.value.currency,
        "kind": order.kind.value,
        "eligible": order.eligible,
        "categories": CATEGORY_SEPARATOR.join(sorted(order.categories)),
        "imported": order.imported,
        "parcel": order.parcel,
        "language": order.language,
        "document": json.dumps(order_document(order)),
    }


def _job_values(stored: StoredOrder) -> list[dict[str, Any]]:
    return [
        {
            "id": id_,
            "order_id": stored.id,
            "brand": stored.order.brand,
            "position": position,
            "source_item_id": job.source_item_id,
            "sku": job.sku,
            "quantity": job.quantity,
            "category": job.category,
            "description": job.description,
            "barcode": job.barcode,
            "parcel": job.parcel,
        }
        for position, (id_, job) in enumerate(zip(stored.job_ids, stored.order.jobs, strict=True))
    ]


def _stored(row: OrderRow) -> StoredOrder:
    return StoredOrder(
        id=row.id,
        order=read_order(row.document),
        customer_key=row.customer_key,
        received_at=row.received_at,
        needed_by=row.needed_by or row.received_at,
    )
