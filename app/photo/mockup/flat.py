"""Anything flat as it is cut, lying a little askew: cards, tags, stickers."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PIL import Image

from app.domain.product import MockupObject, Product
from app.pdf.surface import rings
from app.photo.mockup.scene import Scene, colour

_ROOM = 0.2
"""Of the longer edge, around each."""
_LEANS = (math.radians(-3.0), math.radians(2.0))
"""One after the other: what people put down never lies straight."""
_EDGE = 0.25
"""Thickness that shows at the cut, mm."""


def draw(product: Product, panels: Sequence[Image.Image], pixels: int) -> Image.Image:
    """The panels beside each other; see `Draw`."""
    width, height = product.surface.size
    room = _ROOM * max(width, height)
    scene = Scene((room + len(panels) * (width + room), height + 2 * room), product.mockup.ground, pixels)
    for index, panel in enumerate(panels):
        middle = room + width / 2 + index * (width + room), room + height / 2
        _put(scene, product, panel, middle, _LEANS[index % len(_LEANS)])
    return scene.image()


def _put(
    scene: Scene, product: Product, panel: Image.Image, middle: tuple[float, float], lean: float
) -> None:
    trim = product.surface.size
    cos, sin = math.cos(lean), math.sin(lean)
    x, y = scene.x - middle[0], scene.y - middle[1]
    across, down = x * cos + y * sin + trim[0] / 2, y * cos - x * sin + trim[1] / 2

    def placed(point: tuple[float, float]) -> tuple[float, float]:
        u, v = point[0] - trim[0] / 2, point[1] - trim[1] / 2
        return u * cos - v * sin + middle[0], u * sin + v * cos + middle[1]

    outline = [[placed(point) for point in ring] for ring in rings(product.surface)]
    cover = scene.polygons(outline)
    sticks = product.mockup.object is MockupObject.STICKER
    scene.shadow(cover, (0.4, 0.6) if sticks else (1.2, 2.2), 0.5 if sticks else 2.6, 0.45)
    scene.shadow(cover, (0.1, 0.3), 0.4, 0.35)
    edge = np.roll(cover, round(_EDGE * scene.scale), axis=0)
    scene.lay(colour(product.mockup.colour) * 0.86, edge)
    scene.lay_print(panel, trim, (across, down), cover)
    gleam = 1.03 - 0.05 * (across + down) / sum(trim)
    scene.shade(gleam, cover)
