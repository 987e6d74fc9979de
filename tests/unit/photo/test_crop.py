from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.domain.geometry import Box
from app.domain.photo import ChosenBy, Crop
from app.domain.product import Shape, Surface
from app.photo.crop import Face, choose, holds_faces, turned, window
from app.photo.outline import safe_mask

SQUARE = Box(0, 0, 100, 100)
EVERYWHERE = np.full((64, 64), 1 / 64**2)


def unasked() -> NDArray[np.float64]:
    """Where there are faces, nobody asks what stands out."""
    raise AssertionError


def safe(surface: Surface) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.bool_]], tuple[float, float]]:
    return safe_mask(surface), surface.size


def square(safe_zone: float = 4.0, *, shape: Shape = Shape.RECTANGLE, seam: float = 0.0) -> Surface:
    return Surface(shape=shape, size=(100, 100), bleed=0, safe=safe_zone, seam=seam)


sizes = st.tuples(st.integers(64, 6000), st.integers(64, 6000))
crops = st.builds(
    Crop,
    focus=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    zoom=st.floats(1, 8),
    straighten=st.floats(-15, 15),
)


@given(size=sizes, aspect=st.floats(0.2, 5), crop=crops)
def test_a_window_never_reaches_over_the_photo(size: tuple[int, int], aspect: float, crop: Crop) -> None:
    seen = window(size, aspect, crop)
    assert seen.width / seen.height == pytest.approx(aspect)
    cos, sin = math.cos(seen.angle), math.sin(seen.angle)
    for dx, dy in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        x = seen.x + (dx * seen.width * cos - dy * seen.height * sin) / 2
        y = seen.y + (dx * seen.width * sin + dy * seen.height * cos) / 2
        assert -1e-6 * size[0] <= x <= size[0] * (1 + 1e-6)
        assert -1e-6 * size[1] <= y <= size[1] * (1 + 1e-6)


@given(size=sizes, aspect=st.floats(0.2, 5))
def test_without_zoom_as_much_is_seen_as_can_be(size: tuple[int, int], aspect: float) -> None:
    seen = window(size, aspect, Crop())
    assert seen.width == pytest.approx(size[0]) or seen.height == pytest.approx(size[1])


def test_quarter_turns_change_width_and_height() -> None:
    assert [turned((3, 2), turns) for turns in range(4)] == [(3, 2), (2, 3), (3, 2), (2, 3)]


def face(x: float, y: float, size: float = 0.1) -> Face:
    """A face of a photo twice as wide as high, by its middle."""
    return Face(x - size / 4, y - size / 2, size / 2, size)


@pytest.mark.parametrize("x", [0.1, 0.3, 0.5, 0.8, 0.93])
def test_a_face_anywhere_is_whole_and_well_placed(x: float) -> None:
    surface = square()
    found = choose((2000, 1000), SQUARE, safe(surface), [face(x, 0.4)], unasked)
    assert found.by is ChosenBy.FACES
    assert not found.cuts_face
    seen = window((2000, 1000), 1, found.crop)
    assert abs(x * 2000 - seen.x) <= 0.5 * seen.width
    if 0.3 <= x <= 0.7:
        assert abs(x * 2000 - seen.x) <= 0.03 * seen.width


def test_two_faces_at_both_ends_cannot_both_be_whole() -> None:
    faces = [face(0.05, 0.5), face(0.95, 0.5)]
    found = choose((2000, 1000), SQUARE, safe(square()), faces, unasked)
    assert found.cuts_face
    assert not holds_faces((2000, 1000), SQUARE, safe(square()), faces, found.crop)


def test_two_faces_near_each_other_stay_together() -> None:
    faces = [face(0.6, 0.5), face(0.9, 0.5)]
    found = choose((2000, 1000), SQUARE, safe(square()), faces, unasked)
    assert not found.cuts_face


def test_a_circle_has_no_corners_for_faces() -> None:
    corner = [Face(0.02, 0.02, 0.12, 0.12)]
    assert holds_faces((1000, 1000), SQUARE, safe(square(1)), corner, Crop())
    assert not holds_faces((1000, 1000), SQUARE, safe(square(1, shape=Shape.CIRCLE)), corner, Crop())


def test_no_face_stands_on_the_seam_of_a_wrap() -> None:
    at_end = [Face(0.05, 0.4, 0.1, 0.1)]
    assert holds_faces((1000, 1000), SQUARE, safe(square(1)), at_end, Crop())
    assert not holds_faces((1000, 1000), SQUARE, safe(square(1, seam=12)), at_end, Crop())


def test_a_leaning_window_knows_where_the_face_is() -> None:
    """A face at the right edge turns out of a window that leans by its middle."""
    right = [Face(0.89, 0.7, 0.1, 0.1)]
    upright = Crop()
    assert holds_faces((1000, 1000), SQUARE, safe(square(0.5)), right, upright)
    assert not holds_faces((1000, 1000), SQUARE, safe(square(0.5)), right, Crop(straighten=12))


def test_what_stands_out_is_seen_where_nobody_is() -> None:
    there = np.zeros((64, 64))
    there[20:40, 52:62] = 1 / 200
    found = choose((2000, 1000), SQUARE, safe(square()), [], lambda: there)
    assert found.by is ChosenBy.SALIENCY
    seen = window((2000, 1000), 1, found.crop)
    assert seen.x + seen.width / 2 >= 62 / 64 * 2000 - 1


def test_where_nothing_stands_out_the_middle_is_seen() -> None:
    found = choose((2000, 1000), SQUARE, safe(square()), [], lambda: EVERYWHERE)
    assert found.by is ChosenBy.CENTRE
    assert found.crop == Crop()
