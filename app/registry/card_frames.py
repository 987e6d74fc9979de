"""What a frame of `template.toml` must keep: its place on the card, its type sizes, room for the codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from app.domain.brand import PALETTE_TOKENS
from app.domain.geometry import Box
from app.domain.template import CODES, Frame, Role, VerticalAlign
from app.domain.units import millimetres
from app.registry.card_art import Sheet
from app.registry.toml_file import Key, TomlFile

_PICTURES = CODES.keys() | {Role.SIGNATURE}
_SEVERAL_LINES = frozenset({Role.HEADLINE, Role.MESSAGE})
_SMALLEST_TYPE = 4.0
"""pt; smaller type is lost on every press."""
_TIGHTEST = 0.8
"""Leading in parts of the type's size, under which lines run into each other."""


def check_frame(file: TomlFile, key: Key, frame: Frame, sheet: Sheet) -> None:
    """Note what is wrong with one frame by itself."""
    _check_place(file, (*key, "box"), frame, sheet)
    if frame.colour not in PALETTE_TOKENS:
        known = ", ".join(sorted(PALETTE_TOKENS))
        file.fault((*key, "colour"), f"{frame.colour!r} is no palette colour", f"use one of {known}")
    if frame.role not in CODES:
        _check_type(file, key, frame)


def _check_place(file: TomlFile, key: Key, frame: Frame, sheet: Sheet) -> None:
    box, trim = frame.box, sheet.trim
    safe = trim.inset(sheet.safe)
    if box.width <= 0 or box.height <= 0:
        file.fault(
            key,
            f"the {frame.role} frame is {box.width:g} × {box.height:g} mm, and holds nothing",
            "write [left, top, width, height] in mm",
        )
    elif not _meets(box, trim):
        file.fault(
            key,
            f"the {frame.role} frame lies outside the card, which is {trim.width:g} × {trim.height:g} mm",
            "write [left, top, width, height] in mm from the trim's top-left corner",
        )
    elif not safe.contains(box):
        file.fault(
            key,
            f"the {frame.role} frame leaves the safe zone, which is x {safe.x:g} to {safe.right:g} mm, "
            f"y {safe.y:g} to {safe.bottom:g} mm",
            "move it in or make it smaller: what is cut off cannot be read",
        )


def _check_type(file: TomlFile, key: Key, frame: Frame) -> None:
    smallest, largest = frame.size
    if smallest > largest:
        file.fault((*key, "size"), "the smallest size is over the largest", "write [smallest, largest] in pt")
    elif smallest < _SMALLEST_TYPE:
        file.fault(
            (*key, "size"), f"{smallest:g} pt cannot be read on paper", f"use {_SMALLEST_TYPE:g} pt or more"
        )
    elif 0 < frame.box.height < millimetres(smallest) * _TIGHTEST:
        file.fault(
            (*key, "box"),
            f"the {frame.role} frame is {frame.box.height:g} mm high, too low for a line of {smallest:g} pt",
            f"make it {millimetres(smallest):.1f} mm high or more",
        )
    if frame.role in _SEVERAL_LINES and frame.leading < millimetres(largest) * _TIGHTEST:
        file.fault(
            (*key, "leading"),
            f"lines {frame.leading:g} mm apart run into each other at {largest:g} pt, which is "
            f"{millimetres(largest):.1f} mm high",
            f"write {millimetres(largest) * 1.2:.1f} or so",
        )


def check_together(file: TomlFile, key: Key, frames: Sequence[Frame], sheet: Sheet) -> None:
    """Note what is wrong with a side's frames among each other."""
    roles = {frame.role: frame for frame in frames}
    for index, frame in enumerate(frames):
        followed = roles.get(frame.follows) if frame.follows else None
        if frame.follows and not _can_be_followed(followed, frame):
            file.fault(
                (*key, index, "follows"),
                f"this side sets no {frame.follows} text from its frame's top",
                "name the role of a text frame of the same side that follows none itself",
            )
    for (first, one), (second, two) in combinations(enumerate(frames), 2):
        index, code, other = (first, one, two) if one.role in CODES else (second, two, one)
        if code.role in CODES and _overlap(code, other, roles, sheet):
            file.fault(
                (*key, index, "box"),
                f"the {other.role} frame reaches into the {CODES[code.role]}, whose quiet zone stays white",
                "move them apart; where a frame follows a text, also from all places that it may rise to",
            )


def _can_be_followed(followed: Frame | None, frame: Frame) -> bool:
    return (
        followed is not None
        and followed is not frame
        and followed.role not in _PICTURES
        and followed.vertical is VerticalAlign.TOP
        and followed.follows is None
    )


def _overlap(code: Frame, other: Frame, roles: Mapping[Role, Frame], sheet: Sheet) -> bool:
    """Whether a frame meets a code's, where either may stand: as drawn, mirrored, and risen after a text."""
    if code.follows is not None and code.follows == other.follows:
        return _meets(code.box, other.box)
    return any(
        _meets(a, b) for a, b in zip(_places(code, roles, sheet), _places(other, roles, sheet), strict=True)
    )


def _places(frame: Frame, roles: Mapping[Role, Frame], sheet: Sheet) -> Iterable[Box]:
    """All that a frame may cover on a left-to-right and on a right-to-left card."""
    box = frame.box
    followed = roles.get(frame.follows) if frame.follows else None
    rise = followed.box.height if followed else 0.0
    swept = Box(box.x, box.y - rise, box.width, box.height + rise)
    mirrored = Box(sheet.trim.width - swept.right, swept.y, swept.width, swept.height)
    return swept, mirrored if frame.mirror else swept


def _meets(a: Box, b: Box) -> bool:
    edge = 1e-6
    return a.x < b.right - edge and b.x < a.right - edge and a.y < b.bottom - edge and b.y < a.bottom - edge
