"""Finds parcels by what is printed on them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlmodel import Session, col, select

from app.domain.order import Order
from app.domain.parcel import ParcelCode, parcel_codes
from app.store.sql import Statement
from app.store.tables import OrderRow, ParcelCodeRow

_MOST = 50
"""Orders that one barcode is looked up for: a product's own barcode would name them all."""
_ADD = Statement("""
INSERT INTO parcel_codes (brand, code, order_id, parcel) VALUES (:brand, :code, :order_id, :parcel)
""")


def add_parcel_codes(connection: Connection, order: Order, order_id: str, job_ids: tuple[str, ...]) -> None:
    """Write down every barcode that names a parcel of a new order."""
    rows = [
        {"brand": order.brand, "code": one.code, "order_id": one.order_id, "parcel": one.parcel}
        for one in parcel_codes(order, order_id, job_ids)
    ]
    _ADD.many(connection, rows)


@dataclass(frozen=True, slots=True)
class Found:
    """A barcode's row: what it names, in which brand."""

    brand: str
    code: ParcelCode


class ParcelRepository:
    """The parcels of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, code: str, *, brands: Collection[str]) -> tuple[Found, ...]:
        """What a folded barcode names in these brands."""
        query = select(ParcelCodeRow).where(
            col(ParcelCodeRow.brand).in_(brands), col(ParcelCodeRow.code) == code
        )
        rows = self._session.exec(query.order_by(col(ParcelCodeRow.order_id)).limit(_MOST))
        return tuple(Found(row.brand, ParcelCode(row.code, row.order_id, row.parcel)) for row in rows)

    def number(self, order_id: str) -> str:
        """What people call an order: the customer's number of it, else the sender's id."""
        row = self._session.get(OrderRow, order_id)
        return "" if row is None else row.document.get("number") or row.source_order_id
