"""Socks laid flat beside each other, toes outwards, each panel on its leg."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from PIL import Image
from shapely import LineString, Polygon, box
from shapely.affinity import scale

from app.domain.product import Product
from app.photo.mockup.scene import Plane, Scene, colour

_CUFF = 0.13
"""Share of the printed length that is ribbed above it."""
_RIB = 3.2
"""mm from rib to rib."""
_BULGE = 0.90
"""How much of a half-turn of the leg lies in view: 1 would be all."""
_KNIT = 0.82


def draw(product: Product, panels: Sequence[Image.Image], pixels: int) -> Image.Image:
    """A sock for each panel; see `Draw`."""
    leg, length = product.surface.size
    foot = 1.0 * leg
    room = 0.35 * leg
    one = leg + foot
    size = room + len(panels) * (one + room), length * (1 + _CUFF) + 0.28 * leg + 2 * room
    scene = Scene(size, product.mockup.ground, pixels)
    for index, panel in enumerate(panels):
        left = room + index * (one + room)
        # The first of a pair has its toes to the left, the second to the right.
        toes_left = index % 2 == 0 and len(panels) > 1
        start = left + foot if toes_left else left
        _lay(scene, product, panel, (start, room), toes_left=toes_left)
    return scene.image()


@cache
def _outline(leg: float, length: float) -> tuple[Polygon, Polygon, Polygon]:
    """A sock with its toes to the right, and its heel and toe patches: mm from the cuff's left end."""
    top = length * _CUFF
    bottom = top + length + 0.22 * leg
    shaft = LineString([(leg / 2, 0), (leg / 2, bottom - leg / 2)]).buffer(leg / 2, cap_style="flat")
    foot = LineString([(leg / 2, bottom - leg * 0.5), (leg * 1.55, bottom - leg * 0.40)]).buffer(leg * 0.42)
    heel = box(0, bottom - leg, leg, bottom)
    whole = shaft.union(foot).union(
        heel.intersection(
            LineString([(leg * 0.5, bottom - leg * 0.5), (leg * 0.62, bottom - leg * 0.5)]).buffer(leg * 0.5)
        )
    )
    # Growing and shrinking rounds the instep, the other way round the heel.
    whole = whole.buffer(leg * 0.45).buffer(-leg * 0.45).buffer(-leg * 0.03).buffer(leg * 0.03)
    square = box(-leg, -1, 3 * leg, leg * 0.3)
    whole = whole.union(shaft.intersection(square))
    heel_patch = whole.intersection(
        Polygon(
            [
                (-1, bottom - leg * 0.98),
                (leg * 0.52, bottom - leg * 0.42),
                (leg * 0.30, bottom + 9),
                (-1, bottom + 9),
            ]
        )
    )
    toe_patch = whole.intersection(box(leg * 1.52, 0, leg * 3, bottom + 9))
    return whole, heel_patch, toe_patch


def _lay(
    scene: Scene, product: Product, panel: Image.Image, start: tuple[float, float], *, toes_left: bool
) -> None:
    leg, length = product.surface.size
    whole, heel, toe = (
        _cover(scene, part, leg, start, toes_left=toes_left) for part in _outline(leg, length)
    )
    scene.shadow(whole, (2, 4), 4.0, 0.4)
    scene.shadow(whole, (0.4, 1.0), 1.0, 0.35)
    yarn = colour(product.mockup.colour)
    scene.lay(yarn, whole)
    across, down = scene.x - start[0], scene.y - start[1] - length * _CUFF
    bulged = np.arcsin(((across / leg * 2 - 1) * _BULGE).clip(-1, 1)) / np.arcsin(_BULGE)
    printed = scene.inside(
        np.maximum(np.abs(across - leg / 2) - leg / 2, np.abs(down - length / 2) - length / 2)
    )
    scene.lay_print(panel, (leg, length), ((bulged + 1) / 2 * leg, down), printed * whole)
    for patch in (heel, toe):
        scene.lay(yarn * _KNIT, patch)
    _knit(scene, whole, down, across)


def _knit(scene: Scene, whole: Plane, down: Plane, across: Plane) -> None:
    cuff = scene.inside(down)
    ribs = np.cos(across * (2 * np.pi / _RIB)).astype(np.float32)
    scene.shade(1 + 0.07 * ribs * cuff, whole)
    loops = np.cos(scene.x * (2 * np.pi / 1.5)) * np.cos(scene.y * (2 * np.pi / 1.1))
    scene.shade(1 + 0.012 * loops.astype(np.float32) + 0.02 * scene.grain(1, 5), whole)
    # Thicker in the middle than at the edges.
    rise = scene.softened(whole, 7.0)
    scene.shade(0.72 + 0.30 * ((rise - 0.45) / 0.5).clip(0, 1), whole)


def _cover(scene: Scene, part: Polygon, leg: float, start: tuple[float, float], *, toes_left: bool) -> Plane:
    """The cover of a part of the sock; the toes go to the left by a mirror along the leg's middle."""
    if toes_left:
        part = scale(part, -1, 1, origin=(leg / 2, 0))
    polygons = getattr(part, "geoms", [part])
    return scene.polygons(
        [(start[0] + x, start[1] + y) for x, y in one.exterior.coords[:-1]] for one in polygons if one.area
    )
