"""Pictures for the demo's photo items, drawn by ourselves: balloons over hills at three hours of a day."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIZE = (2000, 1500)
"""Pixels: enough for every product that ships, at its target resolution or near it."""
_QUALITY = 90
_MOUTH, _BASKET, _FLOOR = 1.35, 1.62, 1.92
"""How far under its middle a balloon's mouth, its basket's rim and its floor are, in radii."""
Plane = NDArray[np.float32]
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Balloon:
    """A balloon: its middle and radius as shares of the picture's height, and the colours of its stripes."""

    x: float
    y: float
    radius: float
    stripes: tuple[Colour, Colour]


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour of the day: the sky from above to the horizon, the sun's place, the nearest hill's colour."""

    zenith: Colour
    horizon: Colour
    sun: tuple[float, float]
    light: Colour
    hill: Colour
    balloons: tuple[Balloon, ...]


_RED: tuple[Colour, Colour] = ((214, 72, 54), (250, 226, 190))
_BLUE: tuple[Colour, Colour] = ((42, 96, 140), (246, 196, 92))
_GREEN: tuple[Colour, Colour] = ((58, 122, 104), (244, 236, 214))
HOURS = {
    "morning": Hour(
        (96, 146, 190),
        (252, 216, 178),
        (0.92, 0.60),
        (255, 240, 206),
        (44, 82, 84),
        (Balloon(0.62, 0.29, 0.17, _RED), Balloon(1.08, 0.22, 0.075, _GREEN)),
    ),
    "noon": Hour(
        (64, 138, 204),
        (214, 234, 242),
        (0.32, 0.15),
        (255, 252, 232),
        (52, 106, 66),
        (Balloon(0.74, 0.29, 0.175, _BLUE), Balloon(0.26, 0.36, 0.07, _RED)),
    ),
    "evening": Hour(
        (64, 60, 116),
        (250, 160, 110),
        (0.44, 0.64),
        (255, 214, 150),
        (46, 42, 66),
        (
            Balloon(0.74, 0.29, 0.165, _GREEN),
            Balloon(0.36, 0.26, 0.08, _BLUE),
            Balloon(1.14, 0.44, 0.05, _RED),
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Ridge:
    """A line of hills: height over the picture's top, rise, waves, nearness, and where its waves begin."""

    top: float
    rise: float
    waves: float
    near: float
    turn: float


_RIDGES = (
    Ridge(0.66, 0.020, 3.1, 0.30, 0),
    Ridge(0.72, 0.028, 2.3, 0.52, 1),
    Ridge(0.80, 0.036, 1.7, 0.76, 2),
    Ridge(0.90, 0.030, 1.2, 1.00, 3),
)


def picture(name: str) -> bytes:
    """A picture as a camera would send it: a JPEG, the same bytes each time.

    Args:
        name: of one of `HOURS`.
    """
    hour, (width, height) = HOURS[name], SIZE
    down, across = np.mgrid[0:height, 0:width].astype(np.float32) / np.float32(height)
    pixels = _sky(hour, across, down)
    for balloon in hour.balloons:
        # Its own part of the picture alone: from its crown to its basket.
        reach = (balloon.y - 1.1 * balloon.radius, balloon.y + 2.0 * balloon.radius)
        rows = slice(*(round(max(0.0, edge) * height) for edge in reach))
        reach = (balloon.x - 1.1 * balloon.radius, balloon.x + 1.1 * balloon.radius)
        columns = slice(*(round(edge * height) for edge in reach))
        _fly(pixels[rows, columns], balloon, across[rows, columns], down[rows, columns])
    for ridge in _RIDGES:
        first = round((ridge.top - 2 * ridge.rise) * height)
        _ridge(pixels[first:], hour, ridge, across[first:], down[first:])
    image = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


def _sky(hour: Hour, across: Plane, down: Plane) -> Plane:
    share = (down / 0.72).clip(0, 1)[..., None] ** 1.3
    zenith, horizon = (np.array(colour, np.float32) for colour in (hour.zenith, hour.horizon))
    pixels: Plane = (zenith * (1 - share) + horizon * share).astype(np.float32)
    away = np.hypot(across - hour.sun[0], down - hour.sun[1])
    glow = (0.55 * np.exp(-((away / 0.22) ** 2)) + _inside(away, 0.055)).clip(0, 1)
    return _over(pixels, np.array(hour.light, np.float32), glow)


def _ridge(pixels: Plane, hour: Hour, ridge: Ridge, across: Plane, down: Plane) -> None:
    """A line of hills; far ones take the horizon's colour."""
    along = across[0] * ridge.waves
    waves = np.sin(along * 2 + ridge.turn * 1.9) + 0.45 * np.sin(along * 5.3 + ridge.turn)
    mask = ((down - ridge.top - ridge.rise * waves) * SIZE[1]).clip(0, 1)
    hill, horizon = (np.array(colour, np.float32) for colour in (hour.hill, hour.horizon))
    pixels[:] = _over(pixels, horizon + (hill - horizon) * np.float32(ridge.near), mask)


def _fly(pixels: Plane, balloon: Balloon, across: Plane, down: Plane) -> None:
    """A balloon with its basket; its stripes lie around it, lit from the left."""
    x, y, r = balloon.x, balloon.y, balloon.radius
    u, v = (across - x) / r, (down - y) / r
    # Round above, drawn in to its mouth below.
    width = np.where(v < 0, np.sqrt((1 - v * v).clip(0)), (1 - 0.62 * (v.clip(0) / _MOUTH) ** 1.7).clip(0))
    mask = ((width - np.abs(u)) * r * SIZE[1]).clip(0, 1) * (v < _MOUTH)
    around = np.arcsin((u / np.maximum(width, 1e-3)).clip(-1, 1)) / np.pi * 8
    stripe = (np.floor(around + 0.5) % 2)[..., None]
    first, second = (np.array(colour, np.float32) for colour in balloon.stripes)
    shade = (1.06 - 0.22 * (u + 0.35).clip(0, 1.4) - 0.10 * v.clip(0, 1))[..., None]
    pixels[:] = _over(pixels, (first * (1 - stripe) + second * stripe) * shade, mask)
    ropes = ((0.030 - np.abs(np.abs(u) - 0.30 + 0.10 * (v - _MOUTH))) * r * SIZE[1] / 3).clip(0, 1)
    pixels[:] = _over(pixels, np.array((84, 66, 54), np.float32), ropes * ((v > _MOUTH) & (v < _BASKET)))
    basket = ((0.26 - np.abs(u)) * r * SIZE[1]).clip(0, 1) * ((v > _BASKET) & (v < _FLOOR))
    pixels[:] = _over(pixels, np.array((120, 82, 50), np.float32), basket)


def _inside(away: Plane, radius: float) -> Plane:
    inside: Plane = ((radius - away) * SIZE[1]).clip(0, 1)
    return inside


def _over(pixels: Plane, colour: Plane | Sequence[float], mask: Plane) -> Plane:
    covered: Plane = pixels + (colour - pixels) * mask[..., None]
    return covered
