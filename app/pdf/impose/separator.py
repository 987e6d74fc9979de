"""The sheet that goes before a batch: cut with the pile, it gives each stack its own label."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.english import plural
from app.domain.sheet import CutOrder
from app.domain.units import points
from app.pdf.file.fonts import FontUses
from app.pdf.impose.drawing import Type
from app.pdf.impose.layout import Layout, Place
from app.pdf.impose.order import Stacking

_TITLE = (28.0, 22.0, 18.0, 14.0, 12.0, 9.0)
_LINE = (12.0, 10.0, 8.0, 6.0)
_INSET = 6.0
"""mm from the cuts."""


def separator(layout: Layout, batch: str, stacking: Stacking, lettering: Type, uses: FontUses) -> str:
    """What stands on the front of a batch's separator sheet, as operators in pt."""
    return "".join(
        _label(layout, place, _lines(batch, stacking, place), lettering, uses) for place in layout.places
    )


def _lines(batch: str, stacking: Stacking, place: Place) -> Sequence[str]:
    records = stacking.stack(place.number)
    pieces = plural(stacking.count, "piece")
    if not records:
        return batch, "Nothing here", f"The batch has {pieces} on {plural(stacking.sheets, 'sheet')}"
    if stacking.order is CutOrder.SEQUENCE:
        return batch, f"Place {place.number + 1} of {stacking.places}", f"{pieces}, row by row"
    first, last = records.start + 1, records.stop
    which = f"Pieces {first:,} to {last:,}" if last > first else f"Piece {first:,}"
    return (
        batch,
        f"Stack {place.number + 1} of {min(stacking.places, stacking.count)}",
        f"{which} of {stacking.count:,}",
        "First of the batch" if place.number == 0 else f"Goes under stack {place.number}",
    )


def _label(layout: Layout, place: Place, lines: Sequence[str], lettering: Type, uses: FontUses) -> str:
    """The lines from the top of a piece; one too wide at any size is left out."""
    trim = place.trim
    left, room = points(trim.x + _INSET), points(trim.width - 2 * _INSET)
    y, floor = points(layout.sheet[1] - trim.y - _INSET), points(layout.sheet[1] - trim.bottom)
    drawn: list[str] = []
    for text, sizes in zip(lines, (_TITLE, *[_LINE] * len(lines)), strict=False):
        words = lettering.largest(text, sizes, room)
        if words is None or y - 1.3 * words.size < floor:
            continue
        y -= words.size
        drawn.append(words.at(left, y, uses))
        y -= 0.5 * words.size
    return "".join(drawn)
