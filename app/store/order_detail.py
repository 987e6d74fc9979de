"""Everything that is known of one order, for its page: some look-ups by key, whatever the order holds."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from app.domain.access import ALL_BRANDS
from app.domain.bench import Block
from app.domain.call_back import Delivery
from app.domain.diff import Diff
from app.domain.insert import Insert, InsertChange
from app.domain.item import Item
from app.domain.money import Money
from app.domain.person_task import PersonTask
from app.store.bench import BenchRepository
from app.store.deliveries import DeliveryRepository
from app.store.diffs import DiffRepository
from app.store.inserts import InsertRepository
from app.store.items import ItemRepository
from app.store.order_events import OrderEventRepository
from app.store.person_tasks import PersonTaskRepository
from app.store.tables import ArtifactRow, CustomerRow, JobRow, OrderRow
from app.store.tags import Tag, TagRepository

_ORDER_FIELDS = (
    "id",
    "brand",
    "source",
    "source_order_id",
    "kind",
    "parcel",
    "placed_at",
    "received_at",
    "needed_by",
)
_JOB_FIELDS = ("id", "source_item_id", "sku", "quantity", "category", "description", "barcode", "parcel")
_VERSION_BYTES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class JobDetail:
    """One manufacturing job."""

    id: str
    source_item_id: str
    sku: str
    quantity: int
    category: str | None
    description: str
    barcode: str | None
    parcel: str | None


@dataclass(frozen=True, slots=True)
class EventDetail:
    """Something that was reported of the order."""

    type: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StoredCard:
    """The finished file: its size in bytes, and the preflight report that it passed."""

    size: int
    preflight: dict[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDetail:
    """One order in full."""

    id: str
    brand: str
    source: str
    source_order_id: str
    number: str
    """What people call it: the customer's order number, else the sender's id."""
    kind: str
    parcel: str | None
    placed_at: datetime
    received_at: datetime
    needed_by: datetime | None
    value: Money
    given_name: str
    display_name: str
    tag: Tag | None
    """None for an order that came with the history."""
    insert: Insert | None
    further: tuple[Insert, ...]
    """Generic cards of its other parcels or jobs."""
    changes: tuple[InsertChange, ...]
    """Every move of its insert, oldest first."""
    tasks: tuple[PersonTask, ...]
    """What a person should do about it."""
    file: StoredCard | None
    jobs: tuple[JobDetail, ...]
    items: tuple[Item, ...]
    events: tuple[EventDetail, ...]
    diffs: tuple[Diff, ...]
    """What became known too late for its tag, the latest first."""
    deliveries: tuple[Delivery, ...]
    blocks: tuple[Block, ...] = ()
    """Every time that the packing bench blocked it, oldest first."""

    @property
    def diff(self) -> Diff | None:
        """The difference that stands now; None where what became known last made it as it was tagged."""
        last = self.diffs[0] if self.diffs else None
        return last if last is not None and last.after != last.tagged else None

    @property
    def version(self) -> str:
        """Changes whenever the order's page would show something else; a tag never changes."""
        shown = repr(
            (
                self.insert,
                self.further,
                self.items,
                self.tasks,
                self.file,
                self.events,
                self.diffs,
                self.deliveries,
                self.blocks,
            )
        )
        return hashlib.blake2b(shown.encode(), digest_size=_VERSION_BYTES).hexdigest()


def order_detail(session: Session, order_id: str, *, scope: str) -> OrderDetail | None:
    """The order, or None where it does not exist or belongs to a brand that the person does not serve."""
    order = session.get(OrderRow, order_id)
    if order is None or scope not in (ALL_BRANDS, order.brand):
        return None
    customer = session.get(CustomerRow, (order.brand, order.customer_key)) if order.customer_key else None
    inserts = InsertRepository(session).of_order(order_id)
    insert = inserts[0] if inserts else None
    return OrderDetail(
        **{name: getattr(order, name) for name in _ORDER_FIELDS},
        number=order.document.get("number") or order.source_order_id,
        value=Money(order.value_minor, order.currency),
        given_name=customer.given_name if customer else "",
        display_name=customer.display_name if customer else "",
        tag=None if order.imported else TagRepository(session).get(order_id),
        insert=insert,
        further=inserts[1:],
        changes=InsertRepository(session).changes(insert.job_id) if insert else (),
        tasks=PersonTaskRepository(session).of_order(order_id),
        file=_file(session, insert.pdf_sha256) if insert and insert.pdf_sha256 else None,
        jobs=_jobs(session, order_id),
        items=ItemRepository(session).of_order(order_id),
        events=_events(session, order.brand, order_id),
        diffs=DiffRepository(session).of_order(order_id),
        deliveries=DeliveryRepository(session).of_order(order_id),
        blocks=BenchRepository(session).history(order.brand, order_id),
    )


def _file(session: Session, sha256: str) -> StoredCard | None:
    row = session.get(ArtifactRow, sha256)
    return None if row is None else StoredCard(row.size, row.preflight)


def _jobs(session: Session, order_id: str) -> tuple[JobDetail, ...]:
    rows = session.exec(select(JobRow).where(JobRow.order_id == order_id).order_by(col(JobRow.position)))
    return tuple(JobDetail(**{name: getattr(row, name) for name in _JOB_FIELDS}) for row in rows)


def _events(session: Session, brand: str, order_id: str) -> tuple[EventDetail, ...]:
    return tuple(
        EventDetail(one.event.type, one.event.at)
        for one in OrderEventRepository(session).received(brand, order_id)
    )
