"""What a page paints, in order: paths, text, images, shadings, each with its place and its look."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
import pikepdf
from numpy.typing import NDArray

from app.pdf.preflight.content.matrix import Bounds, Matrix, Point, apply, bounds_of, moved
from app.pdf.preflight.content.paint import Paint, Space
from app.pdf.preflight.content.typeface import Glyph, Typeface

Segment = tuple[float, ...]
"""(x, y) a line to, or (x1, y1, x2, y2, x3, y3) a Bézier curve to; the first of a subpath is its start."""
Subpath = list[Segment]

_STEPS = 8
"""Straight pieces a curve is drawn with; a 20 mm arc is then off by 0.05 mm."""
_BASIS = tuple(
    ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    for t in (n / _STEPS for n in range(1, _STEPS + 1))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The part of the graphics state that decides what ink lands on paper."""

    fill: Paint
    stroke: Paint
    fill_overprints: bool = False
    stroke_overprints: bool = False
    overprint_mode: int = 0
    fill_alpha: float = 1.0
    stroke_alpha: float = 1.0
    blend: str = "Normal"
    soft_mask: bool = False
    layers: tuple[pikepdf.Object, ...] = ()


@dataclass(frozen=True, slots=True)
class Clip:
    """What limits painting: its box, and the shapes where they are more than a box."""

    bounds: Bounds
    shapes: tuple[Outline, ...] = ()


@dataclass(frozen=True)  # without slots, for its cached properties
class Outline:
    """A path in user space with its way to the page. `boxed` where it is made of `re` alone."""

    subpaths: list[Subpath]
    matrix: Matrix
    even_odd: bool
    boxed: bool = False

    def polygons(self) -> list[list[Point]]:
        """Each subpath as straight lines, in page points."""
        return [_flattened(subpath, self.matrix) for subpath in self.subpaths]

    @property
    def upright(self) -> bool:
        """Whether its horizontals stay horizontal on the page."""
        return self.matrix[1] == self.matrix[2] == 0

    @cached_property
    def boxes(self) -> NDArray[np.float64]:
        """Of an upright path of rectangles each one's left, bottom, right, top, in page points."""
        corners = np.array([(*subpath[0], *subpath[2]) for subpath in self.subpaths], dtype=np.float64)
        a, _, _, d, e, f = self.matrix
        corners = corners * (a, d, a, d) + (e, f, e, f)
        low, high = np.minimum(corners[:, :2], corners[:, 2:]), np.maximum(corners[:, :2], corners[:, 2:])
        return np.hstack((low, high))

    @cached_property
    def bounds(self) -> Bounds:
        """Around the control points, which hold the curves."""
        xs = [x for subpath in self.subpaths for segment in subpath for x in segment[::2]]
        ys = [y for subpath in self.subpaths for segment in subpath for y in segment[1::2]]
        if self.upright:
            return moved((min(xs), min(ys), max(xs), max(ys)), self.matrix)
        return bounds_of(apply(self.matrix, x, y) for x, y in zip(xs, ys, strict=True))


def _flattened(subpath: Subpath, matrix: Matrix) -> list[Point]:
    points: list[Point] = [(subpath[0][0], subpath[0][1])]
    for before, segment in pairwise(subpath):
        if len(segment) == 2:  # noqa: PLR2004  a line's end
            points.append((segment[0], segment[1]))
            continue
        x0, y0 = before[-2], before[-1]
        x1, y1, x2, y2, x3, y3 = segment
        points += [
            (a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3) for a, b, c, d in _BASIS
        ]
    return [apply(matrix, x, y) for x, y in points]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One thing painted. `bounds` in page points, inside the clip; `inside` names the form it is in."""

    look: Look
    bounds: Bounds
    clip: Clip
    inside: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PathMark(Mark):
    """A path that is filled, stroked or both. `line_width` in page points."""

    outline: Outline
    filled: bool
    stroked: bool
    line_width: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TextMark(Mark):
    """One shown string. `size` is the type size on the page in pt; each glyph with its ink's bounds."""

    font: Typeface
    size: float
    filled: bool
    stroked: bool
    line_width: float
    glyphs: tuple[tuple[Glyph, Bounds], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageMark(Mark):
    """An image. `matrix` takes the unit square to the page; a stencil is painted in the fill colour."""

    name: str
    matrix: Matrix
    width: int
    height: int
    bits: int
    stencil: bool
    space: Space | None
    stream: pikepdf.Stream | None
    """None for an inline image."""

    @property
    def resolution(self) -> float:
        """The lower of both effective resolutions, in ppi."""
        a, b, c, d, _, _ = self.matrix
        across, up = (a * a + b * b) ** 0.5, (c * c + d * d) ** 0.5
        # A line of no height or width covers no paper: its resolution is no matter.
        return min(self.width * 72 / across if across else 1e9, self.height * 72 / up if up else 1e9)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadingMark(Mark):
    """A shading painted with `sh`."""

    space: Space


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in the content itself."""

    kind: str
    """`resource` for a name that no resource has, `content` for anything else."""
    says: str
    inside: str = ""


@dataclass(slots=True)
class Painted:
    """Everything that one page paints, and what came to light on the way."""

    marks: list[Mark] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    states: list[tuple[str, pikepdf.Object]] = field(default_factory=list)
    """Extended graphics states that were set, with their names."""
    spaces: list[tuple[str, Space]] = field(default_factory=list)
    """Every colour space that was used, with what used it."""
    fonts: dict[str, Typeface] = field(default_factory=dict)
    """Fonts that showed text, by name and object."""
    unmeasured: list[str] = field(default_factory=list)
    """What paints ink whose amount is not known, in words."""
