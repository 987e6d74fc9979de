"""The book of the packing bench: every scan, and which orders are blocked until somebody clears them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from datetime import datetime

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from app.domain.access import ALL_BRANDS
from app.domain.bench import Block, ClearReason, Doubt, Scan, Verdict
from app.domain.insert import InsertState
from app.store.sql import lock
from app.store.tables import BenchBlockRow, BenchScanRow

_SCAN = tuple(f.name for f in fields(Scan) if f.name not in {"verdict", "doubt", "before"})
_BLOCK = tuple(f.name for f in fields(Block) if f.name != "reason")


class BenchRepository:
    """The bench's book in one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def one_at_a_time(self, name: str) -> None:
        """Wait until no other transaction works on what has this name; held to the transaction's end."""
        lock(self._session.connection(), f"bench {name}")

    def add(self, scan: Scan) -> None:
        """Write a scan down."""
        values = {name: getattr(scan, name) for name in _SCAN}
        row = BenchScanRow(
            verdict=scan.verdict, doubt=scan.doubt, before=scan.before.value if scan.before else "", **values
        )
        self._session.add(row)
        self._session.flush()

    def scan(self, scope: str, scan_id: str) -> Scan | None:
        """A scan by the scanner's own id, of those whose scanner serves `scope`."""
        row = self._session.get(BenchScanRow, (scope, scan_id))
        return None if row is None else _scan(row)

    def scans_of_order(self, order_ids: Collection[str], *, limit: int) -> tuple[Scan, ...]:
        """The latest scans with the parcels of these orders, oldest first."""
        query = (
            select(BenchScanRow)
            .where(col(BenchScanRow.order_id).in_(order_ids))
            .order_by(col(BenchScanRow.at).desc(), col(BenchScanRow.id))
            .limit(limit)
        )
        return tuple(_scan(row) for row in self._session.exec(query))[::-1]

    def undone(self, scan: Scan, *, at: datetime) -> None:
        """Mark a scan as taken back."""
        row = self._session.get_one(BenchScanRow, (scan.scope, scan.id))
        row.undone_at = at
        self._session.flush()

    def block(self, block: Block) -> None:
        """Block an order, unless it is blocked already."""
        if not self.blocks(block.brand, (block.order_id,)):
            values = {name: getattr(block, name) for name in _BLOCK}
            self._session.add(BenchBlockRow(reason=block.reason or "", **values))
            self._session.flush()

    def blocks(self, brand: str, order_ids: Collection[str]) -> tuple[Block, ...]:
        """What blocks these orders now, oldest first."""
        query = select(BenchBlockRow).where(
            col(BenchBlockRow.brand) == brand,
            col(BenchBlockRow.order_id).in_(order_ids),
            col(BenchBlockRow.cleared_at).is_(None),
        )
        return tuple(_block(row) for row in self._session.exec(query.order_by(col(BenchBlockRow.id))))

    def history(self, brand: str, order_id: str) -> tuple[Block, ...]:
        """Every time that an order was blocked, oldest first."""
        query = select(BenchBlockRow).where(
            col(BenchBlockRow.brand) == brand, col(BenchBlockRow.order_id) == order_id
        )
        return tuple(_block(row) for row in self._session.exec(query.order_by(col(BenchBlockRow.id))))

    def blocked_now(self, *, scope: str, limit: int) -> tuple[Block, ...]:
        """The orders that are blocked, the longest first."""
        query = select(BenchBlockRow).where(col(BenchBlockRow.cleared_at).is_(None))
        if scope != ALL_BRANDS:
            query = query.where(col(BenchBlockRow.brand) == scope)
        query = query.order_by(col(BenchBlockRow.at), col(BenchBlockRow.id)).limit(limit)
        return tuple(_block(row) for row in self._session.exec(query))

    def blocked_orders(self, *, scope: str) -> tuple[str, ...]:
        """The ids of every order that is blocked: they are few, since each waits for a person."""
        query = select(BenchBlockRow.order_id).where(col(BenchBlockRow.cleared_at).is_(None))
        if scope != ALL_BRANDS:
            query = query.where(col(BenchBlockRow.brand) == scope)
        return tuple(self._session.exec(query.distinct()))

    def clear(
        self, brand: str, order_id: str, *, at: datetime, by: str, reason: ClearReason, note: str
    ) -> None:
        """Let an order be packed again, with those that were blocked in one parcel with it."""
        open_ = (col(BenchBlockRow.brand) == brand, col(BenchBlockRow.cleared_at).is_(None))
        found = select(BenchBlockRow.scan_id).where(*open_, col(BenchBlockRow.order_id) == order_id)
        self._session.execute(
            update(BenchBlockRow)
            .where(*open_, col(BenchBlockRow.scan_id).in_(self._session.exec(found).all()))
            .values(cleared_at=at, cleared_by=by, reason=reason, note=note)
        )

    def blocked_by_brand(self) -> dict[str, int]:
        """How many orders are blocked now."""
        query = (
            select(BenchBlockRow.brand, func.count())
            .where(col(BenchBlockRow.cleared_at).is_(None))
            .group_by(col(BenchBlockRow.brand))
        )
        return dict(self._session.exec(query).all())


def _scan(row: BenchScanRow) -> Scan:
    return Scan(
        verdict=Verdict(row.verdict),
        doubt=Doubt(row.doubt),
        before=InsertState(row.before) if row.before else None,
        **{name: getattr(row, name) for name in _SCAN},
    )


def _block(row: BenchBlockRow) -> Block:
    return Block(
        reason=ClearReason(row.reason) if row.reason else None,
        **{name: getattr(row, name) for name in _BLOCK},
    )
