"""Takes personal data out of the database, and leaves what counts: moments, amounts, categories, occasions.

The orders of an erased customer stay under a key that was drawn at random, so that numbers of customers and
their spend stay true, and nobody can tell whose they were.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import or_, update
from sqlmodel import Session, SQLModel, col, delete, select

from app.domain.event import CustomerEventType
from app.domain.ids import job_id
from app.domain.item import Item
from app.store.documents import read_order
from app.store.event_documents import ERASED_DOCUMENT
from app.store.parcels import add_parcel_codes
from app.store.sql import connected, lock_file
from app.store.tables import (
    ArtifactRow,
    CustomerEventRow,
    CustomerRow,
    DeadLetterRow,
    InsertRow,
    ItemRow,
    JobRow,
    MailClaimRow,
    OrderRow,
    ParcelCodeRow,
    ReprintRow,
)

_PERSONAL_EVENTS = (CustomerEventType.BIRTHDAY_GIVEN, CustomerEventType.STORY_TOLD)
_KEPT_OF_ORDER = (
    "brand",
    "source",
    "source_order_id",
    "placed_at",
    "value",
    "kind",
    "promised_at",
    "shipped_at",
    "delivered_at",
    "cancelled_at",
    "needed_by",
    "language",
    "country",
    "channel",
    "supplied_insert",
    "imported",
)
_KEPT_OF_JOB = ("source_item_id", "sku", "quantity", "category", "parcel")
_REASON = "erased, as the customer asked"
_EVENTS_TABLE = "customer_events"


class ErasureRepository:
    """The erasing of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def orders_of(self, brand: str, keys: Iterable[str]) -> list[str]:
        """Tipin's ids of all orders under these customer keys."""
        query = select(OrderRow.id).where(OrderRow.brand == brand, col(OrderRow.customer_key).in_(list(keys)))
        return list(self._session.exec(query))

    def orders_from(self, brand: str, source: str) -> list[str]:
        """Tipin's ids of all orders that came by an inbound format."""
        query = select(OrderRow.id).where(OrderRow.brand == brand, OrderRow.source == source)
        return list(self._session.exec(query))

    def keys_from(self, brand: str, source: str) -> list[str]:
        """The keys of all customers whose orders came by an inbound format."""
        query = (
            select(OrderRow.customer_key)
            .where(OrderRow.brand == brand, OrderRow.source == source)
            .where(col(OrderRow.customer_key).is_not(None))
            .distinct()
        )
        return [key for key in self._session.exec(query) if key is not None]

    def ordered_elsewhere(self, brand: str, keys: Iterable[str], sources: Iterable[str]) -> bool:
        """Whether a customer has orders that came by none of these sources."""
        query = (
            select(OrderRow.id)
            .where(OrderRow.brand == brand, col(OrderRow.customer_key).in_(list(keys)))
            .where(col(OrderRow.source).not_in(list(sources)))
        )
        return self._session.exec(query.limit(1)).first() is not None

    def erase_order(self, brand: str, order_id: str) -> list[str]:
        """Take names, texts and artwork out of an order and its card.

        Returns:
            The SHA-256 of files that no other card shows; the caller deletes them.
        """
        row = self._session.get(OrderRow, order_id)
        if row is None or row.brand != brand:
            return []
        if row.document:
            row.document = _anonymous(row.document)
            self._renew_parcel_codes(row)
        for job in self._session.exec(select(JobRow).where(JobRow.order_id == order_id)):
            job.description = ""
        files = []
        for insert in self._session.exec(select(InsertRow).where(InsertRow.order_id == order_id)):
            if insert.pdf_sha256 is not None:
                files.append(insert.pdf_sha256)
            insert.card, insert.pdf_sha256, insert.reason = None, None, _REASON
        for reprint in self._session.exec(
            select(ReprintRow)
            .join(JobRow, col(JobRow.id) == col(ReprintRow.record))
            .where(JobRow.order_id == order_id)
        ):
            if reprint.void_sha256 is not None:
                files.append(reprint.void_sha256)
            reprint.void_sha256, reprint.note = None, ""
        self._session.flush()
        return [sha256 for sha256 in files if self.forget_file(sha256)]

    def erase_customer(self, brand: str, keys: Iterable[str]) -> None:
        """Take what was said of a customer out, and part their orders from their keys."""
        gone = list(keys)
        connection = connected(self._session)
        self._session.exec(
            update(CustomerEventRow)
            .where(col(CustomerEventRow.brand) == brand, col(CustomerEventRow.customer_key).in_(gone))
            .where(col(CustomerEventRow.type).in_([type_.value for type_ in _PERSONAL_EVENTS]))
            .values(document=ERASED_DOCUMENT)
        )
        self._session.exec(
            delete(CustomerRow).where(col(CustomerRow.brand) == brand, col(CustomerRow.key).in_(gone))
        )
        of_theirs = or_(col(MailClaimRow.customer_key).in_(gone), col(MailClaimRow.mail_key).in_(gone))
        self._session.exec(delete(MailClaimRow).where(col(MailClaimRow.brand) == brand, of_theirs))
        nobody = f"erased:{secrets.token_hex(12)}"
        for table in SQLModel.metadata.tables.values():
            if "customer_key" in table.c and "brand" in table.c and table.name != _EVENTS_TABLE:
                connection.execute(
                    update(table)
                    .where(table.c.brand == brand, table.c.customer_key.in_(gone))
                    .values(customer_key=nobody)
                )
        self._session.expire_all()

    def erase_letters(self, brand: str, mentions: Callable[[bytes, str], bool], *, source: str = "") -> int:
        """Delete the dead letters of a brand that mention the person: in their body, or in their address.

        Only those that came by the inbound format `source`, where it is given. Returns how many those were.
        """
        query = select(DeadLetterRow).where(DeadLetterRow.brand == brand)
        if source:
            query = query.where(DeadLetterRow.source == source)
        found = [row for row in self._session.exec(query) if mentions(row.body, row.about)]
        for row in found:
            self._session.delete(row)
        self._session.flush()
        return len(found)

    def _renew_parcel_codes(self, row: OrderRow) -> None:
        """Of the barcodes, only those stay that the order is still known by."""
        order = read_order(row.document)
        jobs = tuple(job_id(row.brand, row.source_order_id, job.source_item_id) for job in order.jobs)
        self._session.exec(delete(ParcelCodeRow).where(col(ParcelCodeRow.order_id) == row.id))
        add_parcel_codes(connected(self._session), order, row.id, jobs)

    def erase_item(self, item: Item) -> None:
        """Take the texts, the photo and where it came from out of an item."""
        self._session.exec(
            update(ItemRow)
            .where(col(ItemRow.brand) == item.brand, col(ItemRow.record) == item.record)
            .where(col(ItemRow.number) == item.number)
            .values(
                photo="",
                url="",
                spooled="",
                caption="",
                name="",
                crop=None,
                finding=None,
                reason=_REASON,
                customer_message="",
            )
        )

    def forget_file(self, sha256: str) -> bool:
        """Forget a stored file that no component has any more; whether it is so."""
        lock_file(connected(self._session), sha256)
        if (
            self._session.exec(select(InsertRow.job_id).where(InsertRow.pdf_sha256 == sha256)).first()
            or self._session.exec(select(ItemRow.record).where(ItemRow.pdf_sha256 == sha256)).first()
        ):
            return False
        self._session.exec(delete(ArtifactRow).where(col(ArtifactRow.sha256) == sha256))
        return True


def _anonymous(document: dict[str, Any]) -> dict[str, Any]:
    """An order's document without anything that a person could be known by; still an order.

    That it was a gift stays, for it decides what its card may say.
    """
    kept = {name: document[name] for name in _KEPT_OF_ORDER if name in document}
    jobs = [{name: job[name] for name in _KEPT_OF_JOB if name in job} for job in document.get("jobs", ())]
    return kept | {"customer": {}, "jobs": jobs, "gift": {} if document.get("gift") else None}
