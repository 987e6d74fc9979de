"""A mug from the side: the wrap goes around a cylinder, once for each view."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PIL import Image

from app.domain.product import Product
from app.photo.mockup.scene import Plane, Scene, colour

_SIZE = (82.0, 96.0)
"""Diameter and height of the usual 11 oz mug, mm."""
_LOOK_DOWN = 0.17
"""A circle's height over its width, seen from a little above."""
_WALL = 3.4
_HANDLE = (27.0, 31.0, 5.2)
"""How far it reaches out, half its height, and half its thickness, mm."""
_INSIDE = 0.80


def draw(product: Product, panels: Sequence[Image.Image], pixels: int) -> Image.Image:
    """A mug for each panel and view; see `Draw`."""
    diameter, height = product.mockup.size or _SIZE
    room = diameter * 0.5
    seen = [(panel, view) for panel in panels for view in product.mockup.views]
    width = room + len(seen) * (diameter + room)
    scene = Scene((width, height + 1.0 * room), product.mockup.ground, pixels)
    for index, (panel, view) in enumerate(seen):
        middle = room + diameter / 2 + index * (diameter + room)
        _Mug(scene, product, middle, room * 0.42, (diameter, height)).draw(panel, math.radians(view))
    return scene.image()


class _Mug:
    def __init__(
        self, scene: Scene, product: Product, middle: float, top: float, size: tuple[float, float]
    ) -> None:
        self._scene, self._product, self._middle, self._top = scene, product, middle, top
        self._radius, self._height = size[0] / 2, size[1] - 2 * size[0] / 2 * _LOOK_DOWN / 2
        self._china = colour(product.mockup.colour)
        across = (scene.x - middle) / self._radius
        self._sine = across.clip(-1, 1)
        self._cosine = np.sqrt(1 - self._sine**2)
        dip = self._radius * _LOOK_DOWN
        self._down: Plane = scene.y - top - dip - dip * self._cosine
        """mm under the rim, on the side that is seen."""
        sides = scene.inside((np.abs(across) - 1) * self._radius)
        self._body: Plane = sides * scene.inside(np.maximum(-self._down, self._down - self._height))

    def draw(self, panel: Image.Image, view: float) -> None:
        foot = self._top + self._height + self._radius * _LOOK_DOWN
        ground = self._scene.ellipse((self._middle, foot), (self._radius, self._radius * _LOOK_DOWN))
        self._scene.shadow(ground, (4, 2.5), 5.0, 0.6)
        self._scene.shadow(ground, (0.5, 1.2), 1.0, 0.5)
        self._handle(view)
        self._wrap(panel, view)
        self._rim()

    def _wrap(self, panel: Image.Image, view: float) -> None:
        scene, trim = self._scene, self._product.surface.size
        scene.lay(self._china, self._body)
        along = trim[0] / 2 + self._radius * (np.arcsin(self._sine) + view)
        down = self._down - (self._height - trim[1]) / 2
        there = scene.inside(np.abs(along - trim[0] / 2) - trim[0] / 2)
        there *= scene.inside(np.abs(down - trim[1] / 2) - trim[1] / 2)
        scene.lay_print(panel, trim, (along, down), self._body * there)
        # Light from the left and above, a window's reflection, and the ground's light from below.
        light = 0.66 + 0.37 * (self._cosine * 0.86 - self._sine * 0.5)
        scene.shade(light, self._body)
        window = np.exp(-(((self._sine + 0.62) / 0.05) ** 2)) * 0.30
        scene.lay(np.ones(3, dtype=np.float32), self._body * window.astype(np.float32))

    def _rim(self) -> None:
        scene, dip = self._scene, self._radius * _LOOK_DOWN
        middle = self._middle, self._top + dip
        scene.lay(self._china * 1.0, scene.ellipse(middle, (self._radius, dip)))
        inner = self._radius - _WALL, dip - _WALL * _LOOK_DOWN * 2
        hollow = scene.ellipse(middle, inner)
        scene.lay(self._china * _INSIDE, hollow)
        scene.shade(1 + 0.16 * self._sine + 0.9 * (scene.y - middle[1]) / self._height, hollow)

    def _handle(self, view: float) -> None:
        """It stands where the wrap's ends meet: at the back of the picture's middle."""
        reach, half, thick = _HANDLE
        side, depth = math.sin(view), -math.cos(view)
        if abs(side) < math.sin(0.2):
            return  # hidden by the mug
        scene = self._scene
        dip = self._radius * _LOOK_DOWN
        x = self._middle + self._radius * side
        y = self._top + dip + self._height * 0.48 + dip * depth
        flat = max(abs(side), 0.25)
        from_middle = np.hypot((scene.x - x) / (flat * reach), (scene.y - y) / half)
        ring = np.abs(from_middle - 1) * half - thick
        cover = scene.inside(ring)
        scene.shadow(cover * (scene.y > y), (2, 4), 3.0, 0.12)
        scene.lay(self._china * 0.93, cover)
        round_ = 1 - 0.22 * ((from_middle - 1) * half / thick).clip(-1, 1) ** 2
        scene.shade(round_ * (0.95 - 0.10 * (scene.y - y) / half - 0.06 * side), cover)
