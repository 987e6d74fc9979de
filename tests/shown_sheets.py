"""Gang sheets as tests of pages and API want them to stand, with real files on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from app.domain.gang_sheet import GangPlace, GangSheet, SheetState
from app.services.gang.standing import on_spots
from tests.desk import Plant
from tests.sent import NOW, Sent
from tests.sheets import block, piece

_MADE = {SheetState.ACCEPTED, SheetState.DONE, SheetState.UNKNOWN, SheetState.FAILED}


def put_sheet(
    plant: Plant, orders: Sequence[Sent], *, name: str = "SHEET00000001", sheets: int = 1, **more: object
) -> GangSheet:
    """A sheet with the cards of orders that are not in the database yet."""
    for number, sent in enumerate(orders):
        tint = block(f"0 {0.2 + 0.1 * (number % 8):.1f} 0.3 0", -3, -3, 111, 154)
        mark = block("0 0 0 1", 12, 20, 20 + 5 * number, 10)
        pdf = piece(plant.folder / f"{sent.job_id}.pdf", [tint + mark] * 2, trim=(105, 148)).read_bytes()
        plant.send(plant.print(sent, pdf))
    with plant.store.transaction() as tx:
        ganging = plant.kinds.of(tx.components.get(orders[0].job_id))
        assert ganging is not None
        places = tuple(
            GangPlace(number=number, count=1, record=sent.job_id, component=0, generation=0)
            for number, sent in enumerate(orders)
        )
        form = replace(ganging.form, sheets=sheets)
        other = plant.kinds.on(tx.components.get(orders[0].job_id), form)
        assert other is not None
        sheet = GangSheet(
            brand=orders[0].brand,
            id=name,
            target="hot-folder",
            kind=other.kind,
            form=form,
            room=other.room,
            state=SheetState.OPEN,
            opened_at=NOW,
            close_at=NOW + timedelta(hours=3, minutes=30),
        )
        tx.gang_sheets.open(sheet)
        for place in places:
            tx.gang_sheets.place(sheet, place, close_at=sheet.close_at)
        stands = more.get("state", SheetState.OPEN) in _MADE
        if stands:
            made = on_spots(replace(sheet, places=places), places)
            tx.gang_sheets.put_on_spots(sheet, {one.number: one.spot or 0 for one in made.places})
        if more:
            state = SheetState(str(more.pop("state", SheetState.OPEN)))
            assert tx.gang_sheets.move(sheet, state, **more)
        return tx.gang_sheets.get(sheet.brand, sheet.id)
