"""SVG's `transform` attribute as one PDF matrix (SVG 2, 8.5)."""

from __future__ import annotations

import math
import re

Matrix = tuple[float, float, float, float, float, float]

_CALL = re.compile(r"\s*(matrix|translate|scale|rotate|skewX|skewY)\s*\(([^)]*)\)\s*,?")
_IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
_ARGUMENTS = {
    "matrix": (6,),
    "translate": (1, 2),
    "scale": (1, 2),
    "rotate": (1, 3),
    "skewX": (1,),
    "skewY": (1,),
}


class TransformError(ValueError):
    """A transform that cannot be read."""


def matrix(said: str) -> Matrix | None:
    """The matrix of a `transform` attribute, or None where it is empty.

    Raises:
        TransformError: it is not a list of transforms.
    """
    result, at = None, 0
    said = said.strip()
    while at < len(said):
        call = _CALL.match(said, at)
        if call is None:
            raise TransformError(f"transform={said!r} cannot be read")
        result = _multiply(_one(call[1], call[2]), result or _IDENTITY)
        at = call.end()
    return result


def _one(kind: str, arguments: str) -> Matrix:
    values = [float(part) for part in arguments.replace(",", " ").split()]
    if len(values) not in _ARGUMENTS[kind]:
        raise TransformError(f"{kind}({arguments}) has {len(values)} numbers")
    first, second = values[0], values[1] if len(values) > 1 else None
    match kind:
        case "matrix":
            a, b, c, d, e, f = values
            return a, b, c, d, e, f
        case "translate":
            return 1, 0, 0, 1, first, second or 0
        case "scale":
            return first, 0, 0, first if second is None else second, 0, 0
        case "rotate":
            return _rotation(math.radians(first), *values[1:])
        case "skewX":
            return 1, 0, math.tan(math.radians(first)), 1, 0, 0
        case _:
            return 1, math.tan(math.radians(first)), 0, 1, 0, 0


def _rotation(angle: float, x: float = 0, y: float = 0) -> Matrix:
    cos, sin = math.cos(angle), math.sin(angle)
    return cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y


def _multiply(inner: Matrix, outer: Matrix) -> Matrix:
    """First `inner`, then `outer`."""
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )
