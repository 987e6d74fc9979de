"""Affine matrices and bounds, in PDF points with y upwards (ISO 32000-1, 8.3.4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import hypot, sqrt

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]
Bounds = tuple[float, float, float, float]
"""Left, bottom, right, top."""

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
UNIT_SQUARE: tuple[Point, ...] = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


def multiply(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that does `first`, `then` the other."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def apply(matrix: Matrix, x: float, y: float) -> Point:
    """A point moved by a matrix."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def scale(matrix: Matrix) -> float:
    """How much longer a line gets, averaged over all directions."""
    a, b, c, d, _, _ = matrix
    return sqrt(abs(a * d - b * c))


def vertical_scale(matrix: Matrix) -> float:
    """How much taller an upright thing gets."""
    return hypot(matrix[2], matrix[3])


def bounds_of(points: Iterable[Point]) -> Bounds:
    """The smallest box that holds all points; at least one."""
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def union(boxes: Sequence[Bounds]) -> Bounds:
    """The smallest box that holds all boxes; at least one."""
    if len(boxes) == 1:
        return boxes[0]
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)


def moved(bounds: Bounds, matrix: Matrix) -> Bounds:
    """The box around a moved box."""
    left, bottom, right, top = bounds
    a, b, c, d, e, f = matrix
    # Each corner is one of two terms from x and one of two from y: their extremes are the box's.
    x0, x1, x2, x3 = a * left, a * right, c * bottom, c * top
    y0, y1, y2, y3 = b * left, b * right, d * bottom, d * top
    return (
        min(x1, x0) + min(x3, x2) + e,
        min(y1, y0) + min(y3, y2) + f,
        max(x0, x1) + max(x2, x3) + e,
        max(y0, y1) + max(y2, y3) + f,
    )


def grown(bounds: Bounds, by: float) -> Bounds:
    """The box, larger by that much on each side."""
    return bounds[0] - by, bounds[1] - by, bounds[2] + by, bounds[3] + by


def common(first: Bounds, second: Bounds) -> Bounds | None:
    """The part that two boxes share, or None; boxes that only touch share a line."""
    left, bottom = max(first[0], second[0]), max(first[1], second[1])
    right, top = min(first[2], second[2]), min(first[3], second[3])
    return (left, bottom, right, top) if left <= right and bottom <= top else None


def overlap(first: Bounds, second: Bounds) -> bool:
    """Whether two boxes share more than a line."""
    return first[0] < second[2] and second[0] < first[2] and first[1] < second[3] and second[1] < first[3]


def contains(outer: Bounds, inner: Bounds, tolerance: float = 0.01) -> bool:
    """Whether a box lies in another, within `tolerance` points."""
    return (
        inner[0] >= outer[0] - tolerance
        and inner[1] >= outer[1] - tolerance
        and inner[2] <= outer[2] + tolerance
        and inner[3] <= outer[3] + tolerance
    )
