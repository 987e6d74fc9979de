"""A press sheet that several pieces share: its size, how it is turned over, in which order it is cut."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

Size = tuple[float, float]
"""Width and height in mm, as the sheet lies in the file."""

SHEETS: Mapping[str, Size] = {
    "SRA3": (320.0, 450.0),
    "SRA4": (225.0, 320.0),
    "A3": (297.0, 420.0),
    "A4": (210.0, 297.0),
    "13x19": (330.2, 482.6),
}
"""Sheets by the names that presses and paper makers use (ISO 216, ISO 217; 13 × 19 inches)."""
LARGEST = 2000.0
"""mm of an edge."""
_CUSTOM = re.compile(r"(\d+(?:\.\d+)?)\s*[x×*]\s*(\d+(?:\.\d+)?)(?:\s*mm)?")


class CutOrder(StrEnum):
    """Where the records of a run stand on its sheets."""

    CUT_STACK = "cut-stack"
    """Each place of the sheets is one stack; cut, and stacks put under each other, records are in order."""
    SEQUENCE = "sequence"
    """Sheet by sheet, row by row."""


class Duplex(StrEnum):
    """How the press turns the sheet for its back."""

    LONG = "long"
    """Around its long edge, like the leaf of a book in portrait."""
    SHORT = "short"
    OFF = "off"
    """Every page is a front."""


def sheet_size(said: str) -> Size:
    """The size of a sheet by its name, or as `320x450` in mm.

    Raises:
        ValueError: it is neither, or no sheet is of that size.
    """
    names = {name.casefold(): size for name, size in SHEETS.items()}
    if said.strip().casefold() in names:
        return names[said.strip().casefold()]
    found = _CUSTOM.fullmatch(said.strip())
    if found is None:
        raise ValueError(f"{said!r} is no sheet; write {', '.join(SHEETS)}, or width x height in mm")
    width, height = float(found[1]), float(found[2])
    if not (0 < width <= LARGEST and 0 < height <= LARGEST):
        raise ValueError(f"a sheet of {width:g} × {height:g} mm is not to be had")
    return width, height


def sheet_name(size: Size) -> str:
    """What people call a sheet, such as `SRA3` or `300 × 400 mm`."""
    for name, known in SHEETS.items():
        if sorted(known) == sorted(size):
            return name
    return f"{size[0]:g} × {size[1]:g} mm"
