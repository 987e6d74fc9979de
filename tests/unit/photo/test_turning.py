"""Turning a piece is turning the whole and taking the piece."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageOps

from app.photo.turning import is_sideways, resized, turned, upright
from tests.photos import oriented, scene

ORIENTATIONS = range(1, 9)


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_it_turns_as_pillow_does(orientation: int) -> None:
    lying = Image.open(io.BytesIO(oriented(scene(96, 64), orientation, "PNG")))
    wanted = ImageOps.exif_transpose(lying)
    assert turned(lying, upright(orientation)).tobytes() == wanted.tobytes()
    assert (wanted.size == lying.size) != is_sideways(upright(orientation))


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("box", [(0.0, 0.0, 90.0, 40.0), (12.5, 3.25, 60.0, 60.5), (80.0, 50.0, 96.0, 64.0)])
def test_a_piece_is_a_piece_of_the_turned_whole(orientation: int, box: tuple[float, ...]) -> None:
    whole = scene(96, 64)
    turning = upright(orientation)
    backwards = {Image.Transpose.ROTATE_90: Image.Transpose.ROTATE_270}
    backwards |= {after: before for before, after in backwards.items()}
    lying = whole if turning is None else whole.transpose(backwards.get(turning, turning))
    left, top, right, bottom = box
    found = resized(lying, turning, (left, top, right, bottom), (31, 17), Image.Resampling.BICUBIC)
    wanted = whole.resize((31, 17), Image.Resampling.BICUBIC, box=(left, top, right, bottom))
    # Rows first or columns first: what is cut off between the passes may differ at sharp edges.
    assert np.abs(np.asarray(found, dtype=int) - np.asarray(wanted, dtype=int)).mean() < 0.3
