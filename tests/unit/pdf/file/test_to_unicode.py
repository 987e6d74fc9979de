"""CMaps in the form that readers know, in blocks of no more than a hundred lines."""

from __future__ import annotations

import re

from app.pdf.file.to_unicode import to_unicode, utf_16


def test_codes_are_as_long_as_their_font_has_them() -> None:
    assert b"<0000> <FFFF>\nendcodespacerange" in to_unicode([("0007", utf_16("a"))], digits=4)
    assert b"1 beginbfchar\n<0007> <0061>\nendbfchar" in to_unicode([("0007", utf_16("a"))], digits=4)
    assert b"<00> <FF>\nendcodespacerange" in to_unicode([("07", utf_16("a"))], digits=2)
    assert b"<07> <0061>" in to_unicode([("07", utf_16("a"))], digits=2)


def test_characters_outside_the_basic_plane_are_pairs() -> None:
    assert utf_16("\U0001f600\u200d") == "D83DDE00200D"


def test_a_block_has_at_most_a_hundred_lines() -> None:
    said = to_unicode([(f"{code:04X}", utf_16("漢")) for code in range(1, 251)], digits=4).decode()
    assert re.findall(r"(\d+) beginbfchar", said) == ["100", "100", "50"]
    assert said.count("<6F22>") == 250
