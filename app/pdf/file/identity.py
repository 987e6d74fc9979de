"""Who a file says it is: header, XMP metadata, Info dictionary, output intent, by the standard that it keeps.

PDF/X-4 is ISO 15930-7:2010, PDF/VT-1 ISO 16612-2:2010 on top of it, PDF/X-1a ISO 15930-4:2003.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

from app.domain.profile import PressProfile, Standard
from app.pdf.file.objects import BINARY_MARK, HEADER, ObjectFile
from app.pdf.file.syntax import deflate, string

_PRODUCER = "tipin"
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfvtid="http://www.npes.org/pdfvt/ns/id/"
 xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">%(title)s</rdf:li></rdf:Alt></dc:title>
<pdf:Producer>%(producer)s</pdf:Producer>
<pdf:Trapped>False</pdf:Trapped>
%(standard)s<xmp:CreateDate>%(date)s</xmp:CreateDate>
<xmp:CreatorTool>%(producer)s</xmp:CreatorTool>
<xmp:MetadataDate>%(date)s</xmp:MetadataDate>
<xmp:ModifyDate>%(date)s</xmp:ModifyDate>
<xmpMM:DocumentID>uuid:%(document)s</xmpMM:DocumentID>
<xmpMM:InstanceID>uuid:%(document)s</xmpMM:InstanceID>
<xmpMM:RenditionClass>default</xmpMM:RenditionClass>
<xmpMM:VersionID>1</xmpMM:VersionID>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""
_XMP_X4 = "<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>\n"
_XMP_VT1 = (
    "<pdfvtid:GTS_PDFVTVersion>PDF/VT-1</pdfvtid:GTS_PDFVTVersion>\n"
    "<pdfvtid:GTS_PDFVTModDate>%s</pdfvtid:GTS_PDFVTModDate>\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a file is called and when it was made. `title` holds no personal data; `made_at` is aware."""

    standard: Standard
    key: str
    """What the document's id is made from: the same key is the same document."""
    title: str
    made_at: datetime

    def metadata(self) -> bytes | None:
        """The XMP packet, to stay unfiltered so that anyone can read it; PDF/X-1a has none."""
        if self.standard is Standard.PDF_X1A:
            return None
        date = self.made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        packet = _XMP % {
            "title": escape(self.title),
            "producer": _PRODUCER,
            "standard": _XMP_X4 + (_XMP_VT1 % date if self.standard is Standard.PDF_VT1 else ""),
            "date": date,
            "document": uuid.uuid5(uuid.NAMESPACE_URL, f"tipin:{self.key}"),
        }
        return packet.encode()

    def info(self) -> bytes:
        """The Info dictionary, saying the same as the XMP; PDF/X-1a names its standard here (6.4)."""
        date = self.made_at.astimezone(UTC).strftime("(D:%Y%m%d%H%M%SZ)")
        version = (
            f"/GTS_PDFXVersion{string(self.standard.value)}" if self.standard is Standard.PDF_X1A else ""
        )
        return (
            f"<</Title{string(self.title)}/Creator({_PRODUCER})/Producer({_PRODUCER})"
            f"/CreationDate{date}/ModDate{date}/Trapped/False{version}>>"
        ).encode("ascii")


class _HintedFile(ObjectFile):
    """The beginning of a PDF/VT file: each shared XObject says that a press may keep what it made of it.

    ISO 16612-2:2010, 6.7: encapsulated, because nothing around it changes how it looks; global, because its
    id follows from its content, so that the next run's file may meet it again.
    """

    def add_stream(self, data: bytes, entries: str = "", *, packed: bool = False, plain: bool = False) -> int:
        """Write a stream, with hints if it is an XObject."""
        if "/Type/XObject" in entries:
            entries += hints(data, entries)
        return super().add_stream(data, entries, packed=packed, plain=plain)


def hints(data: bytes, entries: str) -> str:
    """What tells a press that it may keep an XObject, known by its content and its other entries."""
    digest = hashlib.sha256(data + entries.encode("latin-1")).hexdigest()
    name = uuid.uuid5(uuid.NAMESPACE_URL, f"tipin:xobject:{digest}")
    picture = "/Subtype/Image" in entries and "/ImageMask" not in entries and "/Intent" not in entries
    # A picture that leaves its rendering intent to the page's state would depend on what is around it.
    intent = "/Intent/RelativeColorimetric" if picture else ""
    return f"{intent}/GTS_Encapsulated true/GTS_Scope/Global/GTS_Env({_PRODUCER})/GTS_XID(uuid:{name})"


def beginning_of(standard: Standard) -> ObjectFile:
    """A new file of that standard, nothing in it but its header."""
    match standard:
        case Standard.PDF_VT1:
            return _HintedFile()
        case Standard.PDF_X1A:
            return ObjectFile(header=b"%PDF-1.4\n" + BINARY_MARK)
        case Standard.PDF_X4:
            return ObjectFile(header=HEADER)


@lru_cache(maxsize=8)
def _packed(icc: Path) -> bytes:
    """A plant's ICC profile, deflated: a megabyte, the same for every file."""
    return deflate(icc.read_bytes())


def write_output_intent(file: ObjectFile, profile: PressProfile) -> int:
    """Write the one output intent with its ICC profile; gives its object number."""
    icc = file.add_stream(_packed(profile.icc), "/N 4/Alternate/DeviceCMYK", packed=True)
    registry = f"/RegistryName{string(profile.registry)}" if profile.registry else ""
    info = f"/Info{string(profile.info)}" if profile.info else ""
    return file.add(
        "<</Type/OutputIntent/S/GTS_PDFX"
        f"/OutputConditionIdentifier{string(profile.output_condition)}{registry}{info}"
        f"/DestOutputProfile {icc} 0 R>>"
    )
