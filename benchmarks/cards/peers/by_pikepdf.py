"""pikepdf, stamping: what all share once, each record's operators over it; one font subset a file."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import pikepdf
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name
from PIL import Image

from benchmarks.cards.layout import Code, Layout, Line
from benchmarks.cards.material import Material
from benchmarks.cards.peer import Peer
from benchmarks.cards.records import Record


class _Font:
    """A TrueType font by glyph ids, and the characters shown of it so far."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with TTFont(path) as font:
            self._glyphs = {chr(code): font.getGlyphID(name) for code, name in font.getBestCmap().items()}
            self._em = font["head"].unitsPerEm
            self._widths = [font["hmtx"][name][0] for name in font.getGlyphOrder()]
        self._hex = {character: f"{glyph:04X}" for character, glyph in self._glyphs.items()}

    def show(self, text: str) -> str:
        """The text as the operand of Tj."""
        return f"<{''.join(map(self._hex.__getitem__, text))}>"

    def embed(self, pdf: pikepdf.Pdf, characters: set[str]) -> pikepdf.Object:
        """The font as a Type0 font of only these characters."""
        font = TTFont(self._path)
        for table in ("name", "post", "OS/2"):
            del font[table]
        subsetter = Subsetter(Options(retain_gids=True, notdef_outline=True))
        subsetter.populate(text="".join(characters))
        subsetter.subset(font)
        program = io.BytesIO()
        font.save(program)
        name = Name("/TIPBNC+" + self._path.stem)
        descriptor = Dictionary(
            Type=Name.FontDescriptor, FontName=name, Flags=4, FontBBox=Array([-200, -300, 1200, 1000]),
            ItalicAngle=0, Ascent=900, Descent=-300, CapHeight=700, StemV=60,
            FontFile2=pdf.make_stream(program.getvalue()),
        )  # fmt: skip
        widths = Array()
        for character in sorted(characters):
            glyph = self._glyphs[character]
            widths.extend([glyph, Array([round(self._widths[glyph] * 1000 / self._em)])])
        descendant = Dictionary(
            Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=name, CIDToGIDMap=Name.Identity, W=widths,
            CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
            FontDescriptor=pdf.make_indirect(descriptor),
        )  # fmt: skip
        return pdf.make_indirect(
            Dictionary(
                Type=Name.Font, Subtype=Name.Type0, BaseFont=name, Encoding=Name("/Identity-H"),
                DescendantFonts=Array([pdf.make_indirect(descendant)]),
                ToUnicode=pdf.make_stream(self._to_unicode(characters)),
            )
        )  # fmt: skip

    def _to_unicode(self, characters: Iterable[str]) -> bytes:
        entries = [f"<{self._hex[c]}> <{c.encode('utf-16-be').hex()}>" for c in sorted(characters)]
        blocks = [entries[start : start + 100] for start in range(0, len(entries), 100)]
        body = "\n".join(f"{len(block)} beginbfchar\n{chr(10).join(block)}\nendbfchar" for block in blocks)
        return (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
            "/CMapName /Own def /CMapType 2 def\n"
            f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{body}\n"
            "endcmap CMapName currentdict /CMap defineresource pop end end"
        ).encode("ascii")


class _Pikepdf(Peer):
    def __init__(self, material: Material) -> None:
        self._page, self._layout = material.page, Layout(material)
        self._hand, self._print = _Font(material.latin_font("hand")), _Font(material.latin_font("print"))
        self._picture = material.picture.read_bytes()
        with Image.open(material.picture) as picture:
            self._pixels = picture.size
        with Image.open(material.signature) as signature:
            self._signature = signature.convert("RGBA")

    def make_file(self, records: Sequence[Record], out: Path) -> None:
        pdf = pikepdf.new()
        front = Dictionary(XObject=Dictionary(Art=self._art(pdf)))
        back = Dictionary(XObject=Dictionary(Sig=self._mask(pdf)))
        hand: set[str] = set()
        printed: set[str] = set()
        media = Array([0, 0, *self._page])
        for record in records:
            hand.update(record.headline, record.message)
            printed.update(record.job_code)
            for resources, operators in zip((front, back), self._operators(record), strict=True):
                page = Dictionary(
                    Type=Name.Page, MediaBox=media, Resources=resources, Contents=pdf.make_stream(operators)
                )
                pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
        front.Font = back.Font = Dictionary(H=self._hand.embed(pdf, hand), P=self._print.embed(pdf, printed))
        pdf.save(out)

    def _operators(self, record: Record) -> tuple[bytes, bytes]:
        placed, (width, height) = self._layout.place(record), self._page
        box = self._layout.signature
        foot = height - box.y - box.height
        front = f"q {width:.3f} 0 0 {height:.3f} 0 0 cm /Art Do Q\n" + self._lines(
            "H", self._hand, [placed.headline]
        )
        back = (
            self._lines("H", self._hand, placed.note)
            + self._lines("P", self._print, [placed.job_code])
            + f"q {box.width:.3f} 0 0 {box.height:.3f} {box.x:.3f} {foot:.3f} cm /Sig Do Q\n"
            + _bars(placed.code, height)
        )
        return front.encode("ascii"), back.encode("ascii")

    def _lines(self, resource: str, font: _Font, lines: Sequence[Line]) -> str:
        height = self._page[1]
        shown = "".join(
            f"1 0 0 1 {line.x:.3f} {height - line.y:.3f} Tm {font.show(line.text)} Tj\n" for line in lines
        )
        return f"BT 0 0 0 1 k /{resource} {lines[0].size:g} Tf\n{shown}ET\n"

    def _art(self, pdf: pikepdf.Pdf) -> pikepdf.Object:
        width, height = self._pixels
        return pdf.make_stream(
            self._picture, Type=Name.XObject, Subtype=Name.Image, Width=width, Height=height,
            BitsPerComponent=8, ColorSpace=Name.DeviceCMYK, Filter=Name.DCTDecode,
            Decode=Array([1, 0] * 4),  # Adobe's CMYK JPEGs are inverted
        )  # fmt: skip

    def _mask(self, pdf: pikepdf.Pdf) -> pikepdf.Object:
        soft = pdf.make_stream(
            self._signature.getchannel("A").tobytes(), Type=Name.XObject, Subtype=Name.Image,
            Width=self._signature.width, Height=self._signature.height, BitsPerComponent=8,
            ColorSpace=Name.DeviceGray,
        )  # fmt: skip
        return pdf.make_stream(
            self._signature.convert("L").tobytes(), Type=Name.XObject, Subtype=Name.Image, SMask=soft,
            Width=self._signature.width, Height=self._signature.height, BitsPerComponent=8,
            ColorSpace=Name.DeviceGray,
        )  # fmt: skip


def _bars(code: Code, height: float) -> str:
    side = code.module
    rectangles = " ".join(f"{x} {y} {width} 1 re" for x, y, width in code.bars)
    return f"q 0 0 0 1 k {side:.4f} 0 0 {-side:.4f} {code.x:.3f} {height - code.y:.3f} cm {rectangles} f Q\n"


def make(material: Material) -> _Pikepdf:
    """Fonts and pictures read."""
    return _Pikepdf(material)
