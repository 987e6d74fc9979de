"""Images at their printed size."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.profile import Severity
from app.pdf.preflight.check import check
from app.pdf.preflight.content.marks import ImageMark
from app.pdf.preflight.objects import object_id
from app.pdf.preflight.report import Finding
from app.pdf.preflight.subject import Page, Subject

_SMALLEST = 16
"""Pixels; a flat tint or a dot has no resolution (GWG 2022, 4.21)."""
_TOLERANCE = 0.5
"""ppi, for sizes rounded in the content."""


def _photos(subject: Subject) -> Iterator[tuple[Page, ImageMark]]:
    for page in subject.painted_pages:
        for mark in page.painted.marks:
            if isinstance(mark, ImageMark) and min(mark.width, mark.height) > _SMALLEST:
                yield page, mark


def _finding(page: Page, mark: ImageMark, wanted: float) -> Finding:
    return Finding(
        f"{mark.resolution:.0f} ppi at its printed size, {wanted:g} are asked for",
        "use a bigger picture, or print it smaller",
        page.number,
        page.box(mark.bounds),
        f"image {mark.name}",
        object_id(mark.stream),
    )


@check("Images can be printed", content=True)
def image_resolution(subject: Subject) -> Iterator[Finding]:
    """Under the profile's lowest resolution, pixels show."""
    wanted = subject.profile.resolution_error
    for page, mark in _photos(subject):
        if mark.resolution < wanted - _TOLERANCE:
            yield _finding(page, mark, wanted)


@check("Images are sharp", Severity.WARNING, content=True)
def image_sharpness(subject: Subject) -> Iterator[Finding]:
    """Between the lowest and the wanted resolution a picture prints, but soft."""
    lowest, wanted = subject.profile.resolution_error, subject.profile.resolution_warning
    for page, mark in _photos(subject):
        if lowest - _TOLERANCE <= mark.resolution < wanted - _TOLERANCE:
            yield _finding(page, mark, wanted)
