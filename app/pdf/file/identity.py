"""Who a file says it is: XMP metadata, the Info dictionary, the output intent (ISO 15930-7:2010, 6)."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from app.domain.profile import PressProfile
from app.pdf.file.objects import ObjectFile
from app.pdf.file.syntax import string

_PRODUCER = "tipin"
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<pdf:Producer>{producer}</pdf:Producer>
<pdf:Trapped>False</pdf:Trapped>
<pdfxid:GTS_PDFXVersion>{version}</pdfxid:GTS_PDFXVersion>
<xmp:CreateDate>{date}</xmp:CreateDate>
<xmp:CreatorTool>{producer}</xmp:CreatorTool>
<xmp:MetadataDate>{date}</xmp:MetadataDate>
<xmp:ModifyDate>{date}</xmp:ModifyDate>
<xmpMM:DocumentID>uuid:{document}</xmpMM:DocumentID>
<xmpMM:InstanceID>uuid:{document}</xmpMM:InstanceID>
<xmpMM:RenditionClass>default</xmpMM:RenditionClass>
<xmpMM:VersionID>1</xmpMM:VersionID>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


def write_metadata(file: ObjectFile, *, key: str, title: str, version: str, made_at: datetime) -> int:
    """Write the XMP stream, unfiltered so that anyone can read it; gives its object number.

    Args:
        file: where to.
        key: what the document's id is made from.
        title: no personal data.
        version: `GTS_PDFXVersion`, such as PDF/X-4.
        made_at: the file's one date.
    """
    packet = _XMP.format(
        title=escape(title),
        producer=_PRODUCER,
        version=escape(version),
        date=made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        document=uuid.uuid5(uuid.NAMESPACE_URL, f"tipin:{key}"),
    )
    return file.add_stream(packet.encode(), "/Type/Metadata/Subtype/XML", plain=True)


def write_info(file: ObjectFile, *, title: str, made_at: datetime) -> int:
    """Write the Info dictionary, saying the same as the XMP; gives its object number."""
    date = made_at.astimezone(UTC).strftime("(D:%Y%m%d%H%M%SZ)")
    return file.add(
        f"<</Title{string(title)}/Creator({_PRODUCER})/Producer({_PRODUCER})"
        f"/CreationDate{date}/ModDate{date}/Trapped/False>>"
    )


def write_output_intent(file: ObjectFile, profile: PressProfile) -> int:
    """Write the one output intent with its ICC profile; gives its object number."""
    icc = file.add_stream(profile.icc.read_bytes(), "/N 4/Alternate/DeviceCMYK")
    registry = f"/RegistryName{string(profile.registry)}" if profile.registry else ""
    info = f"/Info{string(profile.info)}" if profile.info else ""
    return file.add(
        "<</Type/OutputIntent/S/GTS_PDFX"
        f"/OutputConditionIdentifier{string(profile.output_condition)}{registry}{info}"
        f"/DestOutputProfile {icc} 0 R>>"
    )
