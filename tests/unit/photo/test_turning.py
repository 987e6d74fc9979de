"""Turning a piece is turning the whole and taking the piece."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageOps

from app.photo.turning import cut, is_sideways, resized, turned, upright
from tests.photos import oriented, scene

ORIENTATIONS = range(1, 9)


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_it_turns_as_pillow_does(orientation: int) -> None:
    lying = Image.open(io.BytesIO(oriented(scene(96, 64), orientation, "PNG")))
    wanted = ImageOps.exif_transpose(lying)
    assert turned(lying, upright(orientation)).tobytes() == wanted.tobytes()
    assert (wanted.size == lying.size) != is_sideways(upright(orientation))


def laid(whole: Image.Image, orientation: int) -> tuple[Image.Image, Image.Transpose | None]:
    """A picture as a camera of this orientation writes it, and what turns it upright."""
    turning = upright(orientation)
    backwards = {Image.Transpose.ROTATE_90: Image.Transpose.ROTATE_270}
    backwards |= {after: before for before, after in backwards.items()}
    return (whole if turning is None else whole.transpose(backwards.get(turning, turning))), turning


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("box", [(0.0, 0.0, 90.0, 40.0), (12.5, 3.25, 60.0, 60.5), (80.0, 50.0, 96.0, 64.0)])
def test_a_piece_is_a_piece_of_the_turned_whole(orientation: int, box: tuple[float, ...]) -> None:
    whole, (lying, turning) = scene(96, 64), laid(scene(96, 64), orientation)
    left, top, right, bottom = box
    found = resized(lying, turning, (left, top, right, bottom), (31, 17), Image.Resampling.BICUBIC)
    wanted = whole.resize((31, 17), Image.Resampling.BICUBIC, box=(left, top, right, bottom))
    # Rows first or columns first: what is cut off between the passes may differ at sharp edges.
    assert np.abs(np.asarray(found, dtype=int) - np.asarray(wanted, dtype=int)).mean() < 0.3


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize(
    ("box", "whole_pixels"),
    [
        ((0.0, 0.0, 90.0, 40.0), (0, 0, 90, 40)),
        ((12.3, 3.2, 60.4, 60.1), (12, 3, 60, 60)),
        ((79.7, 50.2, 96.0, 64.0), (80, 50, 96, 64)),
    ],
)
def test_a_piece_in_its_own_pixels_keeps_every_one(
    orientation: int, box: tuple[float, float, float, float], whole_pixels: tuple[int, int, int, int]
) -> None:
    lying, turning = laid(scene(96, 64), orientation)
    assert cut(lying, turning, box).tobytes() == scene(96, 64).crop(whole_pixels).tobytes()


def test_a_piece_never_reaches_over_the_edge() -> None:
    piece = cut(Image.new("RGB", (100, 100), "white"), None, (0.4, 50.6, 100.0, 100.0))
    assert piece.size == (100, 49)
    assert piece.getextrema() == ((255, 255),) * 3
