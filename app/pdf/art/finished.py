"""Art that comes as a finished PDF page: its objects are copied, its inks are its own.

The page becomes one form XObject. What it holds beyond that (fonts, images, colour spaces) comes along, so it
is held to the checks that each card must pass, before the first card is made with it.
"""

from __future__ import annotations

from pathlib import Path

import pikepdf

from app.domain.profile import PressProfile, Severity
from app.domain.units import millimetres
from app.errors import ArtworkUnusable
from app.pdf.art.kind import kind_of
from app.pdf.file.copier import Copier
from app.pdf.file.objects import ObjectFile
from app.pdf.file.syntax import number
from app.pdf.preflight.check import checks_for, run
from app.pdf.preflight.subject import Subject, Unreadable

_TOLERANCE = 0.5
"""pt, that the page may be larger or smaller than the card with its bleed."""
_HEADER_WITHIN = 1024
"""Bytes in which readers look for `%PDF-`."""
CHECKED = frozenset(
    {
        "no-encryption",
        "content-sound",
        "resources-present",
        "no-device-rgb",
        "no-transfer-functions",
        "fonts-embedded",
        "no-notdef",
        "no-blank-glyphs",
        "image-resolution",
        "ink-coverage",
        "white-knocks-out",
        "no-annotations",
        "no-user-unit",
        "no-lzw",
        "no-external-streams",
        "no-postscript-xobjects",
        "no-reference-xobjects",
        "no-opi",
        "no-transparency",
        "no-layers",
        "images-of-their-time",
        "colours-of-the-press",
    }
)
"""The preflight's checks that art can break; the others are about the file that the card will be."""


def write_finished_art(file: ObjectFile, path: Path, size: tuple[float, float], profile: PressProfile) -> int:
    """Write the one page of a PDF as a form XObject; gives its object number.

    Args:
        file: where to.
        path: the PDF.
        size: width and height in pt that its BleedBox (else MediaBox) must have.
        profile: the press profile that it must keep.

    Raises:
        ArtworkUnusable: it is no PDF, locked, of several pages, of another size, or breaks the profile.
    """
    subject = _opened(path, profile)
    with subject.pdf as pdf:
        try:
            _check_page(path, subject, size)
            _check_content(path, subject)
        except Unreadable as error:
            raise _unreadable(path, error) from error
        return _write_page(file, pdf.pages[0])


def _opened(path: Path, profile: PressProfile) -> Subject:
    try:
        data = path.read_bytes()
    except OSError as error:
        mend = "put the art there, or name another in template.toml"
        raise ArtworkUnusable(f"{path} cannot be read ({error.strerror})", mend=mend) from error
    if b"%PDF-" not in data[:_HEADER_WITHIN]:
        raise ArtworkUnusable(f"{path} is named PDF but is {kind_of(data)}", mend="save it as PDF again")
    try:
        subject = Subject(data, profile, safe=0)
        subject.look_at(None)
    except Unreadable as error:
        raise _unreadable(path, error) from error
    return subject


def _unreadable(path: Path, error: Unreadable) -> ArtworkUnusable:
    return ArtworkUnusable(f"{path}: {error}", mend="save it as PDF again, without a password")


def _check_page(path: Path, subject: Subject, size: tuple[float, float]) -> None:
    """One page, upright, of the card's size with its bleed.

    Raises:
        ArtworkUnusable: it is not.
    """
    if subject.pdf.is_encrypted:
        raise ArtworkUnusable(f"{path} is encrypted", mend="save it without a password and restrictions")
    if len(subject.pdf.pages) != 1:
        raise ArtworkUnusable(f"{path} has {len(subject.pdf.pages)} pages", mend="save one page a side")
    page = subject.pdf.pages[0]
    if page.rotation:
        raise ArtworkUnusable(
            f"{path}: its page is turned by {page.rotation}°", mend="save it upright, as it is printed"
        )
    left, bottom, right, top = _box(page)
    found = right - left, top - bottom
    if any(abs(a - b) > _TOLERANCE for a, b in zip(found, size, strict=True)):
        raise ArtworkUnusable(
            f"{path} is {_in_mm(found)} with its bleed",
            mend=f"make its BleedBox {_in_mm(size)}: the trim with the template's bleed",
        )


def _check_content(path: Path, subject: Subject) -> None:
    """What a card's preflight would refuse, told now and by the art's own name.

    Raises:
        ArtworkUnusable: naming the first fault and its place.
    """
    for check in checks_for(subject.profile):
        if check.name in CHECKED and check.severity_for(subject.profile) is Severity.ERROR:
            for finding in run(check, subject).findings:
                raise ArtworkUnusable(f"{path}, {finding.where}: {finding.says}", mend=finding.mend)


def _box(page: pikepdf.Page) -> tuple[float, float, float, float]:
    left, bottom, right, top = (float(edge) for edge in page.get("/BleedBox", page.mediabox))
    return left, bottom, right, top


def _in_mm(size: tuple[float, float]) -> str:
    return " × ".join(f"{millimetres(edge):.1f}" for edge in size) + " mm"


def _write_page(file: ObjectFile, page: pikepdf.Page) -> int:
    left, bottom, right, top = _box(page)
    page.contents_coalesce()
    box = " ".join(map(number, (left, bottom, right, top)))
    moved = f"1 0 0 1 {number(-left)} {number(-bottom)}"
    resources = Copier(file).spell(page.resources).decode("latin-1")
    return file.add_stream(
        page.Contents.read_bytes(),
        f"/Type/XObject/Subtype/Form/BBox[{box}]/Matrix[{moved}]/Resources {resources}",
    )
