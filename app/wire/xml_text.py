"""XML as tipin writes and reads it: every text can be written, and nothing that is read can bite."""

from __future__ import annotations

import re

from lxml import etree

# XML 1.0, section 2.2: the characters that no document may hold, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MOST_OCTETS = 1_000_000


class NotXml(ValueError):
    """What came is no XML that is read here."""


def printable(text: str) -> str:
    """A text as an XML document may hold it."""
    return _NOT_XML.sub("\ufffd", text)


def parse(content: bytes) -> etree._Element:
    """The root of a document from a stranger.

    No entities, no document type, no look-ups, UTF-8 alone (so that a document type cannot hide in another
    encoding), and bounded: libxml2 refuses what is nested more than 256 deep.

    Raises:
        NotXml: it is too large, not well-formed, or brings a document type.
    """
    if len(content) > _MOST_OCTETS:
        raise NotXml(f"it has more than {_MOST_OCTETS} octets")
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise NotXml("it brings a document type, which is not read")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root: etree._Element = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotXml(f"it is not well-formed: {str(error)[:200]}") from error
    if root.getroottree().docinfo.doctype:
        raise NotXml("it brings a document type, which is not read")
    return root
