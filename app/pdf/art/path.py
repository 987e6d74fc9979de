"""SVG's shapes as PDF path operators."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fontTools.pens.basePen import BasePen
from fontTools.svgLib.path import parse_path

from app.pdf.file.syntax import number

_CIRCLE = 0.5522847498
"""How far the control points of a quarter circle are from its ends, in radii."""
_Point = tuple[float, float]


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
            return float(said)
        except ValueError:
            raise PathError(f"{attribute}={said!r} is not a number in mm") from None


class _Operators(BasePen):  # type: ignore[misc]  # fontTools has no types
    """Writes what it is drawn; BasePen makes cubics of quadratics."""

    def __init__(self) -> None:
        super().__init__(None)
        self.parts: list[str] = []

    def _moveTo(self, pt: _Point) -> None:  # noqa: N802 - the pen protocol's name
        self.parts.append(f"{number(pt[0])} {number(pt[1])} m")

    def _lineTo(self, pt: _Point) -> None:  # noqa: N802 - the pen protocol's name
        self.parts.append(f"{number(pt[0])} {number(pt[1])} l")

    def _curveToOne(self, pt1: _Point, pt2: _Point, pt3: _Point) -> None:  # noqa: N802 - as above
        self.parts.append(" ".join(number(value) for pt in (pt1, pt2, pt3) for value in pt) + " c")

    def _closePath(self) -> None:  # noqa: N802 - the pen protocol's name
        self.parts.append("h")


def path_operators(shape: Shape) -> str:
    """The shape's outline; "" where it has none.

    Raises:
        PathError: the tag is no known shape, or its attributes cannot be read.
    """
    draw = _SHAPES.get(shape.tag)
    if draw is None:
        known = ", ".join(sorted(_SHAPES))
        raise PathError(f"only these are drawn: {known}")
    return draw(shape)


def _path(shape: Shape) -> str:
    pen = _Operators()
    try:
        parse_path(shape.attributes.get("d", ""), pen)
    except (ValueError, IndexError, AssertionError, NotImplementedError) as error:
        raise PathError(f"its path data cannot be read ({error})") from error
    return " ".join(pen.parts)


def _rect(shape: Shape) -> str:
    x, y = shape.length("x"), shape.length("y")
    width, height = shape.length("width"), shape.length("height")
    if width <= 0 or height <= 0:
        return ""
    rx = shape.length("rx", shape.length("ry"))
    ry = shape.length("ry", rx)
    rx, ry = min(rx, width / 2), min(ry, height / 2)
    if not rx or not ry:
        return " ".join(map(number, (x, y, width, height))) + " re"
    right, bottom, kx, ky = x + width, y + height, rx * (1 - _CIRCLE), ry * (1 - _CIRCLE)
    pen = _Operators()
    pen.moveTo((x + rx, y))
    pen.lineTo((right - rx, y))
    pen.curveTo((right - kx, y), (right, y + ky), (right, y + ry))
    pen.lineTo((right, bottom - ry))
    pen.curveTo((right, bottom - ky), (right - kx, bottom), (right - rx, bottom))
    pen.lineTo((x + rx, bottom))
    pen.curveTo((x + kx, bottom), (x, bottom - ky), (x, bottom - ry))
    pen.lineTo((x, y + ry))
    pen.curveTo((x, y + ky), (x + kx, y), (x + rx, y))
    pen.closePath()
    return " ".join(pen.parts)


def _ellipse(shape: Shape) -> str:
    cx, cy = shape.length("cx"), shape.length("cy")
    rx = shape.length("rx", shape.length("r"))
    ry = shape.length("ry", shape.length("r"))
    if rx <= 0 or ry <= 0:
        return ""
    kx, ky = rx * _CIRCLE, ry * _CIRCLE
    pen = _Operators()
    pen.moveTo((cx + rx, cy))
    pen.curveTo((cx + rx, cy + ky), (cx + kx, cy + ry), (cx, cy + ry))
    pen.curveTo((cx - kx, cy + ry), (cx - rx, cy + ky), (cx - rx, cy))
    pen.curveTo((cx - rx, cy - ky), (cx - kx, cy - ry), (cx, cy - ry))
    pen.curveTo((cx + kx, cy - ry), (cx + rx, cy - ky), (cx + rx, cy))
    pen.closePath()
    return " ".join(pen.parts)


def _line(shape: Shape) -> str:
    ends = (shape.length(a) for a in ("x1", "y1", "x2", "y2"))
    x1, y1, x2, y2 = map(number, ends)
    return f"{x1} {y1} m {x2} {y2} l"


def _points(shape: Shape, *, closed: bool) -> str:
    said = shape.attributes.get("points", "").replace(",", " ").split()
    try:
        values = [number(float(value)) for value in said]
    except ValueError as error:
        raise PathError(f"its points cannot be read ({error})") from error
    if len(values) % 2 or not values:
        raise PathError("its points are not pairs of numbers")
    pairs = [f"{x} {y}" for x, y in zip(values[::2], values[1::2], strict=True)]
    return f"{pairs[0]} m " + "".join(f"{pair} l " for pair in pairs[1:]) + ("h" if closed else "")


_SHAPES: Mapping[str, Callable[[Shape], str]] = {
    "path": _path,
    "rect": _rect,
    "circle": _ellipse,
    "ellipse": _ellipse,
    "line": _line,
    "polyline": lambda shape: _points(shape, closed=False),
    "polygon": lambda shape: _points(shape, closed=True),
}
