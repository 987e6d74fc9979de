from __future__ import annotations

from xml.etree import ElementTree as ET
from xml.parsers.expat import ExpatError

import pytest

from app.pdf.art.lined import parse

DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">
  <!-- nothing -->
  <g id="é"
     class="fill-brand">
    <title>An apple &amp; a pear</title>
  </g>
</svg>"""


def test_it_is_the_tree_that_elementtree_makes() -> None:
    root, _ = parse(DRAWING)
    assert ET.canonicalize(ET.tostring(root)) == ET.canonicalize(ET.tostring(ET.fromstring(DRAWING)))


def test_each_element_knows_its_line() -> None:
    root, lines = parse(DRAWING)
    assert [lines[element] for element in root.iter()] == [1, 3, 5]


def test_what_is_broken_says_where() -> None:
    with pytest.raises(ExpatError, match="line 2, column"):
        parse("<svg>\n<g></svg>")


def test_the_encoding_that_it_declares_does_not_matter_any_more() -> None:
    root, _ = parse('<?xml version="1.0" encoding="ISO-8859-1"?><svg id="é"/>')
    assert root.get("id") == "é"
