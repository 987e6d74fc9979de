"""Nothing live near the knife, nothing short of the bleed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce

import shapely
from shapely.geometry.base import BaseGeometry

from app.domain.profile import Severity
from app.domain.units import millimetres
from app.pdf.preflight.check import check
from app.pdf.preflight.content.marks import ImageMark, Mark, PathMark, TextMark
from app.pdf.preflight.content.matrix import Bounds, contains, overlap
from app.pdf.preflight.report import Finding
from app.pdf.preflight.subject import Page, Subject

_TOLERANCE = 0.1
"""Points; 0.04 mm."""
CUT = "CutContour"
"""The spot that cutting lines are drawn in."""
_CORNERS = 3


def _live(subject: Subject, page: Page) -> Iterator[tuple[str, Bounds]]:
    """What must be read or looked at whole: text, codes, pictures that do not bleed."""
    for found in subject.codes:
        if found.page is page:
            yield "a code", found.code.bounds
    for mark in page.painted.marks:
        if isinstance(mark, TextMark):
            yield "text", mark.bounds
        elif isinstance(mark, ImageMark) and _stands_free(page, mark.bounds):
            yield "a picture", mark.bounds


def _inside_the_cut(page: Page) -> BaseGeometry | None:
    """What is kept of a page that shows its cutting line; None where the trim alone says it."""
    lines = [
        ring
        for mark in page.painted.marks
        if isinstance(mark, PathMark) and mark.stroked and CUT in dict(mark.look.stroke.inks)
        for ring in mark.outline.polygons()
        if len(ring) >= _CORNERS
    ]
    found = [shapely.make_valid(shapely.Polygon(ring)) for ring in lines]
    return reduce(BaseGeometry.symmetric_difference, found) if found else None


def _stands_free(page: Page, bounds: Bounds) -> bool:
    """Whether a picture ends inside the trim; one that covers a page without bleed is no such picture."""
    covers = contains(page.trim, page.bleed, _TOLERANCE) and contains(bounds, page.trim, _TOLERANCE)
    return contains(page.trim, bounds, _TOLERANCE) and not covers


@check("Nothing that must be read is near the edge", content=True)
def safe_zone(subject: Subject) -> Iterator[Finding]:
    """The template's safe zone, or the profile's: the knife is off by up to a millimetre.

    Where a page shows its cutting line, what lies outside of that is for the plant, and cut away.
    """
    for page in subject.painted_pages:
        area = subject.safe_area(page)
        kept = _inside_the_cut(page)
        for what, bounds in _live(subject, page):
            cut_away = kept is not None and not kept.intersects(shapely.box(*bounds))
            if not cut_away and not contains(area, bounds, _TOLERANCE) and overlap(bounds, page.bleed):
                distance = _distance(page, bounds)
                yield Finding(
                    f"{what} is {distance:.1f} mm from the trim, {subject.safe:g} mm are asked for",
                    "move it inwards",
                    page.number,
                    page.box(bounds),
                )


def _distance(page: Page, bounds: Bounds) -> float:
    """From the nearest edge of the trim, in mm; negative outside."""
    trim = page.trim
    return millimetres(
        min(bounds[0] - trim[0], bounds[1] - trim[1], trim[2] - bounds[2], trim[3] - bounds[3])
    )


@check("What bleeds reaches the end of the bleed", Severity.WARNING, content=True)
def bleed_filled(subject: Subject) -> Iterator[Finding]:
    """A picture or a tint over the trim that stops short leaves a white line where the knife is off."""
    for page in subject.painted_pages:
        for mark in page.painted.marks:
            sides = [side for side in range(4) if _rectangular(mark) and _short(page, mark.bounds, side)]
            if sides:
                yield Finding(
                    "it crosses the trim, but ends in the bleed",
                    "enlarge it to the end of the bleed",
                    page.number,
                    page.box(mark.bounds),
                    mark.inside,
                )


def _rectangular(mark: Mark) -> bool:
    """Whether its bounds are its edges: a curve may well end in the bleed."""
    if isinstance(mark, ImageMark):
        return True
    single = (
        isinstance(mark, PathMark) and mark.filled and mark.outline.boxed and len(mark.outline.subpaths) == 1
    )
    return single and not mark.look.fill.white


def _short(page: Page, bounds: Bounds, side: int) -> bool:
    outwards = -1 if side < 2 else 1  # noqa: PLR2004  left and bottom, then right and top
    over_trim = (bounds[side] - page.trim[side]) * outwards
    to_bleed = (page.bleed[side] - bounds[side]) * outwards
    return over_trim > _TOLERANCE and to_bleed > _TOLERANCE
