"""Printed pieces as the packing bench reads and moves them: components, each with the parcel it goes into."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col, select

from app.domain.bench import PACKABLE, Piece
from app.domain.component import INSERT, Component
from app.domain.insert import InsertState
from app.errors import NotFound
from app.store.bench import BenchRepository
from app.store.components import ComponentRepository
from app.store.tables import InsertRow, ItemRow, JobRow, OrderRow


class PieceRepository:
    """The pieces of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._components = ComponentRepository(session)

    def get(self, record: str, number: int) -> Piece | None:
        """One piece in its latest generation; None where there is none."""
        try:
            component = self._components.get(record, number)
        except NotFound:
            return None
        (piece,) = self._with_parcels([component])
        return piece

    def keep_still(self, record: str, number: int) -> None:
        """See that nobody else moves a piece until the transaction ends; call it before reading the piece."""
        if number == INSERT:
            own = select(InsertRow.job_id).where(InsertRow.job_id == record)
        else:
            own = select(ItemRow.record).where(ItemRow.record == record, ItemRow.number == number)
        self._session.exec(own.with_for_update()).all()

    def of_orders(self, order_ids: Iterable[str]) -> tuple[Piece, ...]:
        """All pieces of these orders, each order's cards first."""
        components = [one for order_id in order_ids for one in self._components.of_order(order_id)]
        return tuple(self._with_parcels(components))

    def to_pack(self, *, brand: str, limit: int) -> tuple[Piece, ...]:
        """What is to be packed next: by when it is needed, then parcel by parcel; nothing that is blocked.

        Args:
            brand: one brand, or `ALL_BRANDS`.
            limit: the most pieces.
        """
        blocked = BenchRepository(self._session).blocked_orders(scope=brand)
        components = self._components.in_states(PACKABLE, brand=brand, limit=limit, without=blocked)
        return tuple(sorted(self._with_parcels(components), key=_packing_order)[:limit])

    def packing_order(self, components: Iterable[Component]) -> dict[str, int]:
        """The rank of each component by its key, in the order in which they are packed."""
        pieces = sorted(self._with_parcels(components), key=_packing_order)
        return {piece.component.key: rank for rank, piece in enumerate(pieces)}

    def move(self, piece: Piece, to: InsertState, *, who: str, reason: str) -> bool:
        """Change its state from what `piece` says to `to`; False where it has moved on meanwhile."""
        return self._components.move(piece.component, to, who=who, reason=reason)

    def _with_parcels(self, components: Iterable[Component]) -> list[Piece]:
        found = list(components)
        orders = {one.order_id for one in found}
        jobs: dict[tuple[str, int], str] = {}
        if not all(one.is_insert for one in found):
            items = select(ItemRow.record, ItemRow.number, ItemRow.job_id)
            rows = self._session.execute(items.where(col(ItemRow.order_id).in_(orders)))
            jobs = {(record, number): job_id for record, number, job_id in rows}
        named = self._session.execute(
            select(JobRow.id, JobRow.parcel, OrderRow.parcel)
            .join(OrderRow, col(OrderRow.id) == col(JobRow.order_id))
            .where(col(JobRow.order_id).in_(orders))
        )
        parcels = {job_id: own or of_order or "" for job_id, own, of_order in named}
        return [Piece(one, parcels[jobs.get((one.record, one.number), one.record)]) for one in found]


def _packing_order(piece: Piece) -> tuple[datetime, str, str, str, int]:
    one = piece.component
    return one.needed_by or one.planned_at, piece.parcel, one.order_id, one.record, one.number
