"""The outline of what a photo is printed on, in mm of its trim: as it is cut, or grown from that."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from fontTools.pens.basePen import BasePen
from fontTools.svgLib.path import parse_path
from shapely import MultiPolygon, Polygon, box, make_valid
from shapely import Point as Place
from shapely.affinity import scale

from app.domain.geometry import Box
from app.domain.product import Shape, Surface
from app.pdf.art.path import Shape as Drawn
from app.pdf.art.path import path_operators
from app.pdf.file.syntax import number

Point = tuple[float, float]
_STEPS = 16
"""Straight pieces that a curve is flattened to: 0.02 mm off a circle of 40 mm."""
_CORNERS = 3
"""The least that a polygon has."""


class _Flat(BasePen):  # type: ignore[misc]  # fontTools has no types
    """Collects outlines as straight pieces."""

    def __init__(self) -> None:
        super().__init__(None)
        self.outlines: list[list[Point]] = []

    def _moveTo(self, pt: Point) -> None:  # noqa: N802 - the pen protocol's name
        self.outlines.append([pt])

    def _lineTo(self, pt: Point) -> None:  # noqa: N802 - as above
        self.outlines[-1].append(pt)

    def _curveToOne(self, pt1: Point, pt2: Point, pt3: Point) -> None:  # noqa: N802 - as above
        corners = (self._getCurrentPoint(), pt1, pt2, pt3)
        for step in range(1, _STEPS + 1):
            t = step / _STEPS
            weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
            x, y = (sum(w * c[axis] for w, c in zip(weights, corners, strict=True)) for axis in (0, 1))
            self.outlines[-1].append((x, y))


def flattened(path: str) -> list[list[Point]]:
    """The closed outlines of SVG path data, each as the corners of a polygon.

    Raises:
        ValueError: it is no path, or encloses nothing.
    """
    pen = _Flat()
    try:
        parse_path(path, pen)
    except (ValueError, IndexError, AssertionError, NotImplementedError) as error:
        raise ValueError(f"the path cannot be read ({error})") from error
    found = [outline for outline in pen.outlines if len(outline) >= _CORNERS]
    if not found or not _area(found).area:
        raise ValueError("the path encloses nothing")
    return found


def region(surface: Surface, grown: float = 0.0) -> Polygon | MultiPolygon:
    """What the surface's outline encloses, grown outwards by some mm, or inwards where that is negative.

    Raises:
        ValueError: its path is none, or encloses nothing.
    """
    found: Polygon | MultiPolygon = _shape(surface).buffer(grown)
    return found


def outline_operators(surface: Surface, grown: float = 0.0) -> str:
    """The surface's outline as a PDF path, grown outwards by some mm, or inwards where that is negative."""
    if surface.shape is Shape.PATH and grown:
        return " ".join(map(_ring, rings(surface, grown)))
    trim = surface.trim.inset(-grown)
    corner = {"x": trim.x, "y": trim.y, "width": trim.width, "height": trim.height}
    match surface.shape:
        case Shape.RECTANGLE:
            return _drawn("rect", **corner)
        case Shape.ROUNDED:
            return _drawn("rect", **corner, rx=max(0.0, surface.radius + grown))
        case Shape.CIRCLE:
            middle = {"cx": trim.x + trim.width / 2, "cy": trim.y + trim.height / 2}
            return _drawn("ellipse", **middle, rx=trim.width / 2, ry=trim.height / 2)
        case Shape.PATH:
            return path_operators(Drawn("path", {"d": surface.path}))


@lru_cache(maxsize=256)
def rings(surface: Surface, grown: float = 0.0) -> tuple[tuple[Point, ...], ...]:
    """The same outline as polygons, outer ones and holes in turns; none where nothing is left of it."""
    found = region(surface, grown)
    polygons = found.geoms if isinstance(found, MultiPolygon) else (found,)
    each = [ring for one in polygons if not one.is_empty for ring in (one.exterior, *one.interiors)]
    return tuple(tuple((x, y) for x, y in ring.coords[:-1]) for ring in each)


def _shape(surface: Surface) -> Polygon | MultiPolygon:
    width, height = surface.size
    match surface.shape:
        case Shape.RECTANGLE:
            return box(0, 0, width, height)
        case Shape.ROUNDED:
            radius = surface.radius
            return box(radius, radius, width - radius, height - radius).buffer(radius, quad_segs=_STEPS)
        case Shape.CIRCLE:
            circle = Place(0.5, 0.5).buffer(0.5, quad_segs=_STEPS)
            return scale(circle, width, height, origin=(0, 0))
        case Shape.PATH:
            return _area(flattened(surface.path))


def rectangle_operators(of: Box, radius: float = 0.0) -> str:
    """A rectangle with round corners as a PDF path."""
    corner = {"x": of.x, "y": of.y, "width": of.width, "height": of.height}
    return _drawn("rect", **corner, rx=radius) if radius else _drawn("rect", **corner)


def _drawn(tag: str, **lengths: float) -> str:
    return path_operators(Drawn(tag, {name: repr(length) for name, length in lengths.items()}))


def _area(outlines: Iterable[list[Point]]) -> Polygon | MultiPolygon:
    """What is inside; holes stay open where outlines lie in each other (as in SVG's even-odd rule)."""
    area: Polygon | MultiPolygon = Polygon()
    for outline in outlines:
        area = area.symmetric_difference(make_valid(Polygon(outline)))
    return area


def _ring(corners: Iterable[Point]) -> str:
    spelled = [f"{number(x)} {number(y)}" for x, y in corners]
    return f"{spelled[0]} m {' '.join(f'{corner} l' for corner in spelled[1:])} h"
