"""The file as such: syntax, version, what every PDF/X forbids (ISO 15930-7:2010, 6.1 to 6.24)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pikepdf
from pikepdf import Name

from app.pdf.preflight.check import check
from app.pdf.preflight.objects import entries, page_tree_faults, table
from app.pdf.preflight.report import Finding
from app.pdf.preflight.subject import Subject

_ACTIONS = frozenset({
    *("GoTo", "GoToR", "GoToE", "GoTo3DView", "Launch", "Thread", "URI", "Sound", "Movie", "Hide", "Named"),
    *("SubmitForm", "ResetForm", "ImportData", "JavaScript", "SetOCGState", "Rendition", "Trans"),
    "RichMediaExecute",
})  # fmt: skip
"""ISO 32000-1, table 198, and its extensions."""
_MOST_WARNINGS = 5


@check("The syntax needs no repair", demanded=True)
def syntax_sound(subject: Subject) -> Iterator[Finding]:
    """ISO 32000-1, 7.5: what qpdf has to guess, another reader guesses otherwise."""
    for warning in subject.pdf.get_warnings()[:_MOST_WARNINGS]:
        yield Finding(str(warning), "write the file anew")
    if subject.streamed is not None:
        yield from subject.streamed.syntax


@check("The page tree is sound", demanded=True)
def page_tree_sound(subject: Subject) -> Iterator[Finding]:
    """ISO 32000-1, 7.7.3: each node counts the pages under it, and each child knows its parent."""
    if subject.streamed is not None:
        yield from subject.streamed.page_tree
        return
    for says, where in page_tree_faults(subject.root.Pages):
        yield Finding(says, "write the page tree anew", object="page tree", id=where)


@check("The version is the standard's", demanded=True)
def header_version(subject: Subject) -> Iterator[Finding]:
    """ISO 15930-7, 6.1: PDF 1.6; ISO 15930-4, 6.1: PDF 1.4."""
    wanted = f"%PDF-{subject.profile.standard.pdf_version}"
    if not re.match(re.escape(wanted.encode()) + rb"[\r\n]", subject.data):
        first = subject.data[: len(wanted)].decode("latin-1")
        yield Finding(f"the file starts with {first!r}", f"write {wanted} as its first line")
    version = subject.root.get("/Version")
    if version is not None and str(version)[1:] != subject.profile.standard.pdf_version:
        yield Finding(f"the catalogue says version {version}", "remove /Version", object="catalogue")


@check("The file is not encrypted", demanded=True)
def no_encryption(subject: Subject) -> Iterator[Finding]:
    """ISO 15930-7, 6.1."""
    if subject.pdf.is_encrypted:
        yield Finding("the file is encrypted", "save it without password and restrictions", object="trailer")


@check("The file has an identifier of two strings", demanded=True)
def file_id(subject: Subject) -> Iterator[Finding]:
    """ISO 15930-7, 6.1; ISO 32000-1, 14.4."""
    strings = entries(subject.pdf.trailer.get("/ID"))
    pair = len(strings) == 2 and all(isinstance(s, pikepdf.String) and bytes(s) for s in strings)  # noqa: PLR2004 - a pair
    if not pair:
        yield Finding("/ID is not two strings", "write /ID into the trailer", object="trailer")


@check("No stream is compressed by LZW", demanded=True)
def no_lzw(subject: Subject) -> Iterator[Finding]:
    """ISO 15930-7, 6.1."""
    for where, found in subject.dictionaries:
        if isinstance(found, pikepdf.Stream):
            names = entries(found.get("/Filter"))
            if Name.LZWDecode in names or Name.LZW in names:
                yield Finding("a stream uses LZWDecode", "compress it by Flate", id=where)


@check("No stream is outside the file", demanded=True)
def no_external_streams(subject: Subject) -> Iterator[Finding]:
    """ISO 15930-7, 6.1: everything that is printed is in the file."""
    for where, found in subject.dictionaries:
        if isinstance(found, pikepdf.Stream) and "/F" in found:
            yield Finding("a stream's data are in another file", "embed them", id=where)


@check("There are no PostScript XObjects", demanded=True)
def no_postscript_xobjects(subject: Subject) -> Iterator[Finding]:
    """ISO 15930-7, 6.20."""
    for where, found in subject.dictionaries:
        if isinstance(found, pikepdf.Stream) and (found.get("/Subtype") == Name.PS or "/PS" in found):
            yield Finding("an XObject holds PostScript", "draw it in PDF", id=where)


@check("There are no reference XObjects", demanded=True)
def no_reference_xobjects(subject: Subject) -> Iterator[Finding]:
    """ISO 15930-7, 6.21 (they are PDF/X-5's)."""
    for where, found in subject.dictionaries:
        if isinstance(found, pikepdf.Stream) and "/Ref" in found:
            yield Finding("a form refers to another file", "place that file's page itself", id=where)


@check("There is no OPI information", demanded=True)
def no_opi(subject: Subject) -> Iterator[Finding]:
    """ISO 15930-7, 6.19."""
    for where, found in subject.dictionaries:
        if isinstance(found, pikepdf.Stream) and "/OPI" in found:
            yield Finding("an image stands in for another by OPI", "place the real image", id=where)


@check("There are no actions and no JavaScript", demanded=True)
def no_actions(subject: Subject) -> Iterator[Finding]:
    """ISO 15930-7, 6.18. An action is known by its /S: the keys that hold actions may also name resources."""
    for where, found in subject.dictionaries:
        kind = str(found.get("/S"))[1:]
        if kind in _ACTIONS and found.get("/Type", Name.Action) == Name.Action:
            yield Finding(f"there is an action, {kind}", "remove it", id=where)
    if "/OpenAction" in subject.root:
        yield Finding("something happens on opening", "remove /OpenAction", object="catalogue")
    if "/JavaScript" in table(subject.root.get("/Names")):
        yield Finding("the file brings JavaScript", "remove it", object="name tree")
