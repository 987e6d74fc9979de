"""Components of every kind, read and moved alike: cards from `inserts`, photo items from `items`.

Every move names the state it starts from, so that a step that runs again, or two workers that hold the same
task, change nothing twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, func, update
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.access import ALL_BRANDS
from app.domain.component import INSERT, Component, component_key, read_key
from app.domain.gang_sheet import SheetState
from app.domain.insert import BY_ITSELF, InsertChange, InsertState
from app.errors import NotFound
from app.store.component_changes import changes_of, note_change
from app.store.tables import GangPlaceRow, GangSheetRow, InsertRow, ItemRow

NOT_HANDED_OVER = (InsertState.PLANNED, InsertState.HELD, InsertState.READY)
"""The states in which the target cannot have a component yet."""
_Row = TypeVar("_Row", InsertRow, ItemRow)
_WAITING = tuple(state.value for state in NOT_HANDED_OVER)
_SAME = (
    "generation",
    "brand",
    "order_id",
    "target",
    "planned_at",
    "needed_by",
    "reason",
    "pdf_sha256",
    "target_reference",
    "tries",
    "ready_at",
    "accepted_at",
)


class ComponentRepository:
    """The components of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, record: str, number: int = INSERT, *, locked: bool = False) -> Component:
        """One component, in its latest generation; `locked` keeps others from moving it until the end.

        Raises:
            NotFound: there is none.
        """
        found: Component | None = None
        if number == INSERT:
            insert = self._session.get(
                InsertRow, record, with_for_update=locked or None, populate_existing=locked
            )
            found = None if insert is None else _of_insert(insert)
        else:
            which = select(ItemRow).where(ItemRow.record == record, ItemRow.number == number)
            if locked:
                which = which.with_for_update().execution_options(populate_existing=True)
            item = self._session.exec(which).first()
            found = None if item is None else _of_item(item)
        if found is None:
            raise NotFound(f"there is no component {component_key(record, number)[:40]!r}")
        return found

    def by_key(self, key: str, *, locked: bool = False) -> Component:
        """One component by its key; see `get`.

        Raises:
            NotFound: there is none.
        """
        try:
            record, number = read_key(key)
        except ValueError as error:
            raise NotFound(f"{key[:40]!r} names no component") from error
        return self.get(record, number, locked=locked)

    def owned(self, key: str, *, scope: str) -> Component:
        """One component by its key, of the brand `scope`, or of any where that is `ALL_BRANDS`.

        Raises:
            NotFound: there is none, as far as they see.
        """
        component = self.by_key(key)
        if scope not in {ALL_BRANDS, component.brand}:
            raise NotFound(f"there is no component {key[:40]!r}")
        return component

    def of_order(self, order_id: str) -> tuple[Component, ...]:
        """All components of an order: its cards first, that of its occasion before all, then its items."""
        inserts = self._session.exec(
            select(InsertRow).where(InsertRow.order_id == order_id).order_by(col(InsertRow.further))
        )
        items = self._session.exec(
            select(ItemRow).where(ItemRow.order_id == order_id).order_by(col(ItemRow.number))
        )
        return (*map(_of_insert, inserts), *map(_of_item, items))

    def in_states(
        self,
        states: Collection[InsertState],
        *,
        brand: str,
        limit: int,
        without: Collection[str] = (),
    ) -> tuple[Component, ...]:
        """Components of either kind in these states, what is needed first at the beginning.

        Args:
            states: of which they may be.
            brand: one brand, or `ALL_BRANDS`.
            limit: the most of each kind.
            without: orders whose components are left out.
        """
        inserts = self._session.exec(_in_states(InsertRow, states, brand, without).limit(limit))
        items = self._session.exec(_in_states(ItemRow, states, brand, without).limit(limit))
        return (*map(_of_insert, inserts), *map(_of_item, items))

    def waiting_of_order(self, order_id: str) -> tuple[Component, ...]:
        """The components of an order that their targets do not have yet."""
        return tuple(each for each in self.of_order(order_id) if each.state in NOT_HANDED_OVER)

    def waiting_inserts(self, brand: str, customer_keys: Iterable[str]) -> tuple[Component, ...]:
        """The cards of a customer, under any of their keys, that the target does not have yet."""
        rows = self._session.exec(
            select(InsertRow).where(
                InsertRow.brand == brand,
                col(InsertRow.customer_key).in_(list(customer_keys)),
                col(InsertRow.state).in_(_WAITING),
            )
        )
        return tuple(map(_of_insert, rows))

    def waiting_at(self, target: str, *, limit: int, untended: bool = False) -> tuple[Component, ...]:
        """What is ready for a target, that which is needed first before all.

        Args:
            target: its name.
            limit: how many at most.
            untended: only what no task hands over, nor a gang sheet takes with it.
        """
        inserts = self._session.exec(_ready_at(InsertRow, target, limit, untended=untended))
        items = self._session.exec(_ready_at(ItemRow, target, limit, untended=untended))
        found = (*map(_of_insert, inserts), *map(_of_item, items))
        return tuple(sorted(found, key=lambda each: (each.priority, each.planned_at)))[:limit]

    def count_at(self, target: str, state: InsertState) -> int:
        """How many components of a target are in a state."""
        return sum(
            self._session.exec(
                select(func.count()).select_from(table).where(table.target == target, table.state == state)
            ).one()
            for table in (InsertRow, ItemRow)
        )

    def move(
        self, component: Component, to: InsertState, *, reason: str = "", who: str = BY_ITSELF, **values: Any
    ) -> bool:
        """Change the state from what `component` says to `to`; False where it has moved on meanwhile.

        Args:
            component: as it was read.
            to: the new state.
            reason: why, for people.
            who: the person who does it, where one does.
            values: what else changes with it, by column.
        """
        moved = self._change(component, state=to, reason=reason, **values)
        if moved:
            note_change(
                self._session,
                component.record,
                component.number,
                component.generation,
                before=component.state,
                after=to,
                who=who,
                reason=reason,
            )
        return moved

    def next_try(self, component: Component) -> int | None:
        """Number the next try to hand a component over; earlier ones that still wait are not wanted.

        Returns:
            The number; None where it is no longer as `component` says, and somebody else is at it.
        """
        tries = component.tries + 1
        still = self._change(
            component, col(_table(component).tries) == component.tries, tries=tries, waits=False
        )
        return tries if still else None

    def wait(self, component: Component) -> None:
        """No task hands it over any more; that of its target starts one, once it lets something through."""
        self._change(component, waits=True)

    def _change(self, component: Component, *still: ColumnElement[bool], **values: Any) -> bool:
        """Change what is stored, if it is in the state that `component` says; whether it was."""
        table = _table(component)
        record = col(InsertRow.job_id) if component.is_insert else col(ItemRow.record)
        which = [] if component.is_insert else [col(ItemRow.number) == component.number]
        statement = (
            update(table)
            .where(
                record == component.record,
                *which,
                col(table.generation) == component.generation,
                col(table.state) == component.state,
                *still,
            )
            .values(**values)
        )
        changed: bool = self._session.execute(statement).rowcount == 1  # type: ignore[attr-defined]
        return changed

    def accepted(self, component: Component, *, reference: str, at: datetime) -> bool:
        """The target has taken it."""
        return self.move(
            component,
            InsertState.ACCEPTED,
            reason=component.reason,
            target_reference=reference,
            accepted_at=at,
        )

    def send_to(self, component: Component, target: str, *, reason: str) -> bool:
        """Make a component ready for a target that does not have it; False where it has moved on."""
        return self.move(component, InsertState.READY, reason=reason, target=target)

    def changes(self, component: Component) -> tuple[InsertChange, ...]:
        """Every move of it, in all its generations, oldest first."""
        return changes_of(self._session, component.record, component.number)


