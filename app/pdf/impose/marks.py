"""Crop and register marks, on every plate: where the knife goes, and whether front and back meet."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from app.domain.geometry import Box
from app.pdf.impose.drawing import circle, in_registration, line
from app.pdf.impose.layout import MARK_ROOM, Layout

_LONGEST = 5.0
"""mm of a crop mark."""
_CLEAR = 1.0
"""mm that a crop mark stays off the trim, whatever the bleed."""
_LARGEST_TARGET = 5.0
_RING = 0.3
"""Radius of a register mark's circle, in lengths of its cross."""
_ROOM_BETWEEN_CUTS = 12.0
"""mm between two cuts that a register mark needs, to be clear of their marks."""
_NEAR = 1e-6
Placing = Callable[[Box], Box]
"""Where a box of the front is on the side that is drawn."""


def marks(layout: Layout, placing: Placing) -> str:
    """The marks of one side, as operators in mm; none where the sheet has no room for them."""
    if layout.slug is None:
        return ""
    lines = "".join(line(*_ends(placing(box))) for box in _crop_marks(layout))
    targets = "".join(_target(placing(box)) for box in _targets(layout))
    return in_registration(lines + targets)


def _crop_marks(layout: Layout) -> Iterator[Box]:
    """Boxes without width or height, at both ends of every cut."""
    block, printable = layout.block, layout.printable
    clear = max(0.0, _CLEAR - layout.piece.bleed)
    above, below = block.y - clear, block.bottom + clear
    left, right = block.x - clear, block.right + clear
    up, down = min(_LONGEST, above - printable.y), min(_LONGEST, printable.bottom - below)
    back, on = min(_LONGEST, left - printable.x), min(_LONGEST, printable.right - right)
    for x in layout.cuts_across:
        yield Box(x, above - up, 0, up)
        yield Box(x, below, 0, down)
    for y in layout.cuts_down:
        yield Box(left - back, y, back, 0)
        yield Box(right, y, on, 0)


def _ends(box: Box) -> tuple[float, float, float, float]:
    return box.x, box.y, box.right, box.bottom


def _targets(layout: Layout) -> Iterator[Box]:
    """Squares beside the outermost pieces, on the two sides that the slug leaves free."""
    block, printable = layout.block, layout.printable
    upright = layout.slug_upright
    cuts = layout.cuts_down if upright else layout.cuts_across
    if cuts[1] - cuts[0] < _ROOM_BETWEEN_CUTS:
        return
    near = block.x - printable.x if upright else block.y - printable.y
    far = printable.right - block.right if upright else printable.bottom - block.bottom
    size = min(_LARGEST_TARGET, near, far)
    if size < MARK_ROOM - _NEAR:
        return
    for middle in dict.fromkeys(((cuts[0] + cuts[1]) / 2, (cuts[-2] + cuts[-1]) / 2)):
        if upright:
            yield Box(block.x - near / 2 - size / 2, middle - size / 2, size, size)
            yield Box(block.right + far / 2 - size / 2, middle - size / 2, size, size)
        else:
            yield Box(middle - size / 2, block.y - near / 2 - size / 2, size, size)
            yield Box(middle - size / 2, block.bottom + far / 2 - size / 2, size, size)


def _target(box: Box) -> str:
    x, y, half = box.x + box.width / 2, box.y + box.height / 2, box.width / 2
    ring = f"{circle(x, y, box.width * _RING)} S\n"
    return ring + line(x - half, y, x + half, y) + line(x, y - half, x, y + half)
