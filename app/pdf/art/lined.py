"""XML whose elements know the line where they stand, so that a fault in a drawing can be found."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree as ET
from xml.parsers import expat

Lines = Mapping[ET.Element, int]
"""Element → its line, from 1."""


def parse(text: str) -> tuple[ET.Element, Lines]:
    """A document's root and its elements' lines; names of namespaces stand in braces, as in ElementTree.

    Raises:
        xml.parsers.expat.ExpatError: it is no well-formed XML; the message ends with line and column.
    """
    builder = ET.TreeBuilder()
    lines: dict[ET.Element, int] = {}
    # The text is decoded already: whatever encoding it declares is not the one that expat gets.
    parser = expat.ParserCreate("utf-8", "}")

    def start(name: str, attributes: dict[str, str]) -> None:
        named = {_braced(key): value for key, value in attributes.items()}
        lines[builder.start(_braced(name), named)] = parser.CurrentLineNumber

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda name: builder.end(_braced(name))
    parser.CharacterDataHandler = builder.data
    parser.Parse(text.encode(), True)
    return builder.close(), lines


def _braced(name: str) -> str:
    return "{" + name if "}" in name else name
