"""What the codes of a font stand for, as the CMap that search and copy read (ISO 32000-2, 9.10.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

_BLOCK = 100
"""Largest number of lines in one block of a CMap (Adobe Technical Note 5014)."""
_HEAD = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
"""
_TAIL = "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"


def to_unicode(said: Iterable[tuple[str, str]], *, digits: int) -> bytes:
    """The CMap.

    Args:
        said: each code and its text as UTF-16BE, both in hexadecimal.
        digits: hexadecimal digits of a code: 4 in composite fonts, 2 in others.
    """
    span = f"<{'0' * digits}> <{'F' * digits}>\nendcodespacerange\n"
    lines = [f"<{code}> <{text}>\n" for code, text in said]
    return "".join((_HEAD, span, *_blocks(lines), _TAIL)).encode("ascii")


def utf_16(text: str) -> str:
    """A text as UTF-16BE in hexadecimal."""
    return text.encode("utf-16-be").hex().upper()


def _blocks(lines: Sequence[str]) -> Iterator[str]:
    for start in range(0, len(lines), _BLOCK):
        block = lines[start : start + _BLOCK]
        yield f"{len(block)} beginbfchar\n{''.join(block)}endbfchar\n"
