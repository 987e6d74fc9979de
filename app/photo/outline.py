"""Where on a surface something may stand that must be seen whole."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw

from app.domain.geometry import Box
from app.domain.product import Surface
from app.pdf.surface import rings

_MASK_EDGE = 240
"""Pixels of a mask's longer edge."""


@lru_cache(maxsize=64)
def safe_mask(surface: Surface, covered: tuple[Box, ...] = ()) -> NDArray[np.bool_]:
    """Where on the trim something may stand that must be seen whole, by rows from its top-left corner.

    Args:
        surface: what is printed on.
        covered: boxes where words stand.
    """
    width, height = surface.size
    scale = _MASK_EDGE / max(width, height)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    mask = Image.new("1", size, 0)
    for ring in rings(surface, -surface.safe):
        inside = Image.new("1", size, 0)
        ImageDraw.Draw(inside).polygon([(x * scale - 0.5, y * scale - 0.5) for x, y in ring], fill=1)
        mask = ImageChops.logical_xor(mask, inside)
    found = np.array(mask, dtype=np.bool_)
    seam = round(surface.seam * scale)
    if seam:
        found[:, :seam] = found[:, -seam:] = False
    for box in covered:
        left, top = (max(0, math.floor(edge * scale)) for edge in (box.x, box.y))
        found[top : math.ceil(box.bottom * scale), left : math.ceil(box.right * scale)] = False
    return found
