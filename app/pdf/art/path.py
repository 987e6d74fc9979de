"""SVG's shapes as PDF path operators."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fontTools.pens.basePen import BasePen
from fontTools.svgLib.path import parse_path
from reportlab.pdfgen.pathobject import PDFPathObject

_Point = tuple[float, float]
_QUARTER = 4 * (math.sqrt(2) - 1) / 3
"""Where the control points of a quarter of a circle stand, in radii."""


class PathError(ValueError):
    """A shape that cannot be drawn."""


@dataclass(frozen=True, slots=True)
class Shape:
    """An SVG element by its tag and attributes."""

    tag: str
    attributes: Mapping[str, str]

    def length(self, attribute: str, default: float = 0.0) -> float:
        """An attribute as a number in user units.

        Raises:
            PathError: it is no number.
        """
        said = self.attributes.get(attribute)
        if said is None:
            return default
        try:
            return _finite(said)
        except ValueError:
            raise PathError(f"{attribute}={said!r} is not a number in mm") from None


def _finite(said: str) -> float:
    """A number that can be drawn; SVG has no infinity."""
    value = float(said)
    if not math.isfinite(value):
        raise ValueError(f"{said!r} is not a finite number")
    return value


class _Pen(BasePen):  # type: ignore[misc]  # fontTools has no types
    """Hands what it is drawn on to a PDF path; BasePen makes cubics of quadratics."""

    def __init__(self, outline: PDFPathObject) -> None:
        super().__init__(None)
        self._outline = outline

    def _moveTo(self, pt: _Point) -> None:  # noqa: N802 - the pen protocol's name
        self._outline.moveTo(*pt)

    def _lineTo(self, pt: _Point) -> None:  # noqa: N802 - the pen protocol's name
        self._outline.lineTo(*pt)

    def _curveToOne(self, pt1: _Point, pt2: _Point, pt3: _Point) -> None:  # noqa: N802 - as above
        self._outline.curveTo(*pt1, *pt2, *pt3)

    def _closePath(self) -> None:  # noqa: N802 - the pen protocol's name
        self._outline.close()


def path_operators(shape: Shape) -> str:
    """The shape's outline; "" where it has none.

    Raises:
        PathError: the tag is no known shape, or its attributes cannot be read.
    """
    draw = _SHAPES.get(shape.tag)
    if draw is None:
        known = ", ".join(sorted(_SHAPES))
        raise PathError(f"only these are drawn: {known}")
    outline = PDFPathObject()
    draw(shape, outline)
    # reportlab begins each path by ending the one before ("n"); here none was begun (ISO 32000-2, 8.5.3).
    return str(outline.getCode()).removeprefix("n ")


def _path(shape: Shape, outline: PDFPathObject) -> None:
    try:
        parse_path(shape.attributes.get("d", ""), _Pen(outline))
    except (ValueError, IndexError, AssertionError, NotImplementedError) as error:
        raise PathError(f"its path data cannot be read ({error})") from error


def _rect(shape: Shape, outline: PDFPathObject) -> None:
    x, y = shape.length("x"), shape.length("y")
    width, height = shape.length("width"), shape.length("height")
    if width <= 0 or height <= 0:
        return
    rx = min(shape.length("rx", shape.length("ry")), width / 2)
    ry = min(shape.length("ry", shape.length("rx")), height / 2)
    if rx > 0 and ry > 0:
        _rounded(outline, (x, y, x + width, y + height), rx, ry)
    else:
        outline.rect(x, y, width, height)


def _rounded(outline: PDFPathObject, box: tuple[float, float, float, float], rx: float, ry: float) -> None:
    """A rectangle whose corners are quarters of an ellipse, clockwise on paper (SVG 2, 10.2)."""
    left, top, right, bottom = box
    # What is left of a radius beside the control point of a quarter's curve.
    dx, dy = rx * (1 - _QUARTER), ry * (1 - _QUARTER)
    outline.moveTo(left + rx, top)
    outline.lineTo(right - rx, top)
    outline.curveTo(right - dx, top, right, top + dy, right, top + ry)
    outline.lineTo(right, bottom - ry)
    outline.curveTo(right, bottom - dy, right - dx, bottom, right - rx, bottom)
    outline.lineTo(left + rx, bottom)
    outline.curveTo(left + dx, bottom, left, bottom - dy, left, bottom - ry)
    outline.lineTo(left, top + ry)
    outline.curveTo(left, top + dy, left + dx, top, left + rx, top)
    outline.close()


def _ellipse(shape: Shape, outline: PDFPathObject) -> None:
    rx = shape.length("rx", shape.length("r"))
    ry = shape.length("ry", shape.length("r"))
    if rx > 0 and ry > 0:
        outline.ellipse(shape.length("cx") - rx, shape.length("cy") - ry, 2 * rx, 2 * ry)
        outline.close()


def _line(shape: Shape, outline: PDFPathObject) -> None:
    outline.moveTo(shape.length("x1"), shape.length("y1"))
    outline.lineTo(shape.length("x2"), shape.length("y2"))


def _polyline(shape: Shape, outline: PDFPathObject) -> None:
    said = shape.attributes.get("points", "").replace(",", " ").split()
    try:
        values = [_finite(value) for value in said]
    except ValueError as error:
        raise PathError(f"its points cannot be read ({error})") from error
    if len(values) % 2 or not values:
        raise PathError("its points are not pairs of numbers")
    first, *others = zip(values[::2], values[1::2], strict=True)
    outline.moveTo(*first)
    for point in others:
        outline.lineTo(*point)


def _polygon(shape: Shape, outline: PDFPathObject) -> None:
    _polyline(shape, outline)
    outline.close()


_SHAPES: Mapping[str, Callable[[Shape, PDFPathObject], None]] = {
    "path": _path,
    "rect": _rect,
    "circle": _ellipse,
    "ellipse": _ellipse,
    "line": _line,
    "polyline": _polyline,
    "polygon": _polygon,
}
