"""What PDF/X-1a:2003 forbids beyond PDF/X-4: all that came after PDF 1.4, and transparency (ISO 15930-4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

import pikepdf
from pikepdf import Name

from app.pdf.preflight.check import X1A, check
from app.pdf.preflight.objects import entries
from app.pdf.preflight.report import Finding
from app.pdf.preflight.subject import Subject

_OPAQUE = frozenset({"/Normal", "/Compatible"})
_PROCESS = frozenset({"DeviceCMYK", "DeviceGray", "Separation", "DeviceN", "Indexed", "Pattern"})
_DEEPEST_SAMPLE = 8
_FLATTEN = "flatten it onto what is under it"


@check("There is no transparency", standards=X1A, demanded=True)
def no_transparency(subject: Subject) -> Iterator[Finding]:
    """ISO 15930-4, 6.9: no soft masks, opacities under 1, blend modes, transparency groups."""
    for where, found in subject.dictionaries:
        for says in _transparent(found):
            yield Finding(says, _FLATTEN, id=where)


def _transparent(found: pikepdf.Object) -> Iterator[str]:
    """A dictionary's transparency. Keys mean it in graphics states, images and groups alone."""
    if found.get("/S") == Name.Transparency and found.get("/Type", Name.Group) == Name.Group:
        yield "there is a transparency group"
    if isinstance(found, pikepdf.Stream):
        if isinstance(found.get("/SMask"), pikepdf.Stream) or int(found.get("/SMaskInData", 0)):
            yield "an image has a soft mask"
        return
    if not _is_graphics_state(found):
        return
    if isinstance(found.get("/SMask"), pikepdf.Dictionary):
        yield "a graphics state has a soft mask"
    opacities: Iterable[object] = (found.get(key) for key in ("/ca", "/CA"))
    if any(isinstance(one, int | float | Decimal) and one < 1 for one in opacities):
        yield "a graphics state lets through what is under it"
    modes = [str(mode) for mode in entries(found.get("/BM")) if isinstance(mode, Name)]
    if not set(modes) <= _OPAQUE:
        yield f"a graphics state blends: {modes[0]}"


def _is_graphics_state(found: pikepdf.Object) -> bool:
    return found.get("/Type", Name.ExtGState) == Name.ExtGState


@check("There are no layers", standards=X1A, demanded=True)
def no_layers(subject: Subject) -> Iterator[Finding]:
    """Optional content came with PDF 1.5."""
    if "/OCProperties" in subject.root:
        yield Finding("the catalogue has /OCProperties", "merge the layers", object="catalogue")
    for where, found in subject.dictionaries:
        if found.get("/Type") in (Name.OCG, Name.OCMD):
            yield Finding("there is optional content", "merge the layers", id=where)


@check("Images are coded as in PDF 1.4", standards=X1A, demanded=True)
def images_of_their_time(subject: Subject) -> Iterator[Finding]:
    """No JPEG 2000 and no 16 bit a sample (PDF 1.5), no JBIG2 (ISO 15930-4, 6.7)."""
    for where, found in subject.dictionaries:
        if not isinstance(found, pikepdf.Stream):
            continue
        filters = entries(found.get("/Filter"))
        for name, what in ((Name.JPXDecode, "JPEG 2000"), (Name.JBIG2Decode, "JBIG2")):
            if name in filters:
                yield Finding(f"an image is {what}", "code it by JPEG or Flate", id=where)
        bits = found.get("/BitsPerComponent", 1)
        if found.get("/Subtype") == Name.Image and isinstance(bits, int) and bits > _DEEPEST_SAMPLE:
            yield Finding(f"an image has {bits} bits a sample", "reduce it to 8", id=where)


@check("Objects are written one by one", standards=X1A, demanded=True)
def no_object_streams(subject: Subject) -> Iterator[Finding]:
    """Object streams and cross-reference streams came with PDF 1.5."""
    for where, found in subject.dictionaries:
        if isinstance(found, pikepdf.Stream) and found.get("/Type") in (Name.ObjStm, Name.XRef):
            yield Finding(f"there is a stream of type {found.Type}", "write a plain table", id=where)


@check("Colours are CMYK, gray or spots", standards=X1A, demanded=True, content=True)
def colours_of_the_press(subject: Subject) -> Iterator[Finding]:
    """ISO 15930-4, 6.2: the file is already separated. DeviceRGB has its own check."""
    for page in subject.painted_pages:
        for used_by, space in page.painted.spaces:
            other = sorted(space.families - _PROCESS - {"DeviceRGB"})
            if other:
                yield Finding(f"it is in {other[0]}", "convert it to inks", page.number, object=used_by)
