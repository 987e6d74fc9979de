"""Ink coverage as a map of heat: the sum of all inks, the press's limit, and the window that has the most."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from app.pdf.preview.plates import Plates
from app.pdf.preview.wanted import InkLimit, MostInk
from app.pdf.window_means import window_means

Sum = NDArray[np.floating[Any]]
MM = 25.4

_RAMP = (
    (0.0, (255, 255, 255)),
    (0.02, (247, 243, 224)),
    (0.25, (214, 214, 150)),
    (0.5, (126, 178, 132)),
    (0.75, (52, 124, 140)),
    (1.0, (38, 54, 104)),
)
"""Part of the limit and its colour: lighter is less, for every kind of colour vision."""
_OVER = (214, 0, 108)
_LABEL = 2.6
"""Height of the label's figures in mm."""
_LINE = 0.35


def total(plates: Plates) -> Sum:
    """The sum of all inks at each pixel, in percent."""
    summed = np.zeros(plates.shape, np.float32)
    for plate in plates.inks.values():
        summed += plate
    return summed * np.float32(100 / 255)


def most_ink(plates: Plates, limit: InkLimit) -> MostInk:
    """The window inside the bleed whose mean is the largest."""
    left, top, right, bottom = plates.bleed
    inside = total(plates)[top:bottom, left:right]
    per_mm = plates.dpi / MM
    side = max(1, round(limit.window * per_mm))
    means = window_means(inside, side)
    row, column = np.unravel_index(int(means.argmax()), means.shape)
    height, width = min(side, inside.shape[0]), min(side, inside.shape[1])
    return MostInk(
        percent=float(means[row, column]),
        x=(left + int(column) - plates.trim[0]) / per_mm,
        y=(top + int(row) - plates.trim[1]) / per_mm,
        width=width / per_mm,
        height=height / per_mm,
        peak=float(inside.max()),
    )


def heat_map(plates: Plates, limit: InkLimit, most: MostInk) -> Image.Image:
    """The map, with the window marked and its mean written at it; what is over the limit is magenta."""
    picture = Image.fromarray(_coloured(total(plates), limit.percent))
    _mark(picture, plates, most, over=most.percent > limit.percent)
    return picture


def _coloured(summed: Sum, limit: float) -> NDArray[np.uint8]:
    levels = np.arange(int(limit) + 1) / limit
    stops = [stop for stop, _ in _RAMP]
    ramp = np.stack([np.interp(levels, stops, [colour[n] for _, colour in _RAMP]) for n in range(3)], axis=-1)
    table = np.vstack([ramp.round(), [_OVER]]).astype(np.uint8)
    # Plates have eight bits: up to 0.2 % an ink is their rounding, and no ink.
    over = summed > limit + 1
    return table[np.where(over, len(table) - 1, np.minimum(summed.round(), int(limit)).astype(np.intp))]


def _mark(picture: Image.Image, plates: Plates, most: MostInk, *, over: bool) -> None:
    per_mm = plates.dpi / MM
    left, top = plates.trim[0] + most.x * per_mm, plates.trim[1] + most.y * per_mm
    right, bottom = left + most.width * per_mm, top + most.height * per_mm
    draw = ImageDraw.Draw(picture)
    line = max(1, round(_LINE * per_mm))
    draw.rectangle((left, top, right - 1, bottom - 1), outline=(255, 255, 255), width=3 * line)
    draw.rectangle(
        (left + line, top + line, right - 1 - line, bottom - 1 - line),
        outline=_OVER if over else (20, 20, 20),
        width=line,
    )
    font = ImageFont.load_default(max(8, round(_LABEL * per_mm * 1.4)))
    text = f"{most.percent:.0f} %"
    box = draw.textbbox((0, 0), text, font=font)
    pad = 2 * line
    at = (left + 3 * line, top + 3 * line)
    draw.rectangle(
        (*at, at[0] + box[2] - box[0] + 2 * pad, at[1] + box[3] - box[1] + 2 * pad), fill=(255, 255, 255)
    )
    fill = _OVER if over else (20, 20, 20)
    draw.text((at[0] + pad - box[0], at[1] + pad - box[1]), text, font=font, fill=fill)
