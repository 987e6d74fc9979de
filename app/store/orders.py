"""Orders with their customers and jobs, as they were taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from app.domain.customer import Customer
from app.domain.ids import job_id, order_id
from app.domain.order import Order
from app.errors import NotFound
from app.store.documents import order_document, read_order
from app.store.sql import lock
from app.store.tables import CustomerRow, IdempotencyRow, JobRow, OrderRow


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


class OrderRepository:
    """The orders of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def one_at_a_time(self, brand: str, name: str) -> None:
        """Wait until no other transaction takes an order under this name; held to the transaction's end."""
        lock(self._session.connection(), f"intake {brand} {name}")

    def taken(self, brand: str, source_order_id: str) -> Taken | None:
        """What that order was taken with, or None where it is new."""
        row = self._session.get(OrderRow, order_id(brand, source_order_id))
        return None if row is None else Taken(row.id, row.body_sha256, row.answer or b"")

    def taken_under(self, brand: str, idempotency_key: str) -> Taken | None:
        """What this `Idempotency-Key` was used for, with the digest that it was used with."""
        used = self._session.get(IdempotencyRow, (brand, idempotency_key))
        if used is None:
            return None
        row = self._session.get_one(OrderRow, used.order_id)
        return Taken(row.id, used.body_sha256, row.answer or b"")

    def remember_key(self, brand: str, key: str, order: str, *, content: str, at: datetime) -> None:
        """Bind an `Idempotency-Key` to an order and to the content it was used with."""
        self._session.add(IdempotencyRow(brand=brand, key=key, body_sha256=content, order_id=order, at=at))

    def add(self, stored: StoredOrder, *, content: str) -> None:
        """Add a new order with its customer and jobs; its answer follows."""
        order = stored.order
        if stored.customer_key is not None:
            self._keep_customer(order.brand, stored.customer_key, order.customer)
        self._session.add(
            OrderRow(
                id=stored.id,
                brand=order.brand,
                source=order.source,
                source_order_id=order.source_order_id,
                customer_key=stored.customer_key,
                placed_at=order.placed_at,
                received_at=stored.received_at,
                value_minor=order.value.minor,
                currency=order.value.currency,
                kind=order.kind,
                eligible=order.eligible,
                categories=order.categories,
                imported=order.imported,
                promised_at=order.promised_at,
                shipped_at=order.shipped_at,
                delivered_at=order.delivered_at,
                cancelled_at=order.cancelled_at,
                needed_by=stored.needed_by,
                parcel=order.parcel,
                language=order.language,
                document=order_document(order),
                body_sha256=content,
            )
        )
        self._session.flush()
        self._session.add_all(_jobs(stored))

    def keep_answer(self, order: str, answer: bytes) -> None:
        """Store the exact bytes that the sender is answered with."""
        self._session.get_one(OrderRow, order).answer = answer

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

    def _keep_customer(self, brand: str, key: str, customer: Customer) -> None:
        """What is newly said of a customer wins; what is not said stays. An opt-out is never undone here."""
        row = self._session.get(CustomerRow, (brand, key))
        if row is None:
            row = CustomerRow(brand=brand, key=key)
            self._session.add(row)
        row.given_name = customer.given_name or row.given_name
        row.display_name = _whole_name(customer) or row.display_name
        row.language = customer.language or row.language
        row.opted_out = customer.opted_out or row.opted_out


def _whole_name(customer: Customer) -> str:
    return customer.display_name or f"{customer.given_name} {customer.family_name}".strip()


def _jobs(stored: StoredOrder) -> list[JobRow]:
    return [
        JobRow(
            id=id_,
            order_id=stored.id,
            brand=stored.order.brand,
            position=position,
            source_item_id=job.source_item_id,
            sku=job.sku,
            quantity=job.quantity,
            category=job.category,
            description=job.description,
            barcode=job.barcode,
            parcel=job.parcel,
        )
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
