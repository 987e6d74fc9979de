"""A biscuit from above, its icing printed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image

from app.domain.product import Product
from app.pdf.surface import rings
from app.photo.mockup.scene import Scene, colour

_RIM = 5.0
"""mm of biscuit around the icing, where the product does not say its size."""
_WAVES = ((5, 0.006), (9, 0.005), (14, 0.003))
"""How often, and how far, the edge of what was baked goes in and out."""
_BROWNED = 0.74
_SUGAR = np.array((0.99, 0.97, 0.93), dtype=np.float32)


def draw(product: Product, panels: Sequence[Image.Image], pixels: int) -> Image.Image:
    """A biscuit for each panel; see `Draw`."""
    width, height = product.surface.size
    biscuit = product.mockup.size or (width + 2 * _RIM, height + 2 * _RIM)
    room = 0.16 * max(biscuit)
    scene = Scene(
        (room + len(panels) * (biscuit[0] + room), biscuit[1] + 2 * room), product.mockup.ground, pixels
    )
    for index, panel in enumerate(panels):
        _bake(scene, product, panel, room + index * (biscuit[0] + room), room, biscuit)
    return scene.image()


def _bake(  # noqa: PLR0917 - one call
    scene: Scene, product: Product, panel: Image.Image, left: float, top: float, biscuit: tuple[float, float]
) -> None:
    radii = biscuit[0] / 2, biscuit[1] / 2
    x, y = (scene.x - left) / radii[0] - 1, (scene.y - top) / radii[1] - 1
    turn = np.arctan2(y, x)
    edge = 1 + sum(far * np.sin(often * turn + often) for often, far in _WAVES)
    out = np.hypot(x, y) / edge
    cover = scene.inside((out - 1) * min(radii))
    scene.shadow(cover, (1.5, 3.5), 3.0, 0.5)
    scene.shadow(cover, (0.2, 0.8), 0.8, 0.4)
    scene.lay(colour(product.mockup.colour), cover)
    crumb = 1 + 0.06 * scene.grain(3, 0.9) + 0.05 * scene.grain(5, 4.0)
    baked = 1 - (1 - _BROWNED) * ((out - 0.86) / 0.14).clip(0, 1) ** 2
    lit = 1 - 0.06 * (x + y)
    scene.shade(crumb * baked * lit, cover)
    _ice(scene, product, panel, (left + radii[0], top + radii[1]))


def _ice(scene: Scene, product: Product, panel: Image.Image, middle: tuple[float, float]) -> None:
    width, height = product.surface.size
    left, top = middle[0] - width / 2, middle[1] - height / 2
    cover = scene.polygons([[(left + x, top + y) for x, y in ring] for ring in rings(product.surface)])
    scene.shadow(cover, (0.3, 0.5), 0.5, 0.35)
    printed = scene.print_at(panel, product.surface.size, (scene.x - left, scene.y - top))
    scene.lay(printed * _SUGAR, cover)
    # The sheet lies on something that is not even, and its edge is round.
    bevel = np.gradient(scene.softened(cover, 0.8))
    scene.shade(1 + 0.025 * scene.grain(7, 2.5) + 0.9 * (bevel[0] + bevel[1]), cover)
