"""Where trim and bleed are in a finished file: read from the file itself, as the press will read it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pikepdf

from app.domain.geometry import Box
from app.domain.units import millimetres


@dataclass(frozen=True, slots=True)
class PageBoxes:
    """One page's boxes in mm, origin at the trim's top-left corner, y downwards. `shown` is the crop box."""

    shown: Box
    trim: Box
    bleed: Box


def page_boxes(path: Path) -> tuple[PageBoxes, ...]:
    """The boxes of every page of a stored file."""
    with pikepdf.open(path) as pdf:
        return tuple(_boxes(page) for page in pdf.pages)


def _boxes(page: pikepdf.Page) -> PageBoxes:
    left, _, _, top = (float(number) for number in page.trimbox)
    shown, trim, bleed = (_box(found, left, top) for found in (page.cropbox, page.trimbox, page.bleedbox))
    return PageBoxes(shown, trim, bleed)


def _box(found: pikepdf.Array, trim_left: float, trim_top: float) -> Box:
    left, bottom, right, top = (float(number) for number in found)
    return Box(
        millimetres(left - trim_left),
        millimetres(trim_top - top),
        millimetres(right - left),
        millimetres(top - bottom),
    )
