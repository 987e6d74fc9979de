"""Photo items: planned in the intake transaction, made, and drawn again where a person crops otherwise.

Their moves between states are those of every component: see `store.components`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import or_, text, update
from sqlmodel import Session, col, select

from app.domain.insert import BY_ITSELF, InsertState
from app.domain.item import Finding, Item, PhotoSource
from app.domain.photo import Crop
from app.errors import NotFound
from app.store.component_changes import note_change
from app.store.sql import connected, lock_file
from app.store.tables import AWAITING_PHOTO, ItemRow

_STORED = tuple(f.name for f in fields(Item) if f.name not in {"state", "source", "crop", "finding"})
_CROP = TypeAdapter(Crop)
_FINDING = TypeAdapter(Finding)


class ItemRepository:
    """The photo items of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def plan(self, item: Item) -> None:
        """Add a new item; its order and job are there already."""
        values = {name: getattr(item, name) for name in _STORED}
        self._session.add(
            ItemRow(
                state=item.state,
                photo=item.source.photo,
                url=item.source.url,
                spooled=item.source.sha256,
                crop=self.crop_document(item.crop),
                finding=_finding(item.finding),
                **values,
            )
        )
        self._session.flush()
        note_change(
            self._session,
            item.record,
            item.number,
            item.generation,
            before=None,
            after=item.state,
            who=BY_ITSELF,
            reason=item.reason,
        )

    def get(self, record: str, number: int) -> Item:
        """An item.

        Raises:
            NotFound: there is none.
        """
        row = self._row(record, number)
        if row is None:
            raise NotFound(f"the record {record[:40]!r} has no item {number}")
        return _item(row)

    def of_order(self, order_id: str) -> tuple[Item, ...]:
        """The items of an order, by number."""
        return self._items(col(ItemRow.order_id) == order_id)

    def of_photo(self, brand: str, photo: str) -> tuple[Item, ...]:
        """The items that print a stored photo."""
        return self._items(col(ItemRow.brand) == brand, col(ItemRow.photo) == photo)

    def one_at_a_time(self, sha256: str) -> None:
        """Wait until no other transaction spools this photo or takes it away; held to the end."""
        lock_file(connected(self._session), sha256)

    def useless_sources(self, now: datetime, *, limit: int) -> tuple[Item, ...]:
        """Items that know where their photo was to come from, but failed, or whose time is over by now."""
        over = or_(col(ItemRow.state) == InsertState.FAILED, col(ItemRow.expires_at) <= now)
        return self._items(text(AWAITING_PHOTO), over, limit=limit)

    def is_spooled(self, sha256: str) -> bool:
        """Whether an item still waits for this photo in the spool."""
        query = select(ItemRow.record).where(text(AWAITING_PHOTO), col(ItemRow.spooled) == sha256)
        return self._session.exec(query).first() is not None

    def drop_source(self, item: Item) -> None:
        """Part the item from where its photo was to come from."""
        self._change(item, url="", spooled="")

    def stored(self, item: Item, photo: str) -> bool:
        """The planned item's photo is stored: from now on it is found by its id alone.

        Returns:
            False where it is no longer planned, or was changed: nothing is written then.
        """
        planned = col(ItemRow.state) == InsertState.PLANNED
        return self._change(item, planned, photo=photo, url="", spooled="")

    @staticmethod
    def crop_document(crop: Crop | None) -> dict[str, Any] | None:
        """A crop as its column holds it."""
        return None if crop is None else _CROP.dump_python(crop, mode="json")

    def drop_pdf(self, item: Item) -> str | None:
        """Part the item from its file; returns the file's SHA-256, None where it has none."""
        self._change(item, pdf_sha256=None)
        return item.pdf_sha256

    def waits(self, item: Item, reason: str) -> None:
        """Write down why it is not made yet; it stays planned."""
        self._change(item, col(ItemRow.state) == InsertState.PLANNED, reason=reason)

    def tell_customer(self, item: Item, message: str) -> None:
        """Write down what its customer may be told."""
        self._change(item, customer_message=message)

    def made(self, item: Item, to: InsertState) -> bool:
        """Store what was drawn: a planned item becomes `item` as it stands, in the state `to`.

        Returns:
            False where it was no longer planned, or is cropped otherwise by now: nothing is changed then.
        """
        moved = self._change(
            item,
            col(ItemRow.state) == InsertState.PLANNED,
            state=to,
            reason=item.reason,
            finding=_finding(item.finding),
            bench_code=item.bench_code,
            pdf_sha256=item.pdf_sha256,
            ready_at=item.ready_at,
        )
        if moved:
            note_change(
                self._session,
                item.record,
                item.number,
                item.generation,
                before=InsertState.PLANNED,
                after=to,
                who=BY_ITSELF,
                reason=item.reason,
            )
        return moved

    def print_again(self, item: Item, *, at: datetime, who: str, reason: str) -> bool:
        """Plan its next generation, with the same photo and crop.

        Returns:
            False where it has moved on meanwhile.
        """
        planned = self._change(
            item,
            col(ItemRow.state) == item.state,
            state=InsertState.PLANNED,
            generation=item.generation + 1,
            revision=0,
            reason="",
            customer_message="",
            pdf_sha256=None,
            bench_code="",
            target_reference="",
            planned_at=at,
            ready_at=None,
            accepted_at=None,
        )
        if planned:
            note_change(
                self._session,
                item.record,
                item.number,
                item.generation + 1,
                before=item.state,
                after=InsertState.PLANNED,
                who=who,
                reason=reason,
            )
        return planned

    def _change(self, item: Item, *further: Any, **values: Any) -> bool:
        statement = (
            update(ItemRow)
            .where(
                col(ItemRow.record) == item.record,
                col(ItemRow.number) == item.number,
                col(ItemRow.generation) == item.generation,
                col(ItemRow.revision) == item.revision,
                *further,
            )
            .values(**values)
        )
        changed: bool = self._session.execute(statement).rowcount == 1  # type: ignore[attr-defined]
        return changed

    def _items(self, *whose: Any, limit: int | None = None) -> tuple[Item, ...]:
        rows: Iterable[ItemRow] = self._session.exec(
            select(ItemRow).where(*whose).order_by(col(ItemRow.record), col(ItemRow.number)).limit(limit)
        )
        return tuple(map(_item, rows))

    def _row(self, record: str, number: int) -> ItemRow | None:
        return self._session.exec(
            select(ItemRow).where(ItemRow.record == record, ItemRow.number == number)
        ).first()


def _finding(finding: Finding | None) -> dict[str, Any] | None:
    return None if finding is None else _FINDING.dump_python(finding, mode="json")


def _item(row: ItemRow) -> Item:
    return Item(
        state=InsertState(row.state),
        source=PhotoSource(photo=row.photo, url=row.url, sha256=row.spooled),
        crop=None if row.crop is None else _CROP.validate_python(row.crop),
        finding=None if row.finding is None else _FINDING.validate_python(row.finding),
        **{name: getattr(row, name) for name in _STORED},
    )
