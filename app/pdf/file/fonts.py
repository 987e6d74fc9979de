"""The fonts of one file: which glyphs it shows, what each stands for, and the objects that embed them.

A CID is given to each pair of shape and text, not to each shape: the same outline may stand for a space
here and a no-break space there, and text extraction gives back exactly what the card says. CIDs count up
as text is written, so pages can be written before the fonts are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from app.pdf.file.objects import ObjectFile
from app.pdf.file.syntax import number
from app.pdf.file.truetype import font_program
from app.pdf.text.face import Face, Shape
from app.pdf.text.shape import Glyph

_BFCHAR_BLOCK = 100
"""Largest number of lines in one block of a CMap (Adobe Technical Note 5014)."""
_SYMBOLIC = 4
_CMAP_HEAD = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
"""
_CMAP_TAIL = "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"


class FontUse:
    """One font of one file. CID 0 is `.notdef`, which is never shown."""

    def __init__(self, face: Face, resource: str) -> None:
        """`resource` is its name in the pages' resources."""
        self.face = face
        self.resource = resource
        self._cids: dict[tuple[Shape, str], int] = {}
        self._shown: dict[tuple[Shape, str], tuple[str, float]] = {}

    def show(self, glyph: Glyph) -> tuple[str, float]:
        """How a glyph is shown: its CID in hexadecimal, and how far PDF then moves on, in em of the text."""
        key = (glyph.shape, glyph.text)
        shown = self._shown.get(key)
        if shown is None:
            cid = self._cids[key] = len(self._cids) + 1
            shown = self._shown[key] = (f"{cid:04X}", self.face.advance(glyph.shape) * self.face.scale)
        return shown

    def write(self, file: ObjectFile) -> int:
        """Write the Type0 font (ISO 32000-2, 9.7.6) and all below it; gives its object number."""
        face = self.face
        shapes = list(dict.fromkeys([0, *(shape for shape, _ in self._cids)]))
        place = {shape: index for index, shape in enumerate(shapes)}
        tag = self._tag()
        font_name = f"{tag}+{face.postscript_name}"
        program = font_program(face, shapes)
        embedded = file.add_stream(program.data, f"/Length1 {len(program.data)}")
        mapping = b"".join(place[shape].to_bytes(2, "big") for shape, _ in self._cids)
        cid_to_gid = file.add_stream(b"\0\0" + mapping)
        unicode_map = file.add_stream(self._to_unicode().encode("ascii"))
        per_mille = 1000 / face.units
        box = " ".join(number(corner * per_mille) for corner in program.box)
        ascent, descent, cap = (number(length * per_mille) for length in face.vertical_metrics)
        descriptor = file.add(
            f"<</Type/FontDescriptor/FontName/{font_name}/Flags {_SYMBOLIC}/FontBBox[{box}]"
            f"/ItalicAngle 0/Ascent {ascent}/Descent {descent}/CapHeight {cap}/StemV 80"
            f"/FontFile2 {embedded} 0 R>>"
        )
        widths = " ".join(number(face.advance(shape) * per_mille) for shape, _ in self._cids)
        descendant = file.add(
            f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{font_name}"
            "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
            f"/FontDescriptor {descriptor} 0 R/CIDToGIDMap {cid_to_gid} 0 R"
            f"/DW {number(face.advance(0) * per_mille)}/W[1[{widths}]]>>"
        )
        return file.add(
            f"<</Type/Font/Subtype/Type0/BaseFont/{font_name}/Encoding/Identity-H"
            f"/DescendantFonts[{descendant} 0 R]/ToUnicode {unicode_map} 0 R>>"
        )

    def _tag(self) -> str:
        """Six capitals that name this subset (ISO 32000-2, 9.9.2)."""
        digest = hashlib.blake2b(repr((self.face.name, list(self._cids))).encode(), digest_size=6).digest()
        return "".join(chr(65 + byte % 26) for byte in digest)

    def _to_unicode(self) -> str:
        lines = [
            f"<{cid:04X}> <{text.encode('utf-16-be').hex().upper()}>" for (_, text), cid in self._cids.items()
        ]
        return _CMAP_HEAD + "".join(_bfchar_blocks(lines)) + _CMAP_TAIL


def _bfchar_blocks(lines: list[str]) -> Iterable[str]:
    for start in range(0, len(lines), _BFCHAR_BLOCK):
        block = lines[start : start + _BFCHAR_BLOCK]
        yield f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n"


class FontUses:
    """Every font of one file."""

    def __init__(self) -> None:
        """None yet."""
        self._uses: dict[str, FontUse] = {}

    def of(self, face: Face) -> FontUse:
        """The file's use of a font."""
        use = self._uses.get(face.name)
        if use is None:
            use = self._uses[face.name] = FontUse(face, f"F{len(self._uses)}")
        return use

    def write(self, file: ObjectFile) -> str:
        """Write all fonts; gives the `/Font` entry of the pages' resources, or "" where there are none."""
        entries = "".join(f"/{use.resource} {use.write(file)} 0 R" for use in self._uses.values())
        return f"/Font<<{entries}>>" if entries else ""
