"""A cup of coffee from above, with the picture in cocoa on its foam."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image

from app.domain.product import Product
from app.photo.mockup.scene import Plane, Scene, colour

_WALL = 3.0
"""mm of china between foam and air."""
_SAUCER = 1.52
"""Of the cup's own diameter."""
_FOAM = np.array((0.965, 0.915, 0.82), dtype=np.float32)
_CREMA = np.array((0.70, 0.47, 0.26), dtype=np.float32)
_COCOA = np.array((0.36, 0.20, 0.10), dtype=np.float32)
_HANDLE = (-0.5, 0.86)
"""Which way it points: down and to the right of nobody's hand, as a cup is put down."""


def draw(product: Product, panels: Sequence[Image.Image], pixels: int) -> Image.Image:
    """One cup: one picture is all that foam holds; see `Draw`."""
    foam = product.surface.size[0] / 2
    cup = (product.mockup.size[0] / 2) if product.mockup.size else foam + _WALL
    saucer = _SAUCER * cup
    edge = 2 * saucer * 1.12
    scene = Scene((edge, edge), product.mockup.ground, pixels)
    middle = edge / 2, edge / 2
    china = colour(product.mockup.colour)
    _saucer(scene, middle, saucer, china)
    _china(scene, middle, cup, china)
    _coffee(scene, middle, foam, product, panels[0])
    return scene.image()


def _saucer(scene: Scene, middle: tuple[float, float], radius: float, china: Plane) -> None:
    cover = scene.ellipse(middle, (radius, radius))
    scene.shadow(cover, (2, 5), 5.0, 0.5)
    scene.lay(china * 0.97, cover)
    out = np.hypot(scene.x - middle[0], scene.y - middle[1]) / radius
    slope = ((scene.x - middle[0]) + (scene.y - middle[1])) / radius
    well = np.exp(-(((out - 0.80) / 0.05) ** 2)) - np.exp(-(((out - 0.97) / 0.03) ** 2))
    scene.shade(1 - 0.04 * slope + 0.07 * slope * well, cover)


def _china(scene: Scene, middle: tuple[float, float], radius: float, china: Plane) -> None:
    rim = scene.ellipse(middle, (radius, radius))
    handle = _handle(scene, middle, radius)
    scene.shadow(np.maximum(rim, handle), (2.5, 5), 4.0, 0.55)
    slope = ((scene.x - middle[0]) + (scene.y - middle[1])) / radius
    scene.lay(china * 0.95, handle)
    scene.shade(1 - 0.05 * (slope - 1), handle)
    scene.lay(china, rim)
    scene.shade(1.02 - 0.05 * slope, rim)


def _handle(scene: Scene, middle: tuple[float, float], radius: float) -> Plane:
    """Seen from above it is a bar with a round end."""
    x, y = scene.x - middle[0], scene.y - middle[1]
    along, beside = x * _HANDLE[0] + y * _HANDLE[1], x * _HANDLE[1] - y * _HANDLE[0]
    reach = radius * 1.42
    return scene.inside(np.hypot((along - reach).clip(0), beside) - 4.6) * (along > 0)


def _coffee(
    scene: Scene, middle: tuple[float, float], radius: float, product: Product, panel: Image.Image
) -> None:
    x, y = scene.x - middle[0], scene.y - middle[1]
    out = np.hypot(x, y) / radius
    cover = scene.ellipse(middle, (radius, radius))
    froth = 1 + 0.02 * scene.grain(2, 0.8) + 0.015 * scene.grain(4, 3.0)
    crema = ((out - 0.93) / 0.06).clip(0, 1)[..., None]
    scene.lay((_FOAM * (1 - crema) + _CREMA * crema) * froth[..., None], cover)
    width, height = product.surface.size
    tone = scene.print_at(panel.convert("RGB"), (width, height), (x + width / 2, y + height / 2))
    dusted = cover * (1 - tone.mean(axis=2)) * (1 - crema[..., 0])
    scene.lay(_COCOA * froth[..., None], dusted)
    # The wall's shadow falls on the coffee.
    wall = cover - np.roll(cover, [round(1.6 * scene.scale)] * 2, axis=(0, 1))
    scene.shade(1 - 0.35 * scene.softened(wall.clip(0, 1), 0.9), cover)
