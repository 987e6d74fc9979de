"""Sheets that pieces wait for, and who stands on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, update
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.access import ALL_BRANDS
from app.domain.component import Component
from app.domain.gang_sheet import GangPlace, GangSheet, SheetForm, SheetState, read_form
from app.errors import NotFound
from app.store.tables import GangPlaceRow, GangSheetRow

_SHEET = tuple(one.name for one in fields(GangSheet) if one.name not in {"state", "form", "places"})
_PLACE = tuple(one.name for one in fields(GangPlace))


class GangSheetRepository:
    """The gang sheets of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, brand: str, id_: str, *, locked: bool = False) -> GangSheet:
        """One sheet with its places; `locked` keeps others from changing it until the transaction ends.

        Raises:
            NotFound: there is none, or it is of a brand that the caller does not serve.
        """
        statement = select(GangSheetRow).where(col(GangSheetRow.id) == id_)
        if brand != ALL_BRANDS:
            statement = statement.where(col(GangSheetRow.brand) == brand)
        if locked:
            statement = statement.with_for_update()
        row = self._session.exec(statement.execution_options(populate_existing=True)).first()
        if row is None:
            raise NotFound(f"there is no sheet {id_[:40]!r}", mend="see the list of sheets")
        return self._sheet(row)

    def open_for(self, brand: str, target: str, kind: str, form: SheetForm) -> GangSheet | None:
        """The oldest open sheet of a form for pieces of a kind, locked; None where there is none."""
        rows = self._session.exec(
            select(GangSheetRow)
            .where(
                col(GangSheetRow.brand) == brand,
                col(GangSheetRow.target) == target,
                col(GangSheetRow.kind) == kind,
                col(GangSheetRow.state) == SheetState.OPEN,
            )
            .order_by(col(GangSheetRow.opened_at), col(GangSheetRow.id))
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        fitting = (row for row in rows.all() if read_form(row.form) == form)
        row = next(fitting, None)
        return None if row is None else self._sheet(row)

    def of_component(self, component: Component) -> GangSheet | None:
        """The sheet that a component, in its generation, waits for or goes out with."""
        return self._of_component(component, SheetState.OPEN, SheetState.CLOSED)

    def sent_with(self, component: Component) -> GangSheet | None:
        """The sheet on which a component, in its generation, went out."""
        return self._of_component(component, SheetState.ACCEPTED, SheetState.DONE, SheetState.UNKNOWN)

    def printed_with(self, component: Component) -> GangSheet | None:
        """The sheet on which a component, in its generation, went to a target; None where it went alone."""
        placed = _placed(component).where(col(GangPlaceRow.spot).is_not(None))
        return self._first(placed.order_by(col(GangSheetRow.closed_at).desc()))

    def _of_component(self, component: Component, *states: SheetState) -> GangSheet | None:
        placed = _placed(component).where(
            col(GangSheetRow.state).in_(states),
            col(GangSheetRow.target) == component.target,
            col(GangPlaceRow.left_out) == "",
        )
        return self._first(placed)

    def _first(self, placed: SelectOfScalar[GangPlaceRow]) -> GangSheet | None:
        row = self._session.exec(placed.limit(1)).first()
        return None if row is None else self.get(row.brand, row.sheet)

    def open_at(self, target: str) -> tuple[GangSheet, ...]:
        """Every open sheet of a target, locked."""
        rows = self._session.exec(
            select(GangSheetRow)
            .where(col(GangSheetRow.target) == target, col(GangSheetRow.state) == SheetState.OPEN)
            .order_by(col(GangSheetRow.opened_at), col(GangSheetRow.id))
            .with_for_update()
        )
        return tuple(map(self._sheet, rows.all()))

    def times_placed(self, component: Component) -> int:
        """On how many sheets a component was put, in its generation."""
        statement = select(func.count()).select_from(GangPlaceRow).where(*_of(component))
        return self._session.exec(statement).one()

    def page(self, *, scope: str, state: SheetState | None, limit: int) -> tuple[GangSheet, ...]:
        """The latest sheets, newest first."""
        statement = select(GangSheetRow)
        if scope != ALL_BRANDS:
            statement = statement.where(col(GangSheetRow.brand) == scope)
        if state is not None:
            statement = statement.where(col(GangSheetRow.state) == state)
        newest = statement.order_by(col(GangSheetRow.opened_at).desc(), col(GangSheetRow.id)).limit(limit)
        return tuple(self._sheet(row) for row in self._session.exec(newest))

    def open(self, sheet: GangSheet) -> None:
        """Add an open sheet without pieces."""
        values = {name: getattr(sheet, name) for name in _SHEET}
        self._session.add(GangSheetRow(state=sheet.state, form=sheet.form.document(), **values))
        self._session.flush()

    def place(self, sheet: GangSheet, place: GangPlace, *, close_at: datetime) -> None:
        """Put a piece on an open sheet, which then closes no later than at `close_at`."""
        values = {name: getattr(place, name) for name in _PLACE}
        self._session.add(GangPlaceRow(brand=sheet.brand, sheet=sheet.id, **values))
        self._session.flush()
        self._change(sheet, SheetState.OPEN, close_at=min(close_at, sheet.close_at))

    def leave_out(self, sheet: GangSheet, number: int, reason: str) -> None:
        """Note why a piece is not on its sheet."""
        self._session.execute(
            update(GangPlaceRow)
            .where(
                col(GangPlaceRow.brand) == sheet.brand,
                col(GangPlaceRow.sheet) == sheet.id,
                col(GangPlaceRow.number) == number,
            )
            .values(left_out=reason, spot=None)
        )

    def put_on_spots(self, sheet: GangSheet, spots: Mapping[int, int]) -> None:
        """Note where pieces stand on the sheet that was made, by the number of their places."""
        for number, spot in spots.items():
            self._session.execute(
                update(GangPlaceRow)
                .where(
                    col(GangPlaceRow.brand) == sheet.brand,
                    col(GangPlaceRow.sheet) == sheet.id,
                    col(GangPlaceRow.number) == number,
                )
                .values(spot=spot)
            )

    def move(self, sheet: GangSheet, to: SheetState, **values: Any) -> bool:
        """Change the state from what `sheet` says; False where it has moved on meanwhile."""
        return self._change(sheet, sheet.state, state=to, **values)

    def next_try(self, sheet: GangSheet, **values: Any) -> GangSheet:
        """Number the next try to hand a closed sheet over; earlier ones that still wait are not wanted."""
        tries = sheet.tries + 1
        self._change(sheet, SheetState.CLOSED, tries=tries, waits=False, **values)
        return replace(sheet, tries=tries, waits=False)

    def looked(self, sheet: GangSheet, places: int) -> None:
        """Note for how many places pieces were checked."""
        self._change(sheet, SheetState.CLOSED, looked_at=places)

    def waiting_at(self, target: str, *, limit: int) -> tuple[GangSheet, ...]:
        """Closed sheets that wait until a target lets them through, the one that closed first before all."""
        rows = self._session.exec(
            select(GangSheetRow)
            .where(
                col(GangSheetRow.target) == target,
                col(GangSheetRow.state) == SheetState.CLOSED,
                col(GangSheetRow.waits),
            )
            .order_by(col(GangSheetRow.closed_at), col(GangSheetRow.id))
            .limit(limit)
        )
        return tuple(map(self._sheet, rows.all()))

    def counts(self, *, scope: str) -> dict[SheetState, int]:
        """How many sheets are in each state."""
        statement = select(col(GangSheetRow.state), func.count()).group_by(col(GangSheetRow.state))
        if scope != ALL_BRANDS:
            statement = statement.where(col(GangSheetRow.brand) == scope)
        return {SheetState(state): count for state, count in self._session.exec(statement)}

    def _change(self, sheet: GangSheet, expected: SheetState, **values: Any) -> bool:
        statement = (
            update(GangSheetRow)
            .where(
                col(GangSheetRow.brand) == sheet.brand,
                col(GangSheetRow.id) == sheet.id,
                col(GangSheetRow.state) == expected,
            )
            .values(**values)
        )
        changed: bool = self._session.execute(statement).rowcount == 1  # type: ignore[attr-defined]
        return changed

    def _sheet(self, row: GangSheetRow) -> GangSheet:
        places = self._session.exec(
            select(GangPlaceRow)
            .where(col(GangPlaceRow.brand) == row.brand, col(GangPlaceRow.sheet) == row.id)
            .order_by(col(GangPlaceRow.number))
            .execution_options(populate_existing=True)
        )
        return GangSheet(
            state=SheetState(row.state),
            form=read_form(row.form),
            places=tuple(GangPlace(**{name: getattr(place, name) for name in _PLACE}) for place in places),
            **{name: getattr(row, name) for name in _SHEET},
        )


def _placed(component: Component) -> SelectOfScalar[GangPlaceRow]:
    """The places of a component, in its generation, each with its sheet."""
    of_sheet = and_(
        col(GangSheetRow.brand) == col(GangPlaceRow.brand), col(GangSheetRow.id) == col(GangPlaceRow.sheet)
    )
    return select(GangPlaceRow).join(GangSheetRow, of_sheet).where(*_of(component))


def _of(component: Component) -> tuple[ColumnElement[bool], ...]:
    """The places of a component, in its generation."""
    return (
        col(GangPlaceRow.brand) == component.brand,
        col(GangPlaceRow.record) == component.record,
        col(GangPlaceRow.component) == component.number,
        col(GangPlaceRow.generation) == component.generation,
    )
