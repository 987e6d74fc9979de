"""Ink on a part of a page, drawn small: one plane an ink, in the press's own inks.

No viewer tells what a press lays down: they convert to RGB and ignore overprint. So the marks are drawn
again, as coarse as the question allows, with knock-out, overprint and transparency as ISO 32000-1, 11.7.4
has them. Text is counted as half of each glyph's box, more than any face covers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, dist, floor
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from app.pdf.preflight.content.marks import Clip, ImageMark, Mark, Outline, PathMark, TextMark
from app.pdf.preflight.content.matrix import UNIT_SQUARE, Bounds, Point, apply, overlap
from app.pdf.preflight.content.paint import PROCESS, Paint
from app.pdf.preflight.images import InkImages, measurable, stencil

Plane = NDArray[np.floating[Any]]

_TEXT_COVERAGE = 0.5
_LEAST_AREA = 1e-9


@dataclass(frozen=True, slots=True)
class _Frame:
    """The pixels of a raster that one mark touches; its shapes are drawn no larger than this."""

    rows: slice
    columns: slice

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width in pixels."""
        return self.rows.stop - self.rows.start, self.columns.stop - self.columns.start

    def nothing(self) -> Plane:
        """No coverage."""
        return np.zeros(self.shape, np.float32)

    def part_of(self, plane: Plane) -> Plane:
        """A view of these pixels of a plane."""
        return plane[self.rows, self.columns]


class InkRaster:
    """Draws marks onto planes of ink.

    Args:
        region: the part of the page, in points.
        per_point: pixels a point.
        images: reads pictures; shared, it reads one once that several regions show.
    """

    def __init__(self, region: Bounds, per_point: float, images: InkImages | None = None) -> None:
        self.region = region
        self.per_point = per_point
        self.width = max(1, round((region[2] - region[0]) * per_point))
        self.height = max(1, round((region[3] - region[1]) * per_point))
        self.planes: dict[str, Plane] = {}
        self._images = images or InkImages()

    def draw(self, marks: Iterable[Mark]) -> None:
        """Paint marks in their order; those outside the region cost nothing."""
        for mark in marks:
            if overlap(mark.bounds, self.region):
                self._draw(mark, self._frame(mark.bounds))

    def total(self) -> Plane:
        """The sum of all inks at each pixel, rows from the top."""
        total = np.zeros((self.height, self.width), np.float32)
        for plane in self.planes.values():
            total += plane
        return total

    def ink(self, name: str) -> Plane:
        """One ink's plane."""
        found = self.planes.get(name)
        if found is None:
            found = self.planes[name] = np.zeros((self.height, self.width), np.float32)
        return found

    def _frame(self, bounds: Bounds) -> _Frame:
        """The pixels that a box touches."""
        left, top = self._pixel((bounds[0], bounds[3]))
        right, bottom = self._pixel((bounds[2], bounds[1]))
        rows = slice(min(max(0, floor(top)), self.height), min(max(0, ceil(bottom)), self.height))
        columns = slice(min(max(0, floor(left)), self.width), min(max(0, ceil(right)), self.width))
        return _Frame(rows, columns)

    def _draw(self, mark: Mark, frame: _Frame) -> None:
        look = mark.look
        if not all(frame.shape):
            return
        if isinstance(mark, PathMark):
            if mark.filled:
                self._lay(mark, frame, self._inside(mark.outline, frame), look.fill, stroke=False)
            if mark.stroked:
                along = self._along(mark.outline, mark.line_width, frame)
                self._lay(mark, frame, along, look.stroke, stroke=True)
        elif isinstance(mark, TextMark) and (mark.filled or mark.stroked):
            paint = look.fill if mark.filled else look.stroke
            self._lay(mark, frame, self._text(mark, frame), paint, stroke=not mark.filled)
        elif isinstance(mark, ImageMark):
            self._image(mark, frame)

    def _pixel(self, point: Point) -> Point:
        return (point[0] - self.region[0]) * self.per_point, (self.region[3] - point[1]) * self.per_point

    def _within(self, frame: _Frame, points: Iterable[Point]) -> list[Point]:
        """Page points as pixels of a frame."""
        x, y = frame.columns.start, frame.rows.start
        return [(across - x, down - y) for across, down in map(self._pixel, points)]

    def _slices(self, bounds: Bounds, frame: _Frame) -> tuple[slice, slice]:
        """The pixels of a frame whose centres lie in a box."""
        (left, top), (right, bottom) = self._within(frame, [(bounds[0], bounds[3]), (bounds[2], bounds[1])])
        return slice(max(0, round(top)), max(0, round(bottom))), slice(
            max(0, round(left)), max(0, round(right))
        )

    def _inside(self, outline: Outline, frame: _Frame) -> Plane:
        if outline.boxed and outline.upright:
            return self._boxes(outline, frame)
        winding = np.zeros(frame.shape, np.int16)
        for polygon in outline.polygons():
            if len(polygon) > 2:  # noqa: PLR2004  fewer enclose nothing
                inside = _filled(self._within(frame, polygon), frame)
                winding += inside if outline.even_odd or _area(polygon) > 0 else -inside
        return (winding % 2 if outline.even_odd else winding != 0).astype(np.float32)

    def _boxes(self, outline: Outline, frame: _Frame) -> Plane:
        inside = frame.nothing()
        left, _, _, top = self.region
        pixels = (outline.boxes - (left, top, left, top)) * (1, -1, 1, -1) * self.per_point
        x, y = frame.columns.start, frame.rows.start
        pixels = np.maximum(pixels.round() - (x, y, x, y), 0).astype(int)
        for x0, y1, x1, y0 in pixels.tolist():
            inside[y0:y1, x0:x1] = 1 - inside[y0:y1, x0:x1] if outline.even_odd else 1
        return inside

    def _along(self, outline: Outline, line_width: float, frame: _Frame) -> Plane:
        """A stroke; one thinner than a pixel covers part of it."""
        wide = line_width * self.per_point
        image = Image.new("1", frame.shape[::-1])
        draw = ImageDraw.Draw(image)
        for polygon in outline.polygons():
            points = [(x - 0.5, y - 0.5) for x, y in self._within(frame, polygon)]
            draw.line(points, fill=1, width=max(1, round(wide)), joint="curve")
        return np.asarray(image).astype(np.float32) * min(1.0, wide)

    def _text(self, mark: TextMark, frame: _Frame) -> Plane:
        covered = frame.nothing()
        for glyph, bounds in mark.glyphs:
            if not glyph.blank:
                covered[self._slices(bounds, frame)] = _TEXT_COVERAGE
        return covered

    def _clipped(self, coverage: Plane, clip: Clip, frame: _Frame) -> Plane:
        rows, columns = self._slices(clip.bounds, frame)
        inside = frame.nothing()
        inside[rows, columns] = coverage[rows, columns]
        for shape in clip.shapes:
            inside *= self._inside(shape, frame)
        return inside

    def _lay(self, mark: Mark, frame: _Frame, coverage: Plane, paint: Paint, *, stroke: bool) -> None:
        if not paint.measured:
            return
        look = mark.look
        alpha = look.stroke_alpha if stroke else look.fill_alpha
        overprints = look.stroke_overprints if stroke else look.fill_overprints
        covered = self._clipped(coverage, mark.clip, frame) * alpha
        tints = dict(paint.inks)
        if look.blend == "Multiply":
            for name, tint in tints.items():
                plane = frame.part_of(self.ink(name))
                plane += covered * tint * (1 - plane)
            return
        touched = _overprinted(paint, look.overprint_mode) if overprints else {*self.planes, *tints}
        for name in touched:
            plane = frame.part_of(self.ink(name))
            plane += covered * (tints.get(name, 0.0) - plane)

    def _image(self, mark: ImageMark, frame: _Frame) -> None:
        if not measurable(mark):
            return
        corners = self._within(frame, (apply(mark.matrix, x, y) for x, y in UNIT_SQUARE))
        coverage = _filled(corners, frame).astype(np.float32)
        if mark.stencil:
            painted = stencil(mark)
            if painted is not None:
                coverage *= _placed(painted, corners, frame)
            self._lay(mark, frame, coverage, mark.look.fill, stroke=False)
            return
        picture = self._images.of(mark, _finest(mark, corners))
        covered = self._clipped(coverage, mark.clip, frame) * mark.look.fill_alpha
        if picture.alpha is not None:
            covered *= _placed(picture.alpha[..., 0], corners, frame)
        for name in {*self.planes, *picture.inks}:
            plane = frame.part_of(self.ink(name))
            tint: Plane | float = 0.0
            if name in picture.inks:
                tint = _placed(picture.samples[..., picture.inks.index(name)], corners, frame)
            plane += covered * (tint - plane)


