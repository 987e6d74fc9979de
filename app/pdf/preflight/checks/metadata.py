"""What the file says of itself (ISO 15930-7:2010, 6.14 to 6.16)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pikepdf
from pikepdf import Name

from app.pdf.preflight.check import VT1, X1A, X4, check
from app.pdf.preflight.objects import table
from app.pdf.preflight.report import Finding
from app.pdf.preflight.subject import Subject
from app.pdf.preflight.xmp import Xmp, pdf_date, xmp_date

_OBJECT = "XMP metadata"
_INFORMATION = "document information"
_TRAPPED = {"/True": "True", "/False": "False"}
_DATES = ("xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate")
_IDENTIFIERS = ("xmpMM:DocumentID", "xmpMM:VersionID", "xmpMM:RenditionClass")
_SAME_TEXT = (
    ("/Title", "dc:title"),
    ("/Author", "dc:creator"),
    ("/Creator", "xmp:CreatorTool"),
    ("/Producer", "pdf:Producer"),
)
_SAME_DATE = (("/CreationDate", "xmp:CreateDate"), ("/ModDate", "xmp:ModifyDate"))


def _missing(xmp: Xmp | None, names: tuple[str, ...]) -> list[str]:
    return [] if xmp is None else [name for name in names if not xmp.get(name)]


@check("The XMP metadata are there, readable and not compressed", standards=X4, demanded=True)
def xmp_readable(subject: Subject) -> Iterator[Finding]:
    """ISO 15930-7, 6.15: unfiltered, so that a program finds them without reading PDF."""
    stream = subject.root.get("/Metadata")
    if not isinstance(stream, pikepdf.Stream):
        yield Finding("there are none", "write an XMP stream", object=_OBJECT)
        return
    if stream.get("/Type") != Name.Metadata or stream.get("/Subtype") != Name.XML:
        yield Finding("the stream is not /Metadata /XML", "set /Type and /Subtype", object=_OBJECT)
    if "/Filter" in stream:
        yield Finding("the stream is compressed", "write it without filter", object=_OBJECT)
    if subject.xmp is None:
        yield Finding("the packet is not plain XML", "write well-formed XML", object=_OBJECT)


@check("XMP says which standard the file keeps", standards=X4, demanded=True)
def xmp_pdfx_version(subject: Subject) -> Iterator[Finding]:
    """`pdfxid:GTS_PDFXVersion`."""
    if subject.xmp is not None:
        said = subject.xmp.get("pdfxid:GTS_PDFXVersion")
        wanted = subject.profile.standard.pdfx_version
        if said != wanted:
            yield Finding(f"GTS_PDFXVersion is {said!r}", f"write {wanted}", object=_OBJECT)


@check("XMP says that the file is PDF/VT-1, as of its last change", standards=VT1, demanded=True)
def xmp_pdfvt_version(subject: Subject) -> Iterator[Finding]:
    """ISO 16612-2, 6.3: `pdfvtid:GTS_PDFVTVersion`; `GTS_PDFVTModDate` equals `xmp:ModifyDate`."""
    xmp = subject.xmp
    if xmp is None:
        return
    said = xmp.get("pdfvtid:GTS_PDFVTVersion")
    if said != subject.profile.standard.value:
        yield Finding(f"GTS_PDFVTVersion is {said!r}", "write PDF/VT-1", object=_OBJECT)
    changed, of = xmp.get("xmp:ModifyDate"), xmp.get("pdfvtid:GTS_PDFVTModDate")
    # A missing ModifyDate has its own check.
    if changed and (not of or _date(of, xmp_date) != _date(changed, xmp_date)):
        yield Finding(f"GTS_PDFVTModDate is {of!r}, not xmp:ModifyDate", "write both alike", object=_OBJECT)


@check("The document information says which standard the file keeps", standards=X1A, demanded=True)
def info_pdfx_version(subject: Subject) -> Iterator[Finding]:
    """ISO 15930-4, 6.3: Info `/GTS_PDFXVersion`; XMP need not be there, but if it says so too, alike."""
    wanted = subject.profile.standard.pdfx_version
    found = table(subject.pdf.trailer.get("/Info")).get("/GTS_PDFXVersion")
    said = str(found) if isinstance(found, pikepdf.String) else None
    if said != wanted:
        yield Finding(f"Info /GTS_PDFXVersion is {said!r}", f"write ({wanted})", object=_INFORMATION)
    in_xmp = None if subject.xmp is None else subject.xmp.get("pdfx:GTS_PDFXVersion")
    if in_xmp not in (None, wanted):
        yield Finding(f"pdfx:GTS_PDFXVersion is {in_xmp!r}", f"write {wanted}", object=_OBJECT)


@check("The document information has title and dates", standards=X1A, demanded=True)
def info_complete(subject: Subject) -> Iterator[Finding]:
    """ISO 15930-4, 6.14: `Title`, `CreationDate`, `ModDate`."""
    info = table(subject.pdf.trailer.get("/Info"))
    if not str(info.get("/Title", "")):
        yield Finding("Info /Title is missing", "write it", object=_INFORMATION)
    for key in ("/CreationDate", "/ModDate"):
        if _date(str(info.get(key, "")), pdf_date) is None:
            yield Finding(
                f"Info {key} is missing or no date", "write date, time and zone", object=_INFORMATION
            )


@check("XMP identifies document, version and rendition", standards=X4, demanded=True)
def xmp_identifiers(subject: Subject) -> Iterator[Finding]:
    """`xmpMM:DocumentID`, `VersionID`, `RenditionClass`."""
    for name in _missing(subject.xmp, _IDENTIFIERS):
        yield Finding(f"{name} is missing", "write it", object=_OBJECT)


@check("XMP says when the file was made and changed", standards=X4, demanded=True)
def xmp_dates(subject: Subject) -> Iterator[Finding]:
    """`xmp:CreateDate`, `ModifyDate`, `MetadataDate`, with time zone."""
    if subject.xmp is None:
        return
    for name in _DATES:
        text = subject.xmp.get(name)
        if not text:
            yield Finding(f"{name} is missing", "write it", object=_OBJECT)
        elif _date(text, xmp_date) is None:
            yield Finding(f"{name} is {text!r}", "write date, time and zone", object=_OBJECT)


@check("XMP holds a title", standards=X4, demanded=True)
def xmp_title(subject: Subject) -> Iterator[Finding]:
    """`dc:title`."""
    for name in _missing(subject.xmp, ("dc:title",)):
        yield Finding(f"{name} is missing", "write it", object=_OBJECT)


@check("The file says whether it is trapped", demanded=True)
def trapped_stated(subject: Subject) -> Iterator[Finding]:
    """Info `/Trapped` is the name `/True` or `/False`; `pdf:Trapped` says the same in words."""
    said = table(subject.pdf.trailer.get("/Info")).get("/Trapped")
    if not isinstance(said, Name) or str(said) not in _TRAPPED:
        yield Finding(f"Info /Trapped is {said!s}", "write the name /True or /False", object=_INFORMATION)
    if subject.xmp is not None and subject.xmp.get("pdf:Trapped") not in _TRAPPED.values():
        yield Finding("pdf:Trapped is neither True nor False", "write True or False", object=_OBJECT)


@check("Document information and XMP agree", demanded=True)
def info_agrees(subject: Subject) -> Iterator[Finding]:
    """Where both say something they say the same (ISO 15930-7, 6.15)."""
    info, xmp = subject.pdf.trailer.get("/Info"), subject.xmp
    if not isinstance(info, pikepdf.Dictionary) or xmp is None:
        return
    for key, name in _SAME_TEXT:
        if key in info and str(info[key]) != (xmp.get(name) or ""):
            yield _disagreement(key, name)
    for key, name in _SAME_DATE:
        if key in info and _date(str(info[key]), pdf_date) != _date(xmp.get(name) or "", xmp_date):
            yield _disagreement(key, name)
    trapped = _TRAPPED.get(str(info.get("/Trapped")))
    said = xmp.get("pdf:Trapped")
    if trapped and said in _TRAPPED.values() and trapped != said:
        yield _disagreement("/Trapped", "pdf:Trapped")


def _disagreement(key: str, name: str) -> Finding:
    # Without the values: a title or author may be personal, and findings are logged.
    return Finding(f"Info {key} and {name} differ", "write both from one value", object=_INFORMATION)


def _date(text: str, read: Callable[[str], datetime]) -> datetime | None:
    try:
        return read(text)
    except ValueError:
        return None