def _in_states(
    table: type[_Row], states: Collection[InsertState], brand: str, without: Collection[str]
) -> SelectOfScalar[_Row]:
    query = select(table).where(col(table.state).in_([state.value for state in states]))
    if without:
        query = query.where(col(table.order_id).not_in(list(without)))
    if brand != ALL_BRANDS:
        query = query.where(col(table.brand) == brand)
    due = func.coalesce(table.needed_by, table.planned_at)
    return query.order_by(due, col(table.order_id))


def _table(component: Component) -> type[InsertRow | ItemRow]:
    return InsertRow if component.is_insert else ItemRow


def _ready_at(table: type[_Row], target: str, limit: int, *, untended: bool) -> SelectOfScalar[_Row]:
    query = select(table).where(table.target == target, table.state == InsertState.READY)
    if untended:
        query = query.where(col(table.waits), ~_on_a_sheet(table))
    return query.order_by(col(table.needed_by).is_(None), col(table.needed_by), col(table.planned_at)).limit(
        limit
    )


def _on_a_sheet(table: type[InsertRow | ItemRow]) -> ColumnElement[bool]:
    """Whether it waits on a gang sheet of its target, in its generation."""
    is_card = table is InsertRow
    return (
        select(GangPlaceRow.sheet)
        .join(
            GangSheetRow,
            and_(
                col(GangSheetRow.brand) == col(GangPlaceRow.brand),
                col(GangSheetRow.id) == col(GangPlaceRow.sheet),
            ),
        )
        .where(
            col(GangPlaceRow.brand) == table.brand,
            col(GangPlaceRow.record) == (InsertRow.job_id if is_card else ItemRow.record),
            col(GangPlaceRow.component) == (INSERT if is_card else ItemRow.number),
            col(GangPlaceRow.generation) == table.generation,
            col(GangPlaceRow.left_out) == "",
            col(GangSheetRow.target) == table.target,
            col(GangSheetRow.state).in_((SheetState.OPEN, SheetState.CLOSED)),
        )
        .exists()
    )


def _of_insert(row: InsertRow) -> Component:
    return Component(
        record=row.job_id,
        number=INSERT,
        design=row.template,
        state=InsertState(row.state),
        holds_order=row.holds_order,
        bench_code=row.card["bench_code"] if row.card else "",
        **{name: getattr(row, name) for name in _SAME},
    )


def _of_item(row: ItemRow) -> Component:
    return Component(
        record=row.record,
        number=row.number,
        design=row.product,
        state=InsertState(row.state),
        revision=row.revision,
        copies=row.copies,
        bench_code=row.bench_code,
        **{name: getattr(row, name) for name in _SAME},
    )
