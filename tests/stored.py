"""Stored orders and inserts as tests need them, written straight to the tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.domain.insert import Insert
from app.domain.item import Item, PhotoSource
from app.store.database import Transaction
from app.store.tables import JobRow, OrderRow

NOW = datetime(2025, 11, 3, 12, 0, tzinfo=UTC)


def put_order(tx: Transaction, order_id: str, job_id: str, *, brand: str = "acme") -> None:
    """One order with one job."""
    tx.session.add(
        OrderRow(
            id=order_id,
            brand=brand,
            source="native",
            source_order_id=f"S-{order_id}",
            placed_at=NOW,
            received_at=NOW,
            value_minor=1_000,
            currency="GBP",
            kind="sale",
            eligible=True,
            parcel=f"P-{order_id}",
        )
    )
    tx.session.flush()
    tx.session.add(
        JobRow(
            id=job_id,
            order_id=order_id,
            brand=brand,
            position=0,
            source_item_id="1",
            sku="MUG",
            quantity=1,
            parcel=f"P-{job_id}",
        )
    )
    tx.session.flush()


def planned(order_id: str, job_id: str, *, brand: str = "acme") -> Insert:
    """A planned insert of that order."""
    return Insert(
        job_id=job_id,
        order_id=order_id,
        brand=brand,
        customer_key="id:7",
        occasion="first",
        template="hearth",
        variant="first-1",
        language="en",
        target="press",
        planned_at=NOW,
        needed_by=NOW + timedelta(hours=4),
    )


def planned_item(order_id: str, job_id: str, number: int = 1, *, brand: str = "acme") -> Item:
    """A planned photo item of that order."""
    return Item(
        record=job_id,
        number=number,
        order_id=order_id,
        job_id=job_id,
        brand=brand,
        customer_key="id:7",
        product="edible-cookie",
        source=PhotoSource(url="https://photos.example.com/1.jpg"),
        target="press",
        planned_at=NOW,
        needed_by=NOW + timedelta(hours=4),
        copies=3,
        caption="Oslo",
    )
