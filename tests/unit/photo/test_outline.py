from __future__ import annotations

import math

import pytest

from app.domain.product import Shape, Surface
from app.photo.outline import safe_mask


def surface(shape: Shape, **more: float | str) -> Surface:
    return Surface(shape=shape, size=(100, 50), bleed=2, safe=5, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("shape", "more", "area"),
    [
        (Shape.RECTANGLE, {}, 90 * 40),
        (Shape.RECTANGLE, {"seam": 10.0}, 80 * 40),
        (Shape.CIRCLE, {}, math.pi * 45 * 20),
        (Shape.ROUNDED, {"radius": 15.0}, 90 * 40 - (4 - math.pi) * 100),
        (Shape.PATH, {"path": "M0 0H100V50Z"}, None),
    ],
)
def test_the_safe_area_is_what_is_left_inside(
    shape: Shape, more: dict[str, float | str], area: float | None
) -> None:
    mask = safe_mask(surface(shape, **more))
    found = mask.mean() * 100 * 50
    if area is None:
        # A triangle's inner one: the incircle's radius less 5, as a share, squared.
        legs, hypotenuse = (100, 50), math.hypot(100, 50)
        inner = (sum(legs) - hypotenuse) / 2
        area = 2500 * ((inner - 5) / inner) ** 2
    assert found == pytest.approx(area, rel=0.06)


def test_rows_are_counted_from_the_top() -> None:
    mask = safe_mask(surface(Shape.PATH, path="M0 0H100V50Z"))
    rows, columns = mask.shape
    assert mask[rows // 4, columns * 3 // 4]
    assert not mask[rows * 3 // 4, columns // 4]
