"""Page boxes (ISO 15930-7:2010, 6.11) and what the knife needs."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.units import millimetres, points
from app.pdf.preflight.check import check
from app.pdf.preflight.content.matrix import Bounds, contains, overlap
from app.pdf.preflight.objects import entries, inherited, object_id, rectangle
from app.pdf.preflight.report import Finding
from app.pdf.preflight.subject import Page, Subject

_TOLERANCE = 0.05
"""Points; boxes are written with two or three decimals."""


def _trimmed(page: Page) -> bool:
    """Whether the page says where it is cut; without that, other box checks would only repeat it."""
    return ("/TrimBox" in page.page.obj) != ("/ArtBox" in page.page.obj)


@check("Each page has a TrimBox or an ArtBox, not both", demanded=True)
def trim_box_stated(subject: Subject) -> Iterator[Finding]:
    """ISO 15930-7, 6.11."""
    for page in subject.pages:
        if not _trimmed(page):
            both = "/TrimBox" in page.page.obj
            says = "TrimBox and ArtBox are both there" if both else "there is no TrimBox"
            yield Finding(says, "write the TrimBox alone", page.number)


@check("Trim lies in bleed, bleed in media", demanded=True)
def boxes_nested(subject: Subject) -> Iterator[Finding]:
    """ISO 32000-1, 14.11.2."""
    for page in subject.pages:
        if rectangle(inherited(page.page, "/MediaBox")) is None:
            yield Finding("there is no MediaBox", "write it", page.number)
            continue
        bleed = rectangle(page.page.obj.get("/BleedBox"))
        if bleed is not None and not contains(page.media, bleed, _TOLERANCE):
            yield Finding("the BleedBox reaches over the MediaBox", "enlarge the MediaBox", page.number)
        if not contains(bleed or page.media, page.trim, _TOLERANCE):
            outer = "MediaBox" if bleed is None else "BleedBox"
            yield Finding(f"the TrimBox reaches over the {outer}", f"enlarge the {outer}", page.number)


@check("The CropBox is absent or the MediaBox")
def crop_box_is_media_box(subject: Subject) -> Iterator[Finding]:
    """Viewers then show what the press gets."""
    for page in subject.pages:
        found = rectangle(inherited(page.page, "/CropBox"))
        if found is not None and not _same(found, page.media):
            yield Finding("the CropBox is not the MediaBox", "remove the CropBox", page.number)


def _same(first: Bounds, second: Bounds) -> bool:
    return all(abs(a - b) <= _TOLERANCE for a, b in zip(first, second, strict=True))


@check("No page has a UserUnit", demanded=True)
def no_user_unit(subject: Subject) -> Iterator[Finding]:
    """Half of the front ends ignore it."""
    for page in subject.pages:
        if "/UserUnit" in page.page.obj:
            yield Finding("UserUnit is set", "draw the page at its real size", page.number)


@check("The bleed is wide enough")
def bleed_wide_enough(subject: Subject) -> Iterator[Finding]:
    """The press profile's smallest bleed on all four sides."""
    wanted = subject.profile.bleed
    for page in subject.pages:
        if not _trimmed(page) or not contains(page.bleed, page.trim, _TOLERANCE):
            continue
        room = min(abs(a - b) for a, b in zip(page.bleed, page.trim, strict=True))
        if room < points(wanted) - _TOLERANCE:
            mend = "render with more bleed"
            if _same(page.media, page.trim):
                mend += "; a press sheet has none: check it as such (--sheet)"
            yield Finding(
                f"{millimetres(room):.2f} mm of bleed, {wanted:g} mm are asked for", mend, page.number
            )


@check("All pages have the same trim")
def pages_same_trim(subject: Subject) -> Iterator[Finding]:
    """Front and back of one sheet."""
    first = next((page for page in subject.pages if _trimmed(page)), None)
    for page in subject.pages:
        if first is not None and _trimmed(page) and not _same_size(page.trim, first.trim):
            yield Finding(
                f"its trim is {_size(page.trim)}, that of page {first.number} {_size(first.trim)}",
                "give all pages one trim",
                page.number,
            )


def _same_size(a: Bounds, b: Bounds) -> bool:
    return (
        abs((a[2] - a[0]) - (b[2] - b[0])) <= _TOLERANCE and abs((a[3] - a[1]) - (b[3] - b[1])) <= _TOLERANCE
    )


def _size(box: Bounds) -> str:
    return f"{millimetres(box[2] - box[0]):.1f} × {millimetres(box[3] - box[1]):.1f} mm"


@check("There are no annotations on the printed area", demanded=True)
def no_annotations(subject: Subject) -> Iterator[Finding]:
    """ISO 15930-7, 6.17: none inside the BleedBox."""
    for page in subject.pages:
        for annotation in entries(page.page.obj.get("/Annots")):
            place = rectangle(annotation.get("/Rect"))
            if place is None or overlap(place, page.bleed):
                box = None if place is None else page.box(place)
                kind = str(annotation.get("/Subtype", "an annotation"))[1:]
                yield Finding(
                    f"{kind} stands on the page", "remove it", page.number, box, id=object_id(annotation)
                )
