"""Where the pieces stand on a sheet: as many as fit, centred, with room for marks and slug. Pure; in mm.

The origin is the sheet's top-left corner, y downwards, as one looks at the printed side.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import NamedTuple

from app.domain.geometry import Box
from app.domain.sheet import Duplex, Size
from app.errors import SetupError

MARK_ROOM = 2.0
"""Least room for crop and register marks beside the bleed."""
SLUG = 5.0
"""Least height of the slug: two lines of type, or a Data Matrix of 16 modules of 0.25 mm."""
_TALLEST_SLUG = 8.0
_MOST_PIECES = 400
_TOUCHES = 1e-6


@dataclass(frozen=True, slots=True)
class Piece:
    """What is cut out: its trim, how far its ink reaches over that, and the strip under the bleed.

    The strip, `foot` mm high, is cut away; a piece's code stands on it. It lies between neighbours, so the
    gutter has room for it and both bleeds.
    """

    trim: Size
    bleed: float
    foot: float = 0.0


class Place(NamedTuple):
    """One place of a sheet, counted from 0 row by row: where the knife cuts, and as far as ink is shown."""

    number: int
    row: int
    column: int
    trim: Box
    shown: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A sheet's places. `gutter` lies between the trims of neighbours, whose bleeds meet in its middle.

    `turned` pieces are turned by a quarter, counterclockwise. `slug` is the strip for what the operator
    reads, along the foot or (`slug_upright` false) the left edge; None where there is no room beside pieces.
    """

    sheet: Size
    margin: float
    piece: Piece
    gutter: float
    columns: int
    rows: int
    turned: bool
    left: float
    """Of the first column's trim."""
    top: float
    slug: Box | None = None
    slug_upright: bool = True

    @property
    def count(self) -> int:
        """Places of a sheet."""
        return self.columns * self.rows

    @property
    def trim(self) -> Size:
        """Of a piece as it lies."""
        width, height = self.piece.trim
        return (height, width) if self.turned else (width, height)

    @property
    def printable(self) -> Box:
        """What the press can print."""
        return Box(0, 0, *self.sheet).inset(self.margin)

    @property
    def block(self) -> Box:
        """Around all bleeds and the strips under them."""
        width, height = self.trim
        trims = Box(
            self.left,
            self.top,
            self.columns * (width + self.gutter) - self.gutter,
            self.rows * (height + self.gutter) - self.gutter,
        )
        bleeds, (aside, below) = trims.inset(-self.piece.bleed), self.feet
        return Box(bleeds.x, bleeds.y, bleeds.width + aside, bleeds.height + below)

    @property
    def feet(self) -> tuple[float, float]:
        """How far a piece's strip reaches over its bleed: at the right where it is turned, else below."""
        return (self.piece.foot, 0.0) if self.turned else (0.0, self.piece.foot)

    @property
    def places(self) -> tuple[Place, ...]:
        """All places in their order."""
        return tuple(
            self._place(number, row, column)
            for number, (row, column) in enumerate(product(range(self.rows), range(self.columns)))
        )

    @property
    def cuts_across(self) -> tuple[float, ...]:
        """The x of every vertical cut, from the left."""
        return _cuts(self.left, self.trim[0], self.gutter, self.columns)

    @property
    def cuts_down(self) -> tuple[float, ...]:
        """The y of every horizontal cut, from the top."""
        return _cuts(self.top, self.trim[1], self.gutter, self.rows)

    def _place(self, number: int, row: int, column: int) -> Place:
        width, height = self.trim
        trim = Box(
            self.left + column * (width + self.gutter), self.top + row * (height + self.gutter), width, height
        )
        bleed, half, (aside, foot) = self.piece.bleed, self.gutter / 2, self.feet
        left = bleed if column == 0 else min(bleed, half)
        right = (bleed if column == self.columns - 1 else min(bleed, half)) + aside
        above = bleed if row == 0 else min(bleed, half)
        below = (bleed if row == self.rows - 1 else min(bleed, half)) + foot
        shown = Box(trim.x - left, trim.y - above, width + left + right, height + above + below)
        return Place(number, row, column, trim, shown)


class Back:
    """The back of a sheet: what lies behind what, and how a piece is turned so that it backs its front up.

    A sheet that is turned around a vertical axis shows what was on the left on the right. Pieces are backed
    up head to head: turned around their own vertical axis, they read upright again.
    """

    def __init__(self, sheet: Size, duplex: Duplex) -> None:
        self._sheet = sheet
        portrait = sheet[1] >= sheet[0]
        self._sideways = portrait == (duplex is Duplex.LONG)
        """Whether it is turned around a vertical axis, so that left and right change places."""

    def behind(self, box: Box) -> Box:
        """Where a box of the front is on the back."""
        if self._sideways:
            return Box(self._sheet[0] - box.right, box.y, box.width, box.height)
        return Box(box.x, self._sheet[1] - box.bottom, box.width, box.height)

    def angle(self, front: int) -> int:
        """Degrees counterclockwise of a back whose front is turned by so many."""
        return (-front if self._sideways else 180 - front) % 360


