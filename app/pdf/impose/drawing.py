"""How marks and words get on a sheet: lengths in mm from its top-left corner, colours, type."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.geometry import Box
from app.domain.units import POINTS_PER_MM, points
from app.errors import MissingGlyph
from app.pdf.draw import OVERPRINT, shown_operators
from app.pdf.file.fonts import FontUses
from app.pdf.file.syntax import number
from app.pdf.text.paragraph import Paragraph, Setting, shape_paragraph
from app.pdf.text.place import SetLine, SetText
from app.pdf.typefaces import Typefaces

REGISTRATION = "All"
"""The colour space of marks: every plate has them (ISO 32000-2, 8.6.6.4)."""
REGISTRATION_SPACE = "[/Separation/All/DeviceCMYK<</FunctionType 2/Domain[0 1]/C0[0 0 0 0]/C1[1 1 1 1]/N 1>>]"
_HAIRLINE = 0.25 / POINTS_PER_MM
_ROUND = 0.5523
"""How far a quarter of a circle's handles reach, in radii."""
_TYPEFACE = "print"
_TRACKING = 10


def downwards(height: float) -> str:
    """The matrix after which lengths are mm from the top-left corner of a sheet of that height."""
    return f"{POINTS_PER_MM:.6f} 0 0 {-POINTS_PER_MM:.6f} 0 {number(points(height))} cm\n"


def in_registration(drawn: str) -> str:
    """Hairlines on every plate."""
    return f"q /{REGISTRATION} CS 1 SCN {_HAIRLINE:.4f} w {drawn}Q\n"


def line(x0: float, y0: float, x1: float, y1: float) -> str:
    """A stroke from point to point."""
    return f"{number(x0)} {number(y0)} m {number(x1)} {number(y1)} l S\n"


def rectangle(box: Box) -> str:
    """A rectangle as a path."""
    return f"{number(box.x)} {number(box.y)} {number(box.width)} {number(box.height)} re"


def circle(x: float, y: float, radius: float) -> str:
    """A circle as a path."""
    k, r = radius * _ROUND, radius
    arcs: tuple[tuple[float, ...], ...] = (
        *((r, k, k, r, 0, r), (-k, r, -r, k, -r, 0)),
        *((-r, -k, -k, -r, 0, -r), (k, -r, r, -k, r, 0)),
    )
    drawn = [f"{' '.join(number(at + (x, y)[axis % 2]) for axis, at in enumerate(arc))} c" for arc in arcs]
    return f"{number(x + radius)} {number(y)} m {' '.join(drawn)}"


@dataclass(frozen=True, slots=True)
class Words:
    """A line of type, not yet placed."""

    paragraph: Paragraph
    size: float

    @property
    def width(self) -> float:
        """In pt."""
        return self.paragraph.advance * self.size

    def at(self, x: float, y: float, uses: FontUses) -> str:
        """It in black, over what is there, its baseline starting at a point in pt."""
        placed = SetLine(self.paragraph, 0, len(self.paragraph.pieces), x, y, 0.0, 0.0)
        shown = shown_operators(SetText(self.size, [placed], 0.0), uses)
        return f"q /{OVERPRINT} gs 0 0 0 1 k\nBT\n{shown}ET Q\n"


class Type:
    """Sets lines of type."""

    def __init__(self, typefaces: Typefaces) -> None:
        self._setting = Setting(typefaces.printed(_TYPEFACE, "en", _TRACKING), 0)

    def set(self, text: str, size: float) -> Words | None:
        """A line; None where there is nothing to be seen, or a character that no font of the plant has.

        What stands beside the pieces helps the operator; it must not hold a sheet.
        """
        try:
            paragraph = shape_paragraph(text.strip(), self._setting, "the slug")
        except MissingGlyph:
            return None
        return Words(paragraph, size) if paragraph.pieces else None

    def largest(self, text: str, sizes: tuple[float, ...], width: float) -> Words | None:
        """The line in the first of some sizes in which it is no wider than that, in pt."""
        found = (self.set(text, size) for size in sizes)
        return next((words for words in found if words and words.width <= width), None)
