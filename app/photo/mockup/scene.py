"""What mock-ups are drawn on: a lit ground, shapes with soft edges, shadows, and prints laid on surfaces.

Lengths are in mm from the scene's top-left corner. Planes hold a number for each pixel; a cover is a plane
from 0 (not there) to 1 (whole).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from app.domain.product import Rgb

Plane = NDArray[np.floating[Any]]
Placing = tuple[Plane, Plane]
_FINER = 4
"""Polygons are drawn so many times larger, for soft edges."""
_VIGNETTE = 0.10
_SHADOW = (0.23, 0.17, 0.12)
"""Shadows on a table are warm, never black."""


def colour(rgb: Rgb) -> Plane:
    """A colour as shares of full light."""
    return np.array(rgb, dtype=np.float32) / 255


class Scene:
    """A picture that is being drawn.

    Args:
        size: width and height, mm.
        ground: its colour.
        pixels: of its longer edge.
    """

    def __init__(self, size: tuple[float, float], ground: Rgb, pixels: int) -> None:
        self.scale = pixels / max(size)
        self.shape = round(size[1] * self.scale), round(size[0] * self.scale)
        down, across = np.mgrid[0 : self.shape[0], 0 : self.shape[1]].astype(np.float32)
        self.x: Plane = (across + 0.5) / self.scale
        self.y: Plane = (down + 0.5) / self.scale
        lit = 1 - _VIGNETTE * ((self.x / size[0] - 0.4) ** 2 + (self.y / size[1] - 0.3) ** 2)
        self.light = colour(ground) * lit[..., None]

    def lay(self, what: Plane, cover: Plane) -> None:
        """Lay a colour, or a colour for each pixel, over what is there."""
        self.light += (what - self.light) * cover[..., None]

    def shade(self, amount: Plane | float, cover: Plane) -> None:
        """Multiply the light by an amount."""
        self.light *= 1 + (np.asarray(amount, dtype=np.float32) - 1)[..., None] * cover[..., None]

    def shadow(self, cover: Plane, fall: tuple[float, float], soft: float, depth: float) -> None:
        """The shadow of something on the ground under it.

        Args:
            cover: of what throws it.
            fall: how far it falls, mm.
            soft: radius of its softness, mm.
            depth: how dark it is, 0 to 1.
        """
        moved = np.roll(cover, [round(fall[1] * self.scale), round(fall[0] * self.scale)], axis=(0, 1))
        self.lay(np.array(_SHADOW, dtype=np.float32), depth * self.softened(moved, soft))

    def softened(self, plane: Plane, radius: float) -> Plane:
        """A plane, blurred by a radius in mm."""
        image = Image.fromarray((plane * 255).clip(0, 255).astype(np.uint8))
        blurred = image.filter(ImageFilter.GaussianBlur(radius * self.scale))
        return np.asarray(blurred, dtype=np.float32) / 255

    def inside(self, distance: Plane) -> Plane:
        """The cover of what a distance in mm from its edge says: negative inside."""
        return (0.5 - distance * self.scale).clip(0, 1)

    def ellipse(self, middle: tuple[float, float], radii: tuple[float, float]) -> Plane:
        """The cover of an ellipse."""
        from_middle = np.hypot((self.x - middle[0]) / radii[0], (self.y - middle[1]) / radii[1])
        return self.inside((from_middle - 1) * min(radii))

    def polygons(self, rings: Iterable[Sequence[tuple[float, float]]]) -> Plane:
        """The cover of outlines; one within another is a hole."""
        height, width = self.shape
        finer = self.scale * _FINER
        size = width * _FINER, height * _FINER
        drawn = Image.new("1", size)
        for ring in rings:
            corners = [(x * finer, y * finer) for x, y in ring]
            if drawn.getbbox() is None:
                ImageDraw.Draw(drawn).polygon(corners, fill=1)
                continue
            one = Image.new("1", size)
            ImageDraw.Draw(one).polygon(corners, fill=1)
            drawn = ImageChops.logical_xor(drawn, one)
        return np.asarray(drawn.convert("L").reduce(_FINER), dtype=np.float32) / 255

    def lay_print(self, page: Image.Image, trim: tuple[float, float], place: Placing, cover: Plane) -> None:
        """Lay a printed page over what is there.

        Args:
            page: cut to its trim, RGB.
            trim: its size, mm.
            place: the place on the trim that each pixel shows: mm across and down.
            cover: where it is to be seen.
        """
        self.lay(self.print_at(page, trim, place), cover)

    def print_at(self, page: Image.Image, trim: tuple[float, float], place: Placing) -> Plane:
        """The colours of a printed page; over its edge they go on as at the edge. See `lay_print`."""
        width, height = (max(2, round(edge * self.scale)) for edge in trim)
        fine = page.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)
        printed = np.asarray(fine, dtype=np.float32) / 255
        x = (place[0] * self.scale - 0.5).clip(0, width - 1.001)
        y = (place[1] * self.scale - 0.5).clip(0, height - 1.001)
        left, top = x.astype(np.intp), y.astype(np.intp)
        right, lower = (x - left)[..., None], (y - top)[..., None]
        over = printed[top, left] * (1 - right) + printed[top, left + 1] * right
        under = printed[top + 1, left] * (1 - right) + printed[top + 1, left + 1] * right
        mixed: Plane = over * (1 - lower) + under * lower
        return mixed

    def grain(self, seed: int, fine: float) -> Plane:
        """An even unrest around 0, about -1 to 1, its grains some mm wide: crumb, foam, yarn."""
        rows, columns = (max(2, round(edge / (fine * self.scale))) for edge in self.shape)
        dots = np.random.default_rng(seed).normal(0, 60, (rows, columns)) + 128
        image = Image.fromarray(dots.clip(0, 255).astype(np.uint8))
        grown = image.resize(self.shape[::-1], Image.Resampling.BICUBIC)
        return (np.asarray(grown, dtype=np.float32) - 128) / 128

    def image(self) -> Image.Image:
        """The picture."""
        return Image.fromarray((self.light * 255 + 0.5).clip(0, 255).astype(np.uint8))