def lay_out(sheet: Size, margin: float, piece: Piece, gutter: float) -> Layout:
    """The layout that holds most pieces.

    Both ways to lay the piece, and both strips for the slug are tried; marks and slug are left out only where
    not one piece would fit beside them; so is the strip under the piece.

    Args:
        sheet: as it lies in the file.
        margin: that the press cannot print, on all sides.
        piece: what is cut out.
        gutter: between the trims of neighbours.

    Raises:
        SetupError: not one piece fits.
    """
    fitting = _fitting(sheet, margin, piece, gutter, furnished=True)
    fitting = fitting or _fitting(sheet, margin, piece, gutter, furnished=False)
    if not fitting and piece.foot:
        fitting = _fitting(sheet, margin, replace(piece, foot=0.0), gutter, furnished=False)
    if not fitting:
        width, height = piece.trim
        raise SetupError(
            f"a sheet of {sheet[0]:g} × {sheet[1]:g} mm with a margin of {margin:g} mm holds not one piece "
            f"of {width:g} × {height:g} mm with {piece.bleed:g} mm of bleed",
            mend="name a larger sheet, or a smaller margin",
        )
    # Of equals the first: upright before turned, the slug at the foot before the one at the side.
    best = max(fitting, key=lambda layout: layout.count)
    if best.count > _MOST_PIECES:
        raise SetupError(
            f"{best.count} pieces on one sheet are more than {_MOST_PIECES}", mend="name a smaller sheet"
        )
    return best


def _fitting(sheet: Size, margin: float, piece: Piece, gutter: float, *, furnished: bool) -> list[Layout]:
    slugs = (True, False)[: 1 + furnished]
    ways = [(turned, foot) for turned in (False, True) for foot in slugs]
    tried = [
        _fill(sheet, margin, piece, gutter, turned=turned, foot=foot, furnished=furnished)
        for turned, foot in ways
    ]
    return [layout for layout in tried if layout is not None]


def _fill(
    sheet: Size, margin: float, piece: Piece, gutter: float, *, turned: bool, foot: bool, furnished: bool
) -> Layout | None:
    marks = MARK_ROOM if furnished else 0.0
    # Room beside the block: left, top, right, bottom. The standing slug is at the left.
    room = [marks] * 4
    if furnished:
        room[3 if foot else 0] = SLUG
    width, height = reversed(piece.trim) if turned else piece.trim
    beside = 2 * piece.bleed + turned * piece.foot, 2 * piece.bleed + (not turned) * piece.foot
    inside = sheet[0] - 2 * margin, sheet[1] - 2 * margin
    columns, across = _most(inside[0] - room[0] - room[2] - beside[0], width, gutter)
    rows, down = _most(inside[1] - room[1] - room[3] - beside[1], height, gutter)
    if not columns or not rows:
        return None
    left = _start(inside[0], across + beside[0], room[0], room[2]) + margin + piece.bleed
    top = _start(inside[1], down + beside[1], room[1], room[3]) + margin + piece.bleed
    layout = Layout(
        sheet=sheet,
        margin=margin,
        piece=piece,
        gutter=gutter,
        columns=columns,
        rows=rows,
        turned=turned,
        left=left,
        top=top,
        slug_upright=foot,
    )
    return replace(layout, slug=_slug(layout)) if furnished else layout


def _most(room: float, length: float, gutter: float) -> tuple[int, float]:
    """How many of a length fit, and how long they are together."""
    count = max(0, int((room + gutter + _TOUCHES) // (length + gutter)))
    return count, count * (length + gutter) - gutter


def _start(room: float, length: float, before: float, after: float) -> float:
    """Where to start so that it is in the middle, or as near to it as what stands beside it allows."""
    return min(max((room - length) / 2, before), room - length - after)


def _slug(layout: Layout) -> Box:
    """The strip in the middle between the bleeds and the margin, along all cells."""
    block, printable = layout.block, layout.printable
    if layout.slug_upright:
        room = printable.bottom - block.bottom
        tall = min(room, _TALLEST_SLUG)
        return Box(block.x, block.bottom + (room - tall) / 2, block.width, tall)
    room = block.x - printable.x
    tall = min(room, _TALLEST_SLUG)
    return Box(printable.x + (room - tall) / 2, block.y, tall, block.height)


def _cuts(start: float, length: float, gutter: float, count: int) -> tuple[float, ...]:
    edges = (start + index * (length + gutter) for index in range(count))
    cuts = [cut for edge in edges for cut in (edge, edge + length)]
    return tuple(dict.fromkeys(round(cut, 6) for cut in cuts))