def _filled(points: list[Point], frame: _Frame) -> NDArray[np.int16]:
    """A polygon, given in pixels of the frame."""
    image = Image.new("1", frame.shape[::-1])
    # Pillow takes whole numbers for the middle of a pixel.
    ImageDraw.Draw(image).polygon([(x - 0.5, y - 0.5) for x, y in points], fill=1)
    return np.asarray(image).astype(np.int16)


def _finest(mark: ImageMark, corners: list[Point]) -> int:
    """Pixels on a picture's shorter side that are as fine as what it is drawn on."""
    across, up = (dist(corners[0], corners[n]) for n in (1, 3))
    share = max(across / max(mark.width, 1), up / max(mark.height, 1))
    return max(1, ceil(min(mark.width, mark.height) * min(1.0, share)))


def _placed(samples: Plane, corners: list[Point], frame: _Frame) -> Plane:
    """Samples where the image stands: the way back from each pixel of the page to one of the image."""
    height, width = samples.shape
    origin, along_x, along_y = corners[0], corners[1], corners[3]
    ux, uy = along_x[0] - origin[0], along_x[1] - origin[1]
    vx, vy = along_y[0] - origin[0], along_y[1] - origin[1]
    area = ux * vy - uy * vx
    if abs(area) < _LEAST_AREA:
        return frame.nothing()
    rows, columns = frame.shape
    x = np.arange(columns, dtype=np.float32)[None, :] + 0.5 - origin[0]
    y = np.arange(rows, dtype=np.float32)[:, None] + 0.5 - origin[1]
    across, up = (x * vy - y * vx) / area, (y * ux - x * uy) / area
    column = np.clip(across * width, 0, width - 1).astype(np.intp)
    row = np.clip((1 - up) * height, 0, height - 1).astype(np.intp)
    placed: Plane = samples[row, column]
    return placed


def _overprinted(paint: Paint, mode: int) -> set[str]:
    """The inks that an overprinting paint touches (ISO 32000-1, 8.6.7, table 149)."""
    names = {name for name, tint in paint.inks if tint > 0 or mode == 0}
    return names if paint.space.family in ("DeviceCMYK", "Separation", "DeviceN") else names | set(PROCESS)


def _area(polygon: list[Point]) -> float:
    """Twice the signed area; its sign is the direction of the outline."""
    return sum(
        x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(polygon, polygon[1:] + polygon[:1], strict=True)
    )
