"""A merged PDF/VT-1 file of many records, spelled as the print engine spells it, but without the engine.

Tests change single objects, or single rows of the table, before the file is put together.
"""

from __future__ import annotations

import zlib

import pikepdf
from pikepdf import Name

from app.domain.profile import Standard
from tests.sound_pdf import back, front, sound

_BOXES = b"/MediaBox[0 0 314.646 436.535]/BleedBox[0 0 314.646 436.535]/TrimBox[8.504 8.504 306.142 428.031]"


class MergedPdf:
    """`objects` by number, each as it stands between `obj` and `endobj`; `moved` shifts rows of the table."""

    def __init__(self, records: int, per_block: int = 3) -> None:
        self.objects: dict[int, bytes] = {}
        self.moved: dict[int, int] = {}
        with sound(Standard.PDF_VT1) as pdf:
            self._shared(pdf)
        self.catalog, self.info = self._next(), self._next() + 1
        self.pages_root, self.parts_root, self.parts_top = (self.info + n for n in (1, 2, 3))
        self.objects[self.info] = self._info
        self.pages: list[int] = []
        self.contents: list[int] = []
        self.leaves: list[int] = []
        self.nodes: list[int] = []
        self.branches: list[int] = []
        self.fonts: list[int] = []
        first = self.parts_top + 1
        for start in range(0, records, per_block):
            first = self._block(first, range(start, min(start + per_block, records)))
        self._roots(records)

    def _next(self) -> int:
        return max(self.objects, default=0) + 1

    def _shared(self, pdf: pikepdf.Pdf) -> None:
        """ICC profile, XMP, art and photo, which stand once; the font is each block's own."""
        intent = pdf.Root.OutputIntents[0]
        for name, stream in (
            ("icc", intent.DestOutputProfile),
            ("xmp", pdf.Root.Metadata),
            ("art", pdf.pages[0].Resources.XObject.Art),
            ("photo", pdf.pages[0].Resources.XObject.Photo),
        ):
            setattr(self, name, self._next())
            self.objects[self._next()] = spelled(stream)
        intent.DestOutputProfile = Name.Profile
        self._intent = intent.unparse(resolved=True).replace(b"/Profile", b"%d 0 R" % self.icc)
        self._info = pdf.trailer.Info.unparse(resolved=True)
        font = pdf.pages[0].Resources.Font.F1
        descendant = font.DescendantFonts[0]
        self._font = (font, descendant, descendant.FontDescriptor)
        self._program = spelled(descendant.FontDescriptor.FontFile2)
        self._unicode = spelled(font.ToUnicode)
        descendant.FontDescriptor.FontFile2 = Name.Program
        self._descriptor = descendant.FontDescriptor.unparse(resolved=True)
        descendant.FontDescriptor = Name.Descriptor
        self._descendant = descendant.unparse(resolved=True)
        font.DescendantFonts, font.ToUnicode = pikepdf.Array([Name.Descendant]), Name.Map
        self._type0 = font.unparse(resolved=True)

    icc: int
    xmp: int
    art: int
    photo: int

    def _block(self, first: int, records: range) -> int:
        """A page node with its resources and font, a branch, the records; gives the next free number."""
        node, resources, branch, font = first, first + 1, first + 2, first + 3
        descendant, descriptor, program, unicode_map = (font + n for n in (1, 2, 3, 4))
        number = unicode_map + 1
        pages, leaves = [], []
        for record in records:
            leaf = number + 4
            for page, content in ((number, front()), (number + 1, back())):
                self.objects[page] = b"<</Type/Page/Parent %d 0 R%b/Contents %d 0 R/DPart %d 0 R>>" % (
                    *(node, _BOXES, page + 2, leaf),
                )
                packed = zlib.compress(content)
                self.objects[page + 2] = packed_stream(packed)
                self.contents.append(page + 2)
                pages.append(page)
            self.objects[leaf] = (
                b"<</Type/DPart/Parent %d 0 R/Start %d 0 R/End %d 0 R/DPM<</CIP4_Root<</CIP4_Recipient"
                b"<</CIP4_UniqueID(ORDER-%d)>>>>>>>>" % (branch, number, number + 1, record)
            )
            leaves.append(leaf)
            number += 5
        self.objects[node] = b"<</Type/Pages/Parent %d 0 R/Count %d/Kids[%b]/Resources %d 0 R>>" % (
            *(self.pages_root, len(pages), listed(pages), resources),
        )
        self.objects[resources] = (
            b"<</Font<</F1 %d 0 R>>/XObject<</Art %d 0 R/Photo %d 0 R>>"
            b"/ExtGState<</Over<</Type/ExtGState/OP true/op true/OPM 1>>>>>>" % (font, self.art, self.photo)
        )
        self.objects[branch] = b"<</Type/DPart/Parent %d 0 R/DParts[[%b]]>>" % (
            self.parts_top,
            listed(leaves),
        )
        self.objects[font] = self._type0.replace(b"/Descendant ", b"%d 0 R " % descendant).replace(
            b"/Map", b"%d 0 R" % unicode_map
        )
        self.objects[descendant] = self._descendant.replace(b"/Descriptor", b"%d 0 R" % descriptor, 1)
        self.objects[descriptor] = self._descriptor.replace(b"/Program", b"%d 0 R" % program)
        self.objects[program], self.objects[unicode_map] = self._program, self._unicode
        self.pages += pages
        self.leaves += leaves
        self.nodes.append(node)
        self.branches.append(branch)
        self.fonts.append(font)
        return number + 2  # some numbers stay free

    def _roots(self, records: int) -> None:
        self.objects[self.pages_root] = b"<</Type/Pages/Count %d/Kids[%b]>>" % (
            2 * records,
            listed(self.nodes),
        )
        self.objects[self.parts_root] = (
            b"<</Type/DPartRoot/DPartRootNode %d 0 R/NodeNameList[/Run/Block/Record]/RecordLevel 2>>"
            % self.parts_top
        )
        self.objects[self.parts_top] = b"<</Type/DPart/Parent %d 0 R/DParts[[%b]]>>" % (
            self.parts_root,
            listed(self.branches),
        )
        self.objects[self.catalog] = (
            b"<</Type/Catalog/Pages %d 0 R/Metadata %d 0 R/DPartRoot %d 0 R/OutputIntents[%b]>>"
            % (self.pages_root, self.xmp, self.parts_root, self._intent)
        )

    def change(self, number: int, old: bytes, new: bytes) -> None:
        """Change one object."""
        assert old in self.objects[number], self.objects[number][:200]
        self.objects[number] = self.objects[number].replace(old, new, 1)

    def bytes(self) -> bytes:
        """The whole file."""
        parts, offsets = [b"%PDF-1.6\n%\xe2\xe3\xcf\xd3\n"], dict[int, int]()
        at = len(parts[0])
        for number, body in self.objects.items():
            offsets[number] = at
            parts.append(b"%d 0 obj\n%b\nendobj\n" % (number, body))
            at += len(parts[-1])
        size = max(self.objects) + 1
        rows = [
            b"%010d %05d %b \n"
            % ((offsets[n] + self.moved.get(n, 0), 0, b"n") if n in offsets else (0, 65535, b"f"))
            for n in range(size)
        ]
        parts.append(
            b"xref\n0 %d\n%btrailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<AB><CD>]>>\n"
            b"startxref\n%d\n%%%%EOF\n" % (size, b"".join(rows), size, self.catalog, self.info, at)
        )
        return b"".join(parts)


def spelled(stream: pikepdf.Object) -> bytes:
    """A stream as it stands in a file."""
    data = stream.read_raw_bytes()
    entries: dict[str, object] = dict(stream.stream_dict.items())
    entries["/Length"] = len(data)
    return pikepdf.Dictionary(entries).unparse(resolved=True).rstrip(b" >") + (
        b" >>\nstream\n" + data + b"\nendstream"
    )


def packed_stream(packed: bytes) -> bytes:
    """A content stream as the engine writes it."""
    return b"<</Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream" % (len(packed), packed)


def listed(numbers: list[int]) -> bytes:
    """References."""
    return b" ".join(b"%d 0 R" % number for number in numbers)
