"""Reads an XMP packet (ISO 16684-1) and PDF dates."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from lxml import etree

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfvtid": "http://www.npes.org/pdfvt/ns/id/",
    "pdfx": "http://ns.adobe.com/pdfx/1.3/",
    "pdfxid": "http://www.npes.org/pdfx/ns/id/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
}
_PDF_DATE = re.compile(
    r"D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:(Z)(?:00'?00'?)?|([+-])(\d\d)'?(\d\d)?'?)?$"
)
_LARGEST = 1_000_000


class Xmp:
    """The simple properties of a packet.

    Raises:
        ValueError: it is too big, has a document type (which could hold entities), or is no XML.
    """

    def __init__(self, packet: bytes) -> None:
        if len(packet) > _LARGEST:
            raise ValueError(f"it has more than {_LARGEST:,} bytes")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            self._root = etree.fromstring(packet.strip(b"\x00 \r\n\t"), parser)
        except etree.XMLSyntaxError as error:
            raise ValueError(f"it is not XML: {error.msg}") from error
        if self._root.getroottree().docinfo.doctype:
            raise ValueError("it has a document type declaration")

    def get(self, name: str) -> str | None:
        """A property such as `xmp:CreateDate`, written as an attribute or an element; None where absent."""
        prefix, local = name.split(":")
        tag = f"{{{NAMESPACES[prefix]}}}{local}"
        for description in self._root.iter(f"{{{RDF}}}Description"):
            value = description.get(tag)
            if value is not None:
                return str(value)
            element = description.find(tag)
            if element is not None:
                return _text(element)
        return None


def _text(element: etree._Element) -> str:
    """The element's text, or its first item's where it is a list (`rdf:Alt`, `rdf:Seq`)."""
    item = element.find(f".//{{{RDF}}}li")
    return str((element if item is None else item).text or "")


def xmp_date(text: str) -> datetime:
    """An XMP date with its time zone.

    Raises:
        ValueError: it is none.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("the time zone is missing")
    return moment


def pdf_date(text: str) -> datetime:
    """A date of the information dictionary (ISO 32000-1, 7.9.4).

    Raises:
        ValueError: it is none.
    """
    found = _PDF_DATE.match(text)
    if found is None:
        raise ValueError(f"{text!r} is no PDF date")
    year, month, day, hour, minute, second = (int(part) if part else None for part in found.groups()[:6])
    zone = UTC
    if found[8]:
        offset = timedelta(hours=int(found[9]), minutes=int(found[10] or 0))
        zone = timezone(offset if found[8] == "+" else -offset)
    return datetime(year or 1, month or 1, day or 1, hour or 0, minute or 0, second or 0, tzinfo=zone)
