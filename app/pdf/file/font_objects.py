"""The objects that embed a subset of a font: the same glyphs make the same objects, in every file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from app.pdf.file.objects import ObjectFile, stream
from app.pdf.file.syntax import number
from app.pdf.file.to_unicode import to_unicode
from app.pdf.file.truetype import font_program
from app.pdf.text.face import Face
from app.pdf.text.glyph import Glyph

_SYMBOLIC = 4
_shape = attrgetter("shape")


class FontObjects(NamedTuple):
    """The bodies of a Type0 font's objects (ISO 32000-2, 9.7.6); `%d` stands for the number of another."""

    program: bytes
    cid_to_gid: bytes
    unicode_map: bytes
    descriptor: bytes
    """Names the program."""
    descendant: bytes
    """Names descriptor and map of CIDs."""
    font: bytes
    """Names the descendant and the map to Unicode."""
    digest: bytes
    """Of the program, by far the largest."""

    def write(self, file: ObjectFile) -> int:
        """Write them; gives the font's number."""
        program = file.add(self.program, digest=self.digest)
        cid_to_gid, unicode_map = file.add(self.cid_to_gid), file.add(self.unicode_map)
        descriptor = file.add(self.descriptor % program)
        descendant = file.add(self.descendant % (descriptor, cid_to_gid))
        return file.add(self.font % (descendant, unicode_map))


def font_objects(face: Face, glyphs: Mapping[int, Glyph]) -> FontObjects:
    """Embed some glyphs of a font, given by their CIDs in the order of these."""
    shapes = dict.fromkeys([0, *map(_shape, glyphs.values())])
    place = {shape: index for index, shape in enumerate(shapes)}
    program = font_program(face, list(shapes))
    said = to_unicode(_said(glyphs), digits=4)
    widths = _widths(glyphs)
    font_name = f"{_tag(face, said, widths)}+{face.postscript_name}"
    cids = list(glyphs)
    mapping = np.zeros(max(cids, default=0) + 1, dtype=">u2")
    mapping[cids] = [place[glyph.shape] for glyph in glyphs.values()]
    per_mille = 1000 / face.units
    box = " ".join(number(corner * per_mille) for corner in program.box)
    ascent, descent, cap = (number(length * per_mille) for length in face.vertical_metrics)
    descriptor = (
        f"<</Type/FontDescriptor/FontName/{font_name}/Flags {_SYMBOLIC}/FontBBox[{box}]"
        f"/ItalicAngle 0/Ascent {ascent}/Descent {descent}/CapHeight {cap}/StemV 80"
        "/FontFile2 %d 0 R>>"
    )
    descendant = (
        f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{font_name}"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        "/FontDescriptor %d 0 R/CIDToGIDMap %d 0 R"
        f"/DW {number(face.advance(0) * per_mille)}/W[{widths}]>>"
    )
    font = (
        f"<</Type/Font/Subtype/Type0/BaseFont/{font_name}/Encoding/Identity-H"
        "/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>"
    )
    embedded = stream(program.data, f"/Length1 {len(program.data)}")
    return FontObjects(
        program=embedded,
        cid_to_gid=stream(mapping.tobytes()),
        unicode_map=stream(said),
        descriptor=descriptor.encode("ascii"),
        descendant=descendant.encode("ascii"),
        font=font.encode("ascii"),
        digest=hashlib.blake2b(embedded, digest_size=16).digest(),
    )


def _said(glyphs: Mapping[int, Glyph]) -> Iterator[tuple[str, str]]:
    """Each code, and what it says; a glyph's own code is spelled out already."""
    for cid, glyph in glyphs.items():
        yield glyph.code if glyph.cid else f"{cid:04X}", glyph.unicode


def _tag(face: Face, said: bytes, widths: str) -> str:
    """Six capitals that name this subset by what its codes say and their widths (ISO 32000-2, 9.9.2)."""
    digest = hashlib.blake2b(said + f"{face.name} {widths}".encode("ascii"), digest_size=6).digest()
    return "".join(chr(65 + byte % 26) for byte in digest)


def _widths(glyphs: Mapping[int, Glyph]) -> str:
    """The entries of `W`: each CID that follows the one before shares its list."""
    parts: list[str] = []
    last = -2
    for cid, glyph in glyphs.items():
        parts.append(f" {glyph.width}" if cid == last + 1 else f"]{cid}[{glyph.width}")
        last = cid
    return f"{''.join(parts)[1:]}]" if parts else ""
