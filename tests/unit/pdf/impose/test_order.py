"""The guillotine, simulated: sheets are piled up, cut, and the stacks put on each other."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from app.domain.geometry import Box
from app.domain.sheet import CutOrder, Duplex, Size
from app.pdf.impose.layout import Back, Layout, Piece, lay_out
from app.pdf.impose.order import Stacking

_A6 = Piece((105, 148), 3)
_LAYOUTS = {
    "cards": lay_out((320, 450), 4, _A6, 3),
    "one row": lay_out((450, 130), 4, Piece((60, 90), 2), 4),
    "one a sheet": lay_out((130, 180), 4, _A6, 0),
    "small": lay_out((297, 420), 5, Piece((85, 55), 3), 6),
    "cookies": lay_out((210, 297), 10, Piece((80, 80), 2), 8),
}


_Side = dict[tuple[int, int], tuple[int, Box]]
"""A side's ink, by the micrometres of its middle: whose, and where."""


class _Sheet(NamedTuple):
    front: _Side
    back: _Side


def _press(layout: Layout, stacking: Stacking, back: Back) -> list[_Sheet]:
    """Sheets as they come out of the press, the first on top."""
    sheets = []
    for number in range(stacking.sheets):
        placed = [
            (record, place.trim)
            for record, place in zip(stacking.on(number), layout.places, strict=True)
            if record is not None
        ]
        fronts = {_middle(box): (record, box) for record, box in placed}
        backs = {_middle(back.behind(box)): (record, back.behind(box)) for record, box in placed}
        sheets.append(_Sheet(fronts, backs))
    return sheets


def _cut(layout: Layout, sheets: list[_Sheet], duplex: Duplex) -> list[list[tuple[int | None, int | None]]]:
    """Strips between horizontal cuts, then pieces between vertical ones, read row by row: each a stack.

    The guillotine knows nothing of the plan. It cuts where the marks are, and sees on each piece what lies
    there, on the front and, with the sheet turned over by hand, on the back.
    """
    stacks = []
    for top, bottom in zip(layout.cuts_down[::2], layout.cuts_down[1::2], strict=True):
        for left, right in zip(layout.cuts_across[::2], layout.cuts_across[1::2], strict=True):
            piece = Box(left, top, right - left, bottom - top)
            behind = _turned_over(piece, layout.sheet, duplex)
            stacks.append([(_seen(sheet.front, piece), _seen(sheet.back, behind)) for sheet in sheets])
    return stacks


def _turned_over(box: Box, sheet: Size, duplex: Duplex) -> Box:
    """Where a piece of paper is once the sheet was turned, worked out by its corners."""
    around_vertical = (sheet[1] >= sheet[0]) == (duplex is Duplex.LONG)
    corners = [(box.x, box.y), (box.right, box.bottom)]
    turned = [(sheet[0] - x, y) if around_vertical else (x, sheet[1] - y) for x, y in corners]
    (x0, x1), (y0, y1) = (sorted(axis) for axis in zip(*turned, strict=True))
    return Box(x0, y0, x1 - x0, y1 - y0)


def _seen(side: _Side, piece: Box) -> int | None:
    found = side.get(_middle(piece))
    assert found is None or piece.inset(-0.001).contains(found[1])
    return found[0] if found else None


def _middle(box: Box) -> tuple[int, int]:
    return round(1000 * (box.x + box.width / 2)), round(1000 * (box.y + box.height / 2))


@pytest.mark.parametrize("duplex", [Duplex.LONG, Duplex.SHORT])
@pytest.mark.parametrize("name", _LAYOUTS)
def test_stacks_put_on_each_other_stand_in_packing_order(name: str, duplex: Duplex) -> None:
    layout = _LAYOUTS[name]
    for count in range(1, 201):
        stacking = Stacking(count, layout.count, CutOrder.CUT_STACK)
        sheets = _press(layout, stacking, Back(layout.sheet, duplex))
        pile = [piece for stack in _cut(layout, sheets, duplex) for piece in stack]
        cards = [piece for piece in pile if piece != (None, None)]
        assert cards == [(record, record) for record in range(count)]


@pytest.mark.parametrize("places", [1, 2, 3, 4, 6, 8, 21])
def test_white_pieces_are_on_the_last_sheet_alone_and_its_last_places(places: int) -> None:
    for count in range(1, 201):
        stacking = Stacking(count, places, CutOrder.CUT_STACK)
        for sheet in range(stacking.sheets - 1):
            assert None not in stacking.on(sheet)
        last = stacking.on(stacking.sheets - 1)
        filled = count - places * (stacking.sheets - 1)
        assert [record is None for record in last] == [place >= filled for place in range(places)]


def test_sequence_goes_row_by_row_and_sheet_by_sheet() -> None:
    stacking = Stacking(11, 4, CutOrder.SEQUENCE)
    assert [stacking.on(sheet) for sheet in range(stacking.sheets)] == [
        (0, 1, 2, 3),
        (4, 5, 6, 7),
        (8, 9, 10, None),
    ]


@pytest.mark.parametrize("order", list(CutOrder))
def test_every_record_stands_once(order: CutOrder) -> None:
    for count in range(1, 201):
        stacking = Stacking(count, 6, order)
        placed = [record for sheet in range(stacking.sheets) for record in stacking.on(sheet)]
        assert sorted(record for record in placed if record is not None) == list(range(count))
        assert sorted(record for place in range(6) for record in stacking.stack(place)) == list(range(count))
