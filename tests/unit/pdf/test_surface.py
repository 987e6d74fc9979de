from __future__ import annotations

import math

import pytest
from shapely import Polygon

from app.domain.product import Shape, Surface
from app.pdf.surface import flattened, outline_operators, rings

HEART = "M35 64 C10 48 0 34 0 19 C0 8 8 0 18 0 C26 0 32 4 35 10"
HEART += " C38 4 44 0 52 0 C62 0 70 8 70 19 C70 34 60 48 35 64"


def surface(shape: Shape, path: str = "", radius: float = 0.0) -> Surface:
    return Surface(shape=shape, size=(70, 64), bleed=3, safe=3, path=path, radius=radius)


def area(of: Surface, grown: float = 0.0) -> float:
    return sum(float(Polygon(ring).area) for ring in rings(of, grown))


@pytest.mark.parametrize("grown", [-2.0, 0.0, 3.0])
def test_outlines_grow_by_as_much_on_every_side(grown: float) -> None:
    assert area(surface(Shape.RECTANGLE), grown) == pytest.approx(
        (70 + 2 * grown) * (64 + 2 * grown), rel=0.003
    )
    rounded = surface(Shape.ROUNDED, radius=10)
    corners = (4 - math.pi) * (10 + grown) ** 2
    assert area(rounded, grown) == pytest.approx((70 + 2 * grown) * (64 + 2 * grown) - corners, rel=0.003)


def test_a_circle_is_round() -> None:
    assert area(surface(Shape.CIRCLE)) == pytest.approx(math.pi * 35 * 32, rel=0.002)


def test_a_free_outline_keeps_its_curves_where_it_is_cut_and_is_grown_around() -> None:
    heart = surface(Shape.PATH, HEART)
    assert " c" in outline_operators(heart)
    assert " c" not in outline_operators(heart, 3)
    assert area(heart, 3) > area(heart) + 3 * 150
    assert area(heart, -0.3) < area(heart)


def test_nothing_may_be_left_of_an_outline() -> None:
    assert rings(surface(Shape.CIRCLE), -40) == ()


def test_a_hole_stays_open() -> None:
    ring = surface(Shape.PATH, "M0 0H70V64H0Z M20 20V40H40V20Z")
    assert [round(Polygon(each).area) for each in rings(ring)] == [70 * 64, 400]


@pytest.mark.parametrize("path", ["", "hello", "M0 0", "M0 0L10 10Z", "M0 0H10", "M 1"])
def test_what_encloses_nothing_is_no_outline(path: str) -> None:
    with pytest.raises(ValueError, match="path"):
        flattened(path)
