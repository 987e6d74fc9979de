"""Where pieces stand: the guillotine, played, gives them back in packing order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.domain.gang_sheet import GangPlace, GangSheet, SheetForm, SheetState
from app.domain.sheet import CutOrder
from app.services.gang.kinds import layout_of
from app.services.gang.standing import on_spots, pages_of, stands

_FORM = SheetForm(
    sheet=(320.0, 450.0),
    margin=4.0,
    trim=(105.0, 148.0),
    bleed=3.0,
    gap=3.0,
    order=CutOrder.CUT_STACK,
    sheets=25,
    two_sided=True,
)
_NOW = datetime(2026, 11, 22, tzinfo=UTC)


def _sheet(count: int, **form: object) -> GangSheet:
    shape = replace(_FORM, **form)  # type: ignore[arg-type]  # by name
    places = tuple(
        GangPlace(number=number, count=1, record=f"JOB{number}", component=0, generation=0)
        for number in range(count)
    )
    return GangSheet(
        brand="acme",
        id="SHEET00000001",
        target="press",
        kind="cards",
        form=shape,
        room=layout_of(shape).count * shape.sheets,
        state=SheetState.CLOSED,
        opened_at=_NOW,
        close_at=_NOW,
        places=places,
    )


@pytest.mark.parametrize("count", [1, 7, 8, 9, 63, 64, 65, 199, 200])
def test_cut_and_stacked_pieces_are_in_packing_order(count: int) -> None:
    sheet = _sheet(count)
    wanted = list(reversed(sheet.places))  # they came in another order than they are packed in
    stood = on_spots(sheet, wanted)
    cut: dict[int, dict[int, str]] = {}
    for place, (stand,) in stands(stood, layout_of(sheet.form)):
        stack = cut.setdefault(stand.place, {})
        assert stand.sheet not in stack, "no two pieces stand on one place"
        stack[stand.sheet] = place.record
    pile = [record for _, stack in sorted(cut.items()) for _, record in sorted(stack.items())]
    assert pile == [place.record for place in wanted]
    sheets = {number for stack in cut.values() for number in stack}
    assert sheets == set(range(2, 2 + len(sheets))), "the first is the separator"
    assert pages_of(stood) == 2 * (1 + len(sheets))


def test_a_piece_that_is_left_out_stands_nowhere_and_leaves_no_hole() -> None:
    sheet = _sheet(3, sheets=1)
    stood = on_spots(sheet, [sheet.places[0], sheet.places[2]])
    found = {
        place.number: [(one.sheet, one.place) for one in where]
        for place, where in stands(stood, layout_of(sheet.form))
    }
    assert found == {0: [(1, 1)], 1: [], 2: [(1, 2)]}
    assert pages_of(stood) == 2


def test_an_item_takes_as_many_places_as_it_has_panels() -> None:
    sheet = _sheet(2, sheets=1, two_sided=False)
    wide = replace(
        sheet, places=tuple(replace(place, number=3 * at, count=3) for at, place in enumerate(sheet.places))
    )
    found = [len(where) for _, where in stands(on_spots(wide, wide.places), layout_of(wide.form))]
    assert found == [3, 3]


def test_the_back_of_a_place_lies_behind_its_front() -> None:
    sheet = _sheet(1, sheets=1)
    ((_, (stand,)),) = stands(on_spots(sheet, sheet.places), layout_of(sheet.form))
    assert stand.front.x + stand.back.right == pytest.approx(320.0)
    assert stand.front.y == stand.back.y


def test_what_was_not_made_has_no_pages() -> None:
    assert pages_of(_sheet(3)) == 0
