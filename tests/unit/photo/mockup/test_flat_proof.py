"""Flat proofs: the lines stand where the product says, and what is cut off is faded."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PIL import Image

from app.domain.product import Shape, Surface
from app.photo.mockup.flat_proof import CUT, SAFE, SEAM, flat_proof

SURFACE = Surface(shape=Shape.RECTANGLE, size=(40, 30), bleed=5, safe=5)
SCALE = 8
PAGE = Image.new("RGB", (50 * SCALE, 40 * SCALE), (90, 90, 90))


def at(surface: Surface, x: float, y: float) -> tuple[int, ...]:
    """The colour at a place on the trim, mm."""
    pixel = flat_proof(surface, PAGE).getpixel((round((x + 5) * SCALE), round((y + 5) * SCALE)))
    assert isinstance(pixel, tuple)
    return pixel


def near(found: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return max(abs(a - b) for a, b in zip(found, wanted, strict=True)) < 40


def test_the_cut_is_a_whole_line() -> None:
    assert all(near(at(SURFACE, x, 0), CUT) for x in np.arange(0, 40, 1.3))
    assert all(near(at(SURFACE, 40, y), CUT) for y in np.arange(0, 30, 1.3))


def test_the_safe_zone_is_dashed() -> None:
    seen = [near(at(SURFACE, x, 5), SAFE) for x in np.arange(6, 34, 0.25)]
    assert 0.4 < np.mean(seen) < 0.8


def test_what_is_cut_off_is_faded_and_the_rest_is_not() -> None:
    assert at(SURFACE, 20, 15) == (90, 90, 90)
    assert min(at(SURFACE, -3, 15)) > 150


def test_a_seam_is_shown_where_there_is_one() -> None:
    wrap = replace(SURFACE, seam=8)
    for x in (8, 32):
        assert any(near(at(wrap, x, y), SEAM) for y in np.arange(1, 29, 0.5))
        assert not any(near(at(SURFACE, x, y), SEAM) for y in np.arange(1, 29, 0.5))


def test_a_hole_is_cut_off_too() -> None:
    ring = replace(SURFACE, shape=Shape.PATH, path="M0 0H40V30H0Z M15 10H25V20H15Z", safe=1)
    assert min(at(ring, 20, 15)) > 150
    assert at(ring, 10, 25) == (90, 90, 90)
