"""Lets ready pieces wait for a sheet, at targets that want them ganged; and closes sheets by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from app.domain.clock import Clock
from app.domain.component import Component, MakeUp, make_up_of_card, make_up_of_product
from app.domain.gang_sheet import GangPlace, GangRule, GangSheet, SheetState, gang_sheet_id
from app.domain.insert import InsertState
from app.domain.product import Product
from app.domain.profile import PressProfile
from app.domain.template import CardTemplate
from app.errors import SetupError, WrongState
from app.pdf.impose.layout import Piece, lay_out
from app.pdf.item import product_profile
from app.store.database import Transaction

FULL, DUE = "full", "due"
"""Why a sheet closed, where no person closed it."""


class SheetQueue(Protocol):
    """The task that makes a sheet and hands it over."""

    def gang_sheet(
        self, tx: Transaction, sheet: GangSheet, *, attempt: int = 0, delay: timedelta | None = None
    ) -> None:
        """Look at a sheet after `delay`: where it is open, to close it when its time is up."""
        ...


@dataclass(frozen=True, slots=True)
class Ganging:
    """How pieces of a kind share sheets. `product` is None where they are cards."""

    kind: str
    profile: PressProfile
    product: Product | None
    room: int
    made_up: MakeUp
    each: int
    """Places that one piece takes: the panels of an item lie beside each other."""


class Kinds:
    """Tells which pieces can share a sheet, and how many of them."""

    def __init__(
        self,
        *,
        templates: Mapping[str, CardTemplate],
        products: Mapping[str, Product],
        profiles: Mapping[str, PressProfile],
    ) -> None:
        self._templates = templates
        self._products = products
        self._profiles = profiles

    def of(self, component: Component, rule: GangRule) -> Ganging | None:
        """How a piece shares sheets; None where it cannot, and goes alone."""
        product = None if component.is_insert else self._products.get(component.design)
        template = self._templates.get(component.design) if component.is_insert else None
        if product is not None:
            made, gang = make_up_of_product(product), product.gang
            profile = product_profile(product, self._profiles[product.profile])
            sheet, margin, gap, kind = gang.sheet, gang.margin, gang.gap, f"{product.name} {made.stock}"
            each = component.copies * made.pages
        elif template is not None:
            made, profile = make_up_of_card(template), self._profiles[template.profile]
            sheet, margin, gap = profile.sheet, profile.sheet_margin, made.bleed
            width, height = made.trim
            kind = f"{profile.name} {width:g}x{height:g}+{made.bleed:g} {made.pages} {made.stock}"
            each = component.copies
        else:
            return None
        try:
            room = lay_out(
                rule.sheet or sheet,
                margin if rule.margin is None else rule.margin,
                Piece(made.trim, made.bleed),
                gap if rule.gap is None else rule.gap,
            ).count
        except SetupError:
            return None
        return Ganging(kind, profile, product, room, made, each) if each <= room else None


class WaitForSheet:
    """Puts ready pieces on open sheets."""

    def __init__(
        self, *, rules: Mapping[str, GangRule], kinds: Kinds, queue: SheetQueue, clock: Clock
    ) -> None:
        """`rules` holds the targets that want sheets."""
        self._rules = rules
        self._kinds = kinds
        self._queue = queue
        self._clock = clock

    def __call__(self, tx: Transaction, component: Component) -> bool:
        """Put a ready piece on the open sheet of its kind; False where it goes to its target alone.

        The same generation is put on one sheet, however often it is called for.
        """
        if tx.gang_sheets.of_component(component) is not None:
            return True
        rule = self._rules.get(component.target)
        ganging = None if rule is None else self._kinds.of(component, rule)
        if rule is None or ganging is None or component.state is not InsertState.READY:
            return False
        sheet = tx.gang_sheets.open_for(component.brand, component.target, ganging.kind)
        if sheet is not None and sheet.taken + ganging.each > sheet.room:
            self._close(tx, sheet, FULL)
            sheet = None
        now = self._clock.now()
        close_at = rule.closes_at(now, component.needed_by)
        if sheet is None:
            sheet = GangSheet(
                brand=component.brand,
                id=gang_sheet_id(component.brand, component.name, tx.gang_sheets.times_placed(component)),
                target=component.target,
                kind=ganging.kind,
                room=ganging.room,
                state=SheetState.OPEN,
                opened_at=now,
                close_at=close_at,
            )
            tx.gang_sheets.open(sheet)
            self._queue.gang_sheet(tx, sheet, delay=close_at - now)
        self._place(tx, sheet, component, ganging)
        return True

    def close(self, tx: Transaction, scope: str, sheet_id: str, *, by: str) -> GangSheet:
        """Close an open sheet by hand; one that is closed already stays as it is.

        Args:
            tx: the caller's transaction.
            scope: the brand that the caller serves.
            sheet_id: which.
            by: the person.

        Raises:
            NotFound: there is no such sheet.
            WrongState: it is over, and nothing waits on it.
        """
        sheet = tx.gang_sheets.get(scope, sheet_id, locked=True)
        if sheet.state is SheetState.OPEN:
            self._close(tx, sheet, by)
        elif sheet.state is not SheetState.CLOSED:
            raise WrongState(
                f"the sheet is {sheet.state.value}", mend="new pieces open a new one by themselves"
            )
        return tx.gang_sheets.get(scope, sheet_id)

    def _place(self, tx: Transaction, sheet: GangSheet, component: Component, ganging: Ganging) -> None:
        rule = self._rules[component.target]
        close_at = rule.closes_at(self._clock.now(), component.needed_by)
        place = GangPlace(
            number=sheet.taken,
            count=ganging.each,
            record=component.record,
            component=component.number,
            generation=component.generation,
        )
        tx.gang_sheets.place(sheet, place, close_at=close_at)
        tx.components.move(component, InsertState.READY, reason=f"waits on the sheet {sheet.id}")
        now_taken = tx.gang_sheets.get(sheet.brand, sheet.id)
        if now_taken.taken >= now_taken.room:
            self._close(tx, now_taken, FULL)
        elif now_taken.close_at < sheet.close_at:
            self._queue.gang_sheet(tx, now_taken, delay=now_taken.close_at - self._clock.now())

    def _close(self, tx: Transaction, sheet: GangSheet, by: str) -> None:
        now = self._clock.now()
        if tx.gang_sheets.move(sheet, SheetState.CLOSED, closed_at=now, closed_by=by):
            self._queue.gang_sheet(tx, tx.gang_sheets.get(sheet.brand, sheet.id))
