"""Where the pieces of a sheet stand, once it was made: which sheet of the pile, which place, which row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from app.domain.gang_sheet import GangPlace, GangSheet
from app.domain.geometry import Box
from app.domain.sheet import Duplex
from app.pdf.impose.layout import Back, Layout
from app.pdf.impose.order import Stacking


@dataclass(frozen=True, slots=True)
class Stand:
    """One place that a piece has: the sheet from 1, separators counted; place, row and column from 1."""

    sheet: int
    place: int
    row: int
    column: int
    front: Box
    """Its trim on the front, mm from the sheet's top-left corner."""
    back: Box


def on_spots(sheet: GangSheet, places: Iterable[GangPlace]) -> GangSheet:
    """A sheet with its pieces on their spots: these one after the other, all others nowhere."""
    spots: dict[int, int] = {}
    spot = 0
    for place in places:
        spots[place.number] = spot
        spot += place.count
    stood = tuple(replace(place, spot=spots.get(place.number)) for place in sheet.places)
    return replace(sheet, places=stood)


def has_separator(sheet: GangSheet) -> bool:
    """Whether a separator sheet goes before its pieces: where several sheets are one pile."""
    return sheet.form.sheets > 1


def pages_of(sheet: GangSheet) -> int:
    """The pages of its file, once it was made."""
    sheets = Stacking(sheet.printed, sheet.each, sheet.form.order).sheets + has_separator(sheet)
    return sheets * (1 + sheet.form.two_sided) if sheet.printed else 0


def stands(sheet: GangSheet, layout: Layout) -> Iterator[tuple[GangPlace, tuple[Stand, ...]]]:
    """Each piece with where it stands; one that was left out stands nowhere.

    Args:
        sheet: a sheet that was made.
        layout: how pieces stand on a sheet of its form.
    """
    stacking = Stacking(sheet.printed, layout.count, sheet.form.order)
    before, back, places = has_separator(sheet), Back(layout.sheet, Duplex.LONG), layout.places
    found: dict[int, Stand] = {}
    for index in range(stacking.sheets):
        for place, record in zip(places, stacking.on(index), strict=True):
            if record is not None:
                number = index + 1 + before
                found[record] = Stand(
                    number,
                    place.number + 1,
                    place.row + 1,
                    place.column + 1,
                    place.trim,
                    back.behind(place.trim),
                )
    for one in sheet.places:
        spots = range(0) if one.spot is None else range(one.spot, one.spot + one.count)
        yield one, tuple(found[spot] for spot in spots)
