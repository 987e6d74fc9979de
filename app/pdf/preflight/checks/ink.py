"""How much ink lands on paper (GWG 2022 in spirit: in a window, not in a pixel)."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

import numpy as np

from app.domain.profile import Severity
from app.domain.units import points
from app.pdf.preflight.check import check
from app.pdf.preflight.content.marks import ImageMark, Mark, PathMark, TextMark
from app.pdf.preflight.content.matrix import Bounds
from app.pdf.preflight.content.paint import Paint
from app.pdf.preflight.images import InkImages, measurable, most_ink
from app.pdf.preflight.raster import InkRaster
from app.pdf.preflight.report import Finding
from app.pdf.preflight.steps import STEPS
from app.pdf.preflight.subject import Page, Subject
from app.pdf.window_means import window_means

_PIXELS_PER_POINT = 0.5
"""36 dpi: 21 pixels across a 15 mm window."""
_MOST_PIXELS = 4_000_000
"""A page larger than A0 is drawn coarser."""
_TOLERANCE = 0.005
_BLENDS = ("Normal", "Multiply")


@check("No area carries more ink than the press takes", content=True)
def ink_coverage(subject: Subject) -> Iterator[Finding]:
    """The mean of all inks in any window of the profile's size."""
    limit = subject.profile.ink_limit / 100
    for page in subject.painted_pages:
        marks = [mark for mark in page.painted.marks if not _is_step(mark)]
        if _bound(marks) <= limit:
            continue
        most, place = _densest(page, marks, points(subject.profile.ink_window), subject.ink_images)
        if most > limit + _TOLERANCE:
            yield Finding(
                f"{most * 100:.0f} % ink, the press takes {limit * 100:g} %",
                "lighten the picture or the tints there",
                page.number,
                page.box(place),
            )


@check("All ink could be measured", Severity.WARNING, content=True)
def ink_measured(subject: Subject) -> Iterator[Finding]:
    """What is painted by shadings, patterns and the like is not counted in the ink coverage."""
    for page in subject.painted_pages:
        for what in page.painted.unmeasured:
            yield Finding("its ink was not measured", "look at it yourself", page.number, object=what)
        for mark in page.painted.marks:
            label = _unmeasured(mark)
            if label:
                box = page.box(mark.bounds)
                yield Finding("its ink was not measured", "look at it yourself", page.number, box, label)


def _unmeasured(mark: Mark) -> str:
    if isinstance(mark, ImageMark) and not mark.stencil and not measurable(mark):
        # DeviceRGB has its own check, which stops the file.
        rgb = mark.space is not None and "DeviceRGB" in mark.space.families
        return "" if rgb else f"image {mark.name}"
    if mark.look.soft_mask:
        return f"soft mask {mark.inside}".strip()
    return "" if mark.look.blend in _BLENDS else f"blend mode {mark.look.blend}"


def _is_step(mark: Mark) -> bool:
    """Whether it is a knife's way or a white ground alone, which no limit of the press's inks is for."""
    if isinstance(mark, ImageMark) and not mark.stencil:
        return False
    inks = {name for paint, _ in _paints(mark) for name, tint in paint.inks if tint}
    return bool(inks) and inks <= STEPS.keys()


def _bound(marks: list[Mark]) -> float:
    """More ink than anywhere on the page, from the colours alone.

    What knocks out leaves its own sum; what overprints replaces its own inks, so each such ink adds at
    most its largest tint. Most pages stay under the limit by this, and need not be drawn.
    """
    opaque, over = 0.0, dict[str, float]()
    for mark in marks:
        for paint, overprints in _paints(mark):
            if overprints or mark.look.blend != "Normal":
                for name, tint in paint.inks:
                    over[name] = max(over.get(name, 0.0), 1.0 if mark.look.blend != "Normal" else tint)
            else:
                opaque = max(opaque, paint.total)
        if isinstance(mark, ImageMark):
            opaque = max(opaque, most_ink(mark))
    return opaque + sum(over.values())


def _paints(mark: Mark) -> Iterator[tuple[Paint, bool]]:
    if isinstance(mark, PathMark | TextMark):
        if mark.filled:
            yield mark.look.fill, mark.look.fill_overprints
        if mark.stroked:
            yield mark.look.stroke, mark.look.stroke_overprints


def _densest(page: Page, marks: list[Mark], window: float, images: InkImages) -> tuple[float, Bounds]:
    """The largest mean over a window inside the bleed, and where."""
    left, bottom, right, top = page.bleed
    per_point = min(_PIXELS_PER_POINT, sqrt(_MOST_PIXELS / max((right - left) * (top - bottom), 1)))
    raster = InkRaster(page.bleed, per_point, images)
    raster.draw(marks)
    side = max(1, round(window * per_point))
    means = window_means(raster.total(), side).astype(np.float32)
    row, column = np.unravel_index(int(means.argmax()), means.shape)
    size = side / per_point
    x, y = left + int(column) / per_point, top - int(row) / per_point
    return float(means[row, column]), (x, y - size, x + size, y)
