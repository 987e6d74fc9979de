"""A sound two-page PDF/X-4 card, built with pikepdf and without the print engine; tests break one thing."""

from __future__ import annotations

import io
from dataclasses import replace as replace_fields
from functools import cache
from itertools import groupby

import numpy as np
import pikepdf
import qrcode
import zxingcpp
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from pikepdf import Array, Dictionary, Name, String
from PIL import Image
from ppf.datamatrix import DataMatrix

from app.domain.profile import PressProfile, Standard
from app.registry.places import PROFILES
from app.registry.profiles import load_profiles

PROFILE = load_profiles(PROFILES)["isocoated-v2-300"]
MM = 72 / 25.4
TRIM = (105.0, 148.0)
BLEED = 3.0
LINK = "https://fernweh.example/o/7ZK3M5A1B2C3D"
BENCH_CODE = "FW7ZK3M5A1B2C3D0ABCDEF"
XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" pdfxid:GTS_PDFXVersion="PDF/X-4" pdf:Trapped="False"
 xmp:CreateDate="2025-06-01T10:00:00+02:00" xmp:ModifyDate="2025-06-01T08:00:00Z"
 xmp:MetadataDate="2025-06-01T08:00:00Z" xmpMM:DocumentID="uuid:1" xmpMM:VersionID="1"
 xmpMM:RenditionClass="default">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Card</rdf:li></rdf:Alt></dc:title>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""

# Two glyph codes that show: a visible letter and a space. Code 0 is .notdef, 3 draws nothing.
LETTER, SPACE, BLANK = 1, 2, 3
_UNICODE = {LETTER: "A", SPACE: " ", BLANK: "B"}


@cache
def font_program() -> bytes:
    """A TrueType font of four glyphs, 1000 units an em."""
    builder = FontBuilder(1000, isTTF=True)
    order = [".notdef", "A", "space", "B"]
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap({65: "A", 32: "space", 66: "B"})
    glyphs = {}
    for name in order:
        pen = TTGlyphPen(None)
        if name in (".notdef", "A"):
            for index, point in enumerate([(100, 0), (100, 700), (500, 700), (500, 0)]):
                (pen.moveTo if index == 0 else pen.lineTo)(point)
            pen.closePath()
        glyphs[name] = pen.glyph()
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(dict.fromkeys(order, (600, 100)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupOS2()
    builder.setupPost()
    out = io.BytesIO()
    builder.save(out)
    return out.getvalue()


def rectangle(x: float, y: float, width: float, height: float) -> bytes:
    """A `re` of a box in mm from the trim's top-left corner, y downwards."""
    left, bottom = (x + BLEED) * MM, (TRIM[1] + BLEED - y - height) * MM
    return b"%.4f %.4f %.4f %.4f re\n" % (left, bottom, width * MM, height * MM)


def text(x: float, y: float, size: float = 9, codes: tuple[int, ...] = (LETTER,) * 5) -> bytes:
    """Glyphs with their baseline's start in mm."""
    shown = b"".join(b"%04X" % code for code in codes)
    left, bottom = (x + BLEED) * MM, (TRIM[1] + BLEED - y) * MM
    return b"BT /F1 %g Tf 1 0 0 1 %.4f %.4f Tm <%s> Tj ET\n" % (size, left, bottom, shown)


def code(matrix: list[list[bool]], x: float, y: float, module: float) -> bytes:
    """A matrix code as one path of a rectangle a run, without its quiet zone."""
    path = b""
    for row, line in enumerate(matrix):
        start = None
        for column, dark in enumerate([*line, False]):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                width = (column - start) * module
                path += rectangle(x + start * module, y + row * module, width, module)
                start = None
    return b"0 0 0 1 k\n" + path + b"f\n"


@cache
def qr_matrix() -> list[list[bool]]:
    """29 × 29 modules."""
    made = qrcode.QRCode(border=0)
    made.add_data(LINK, optimize=0)
    made.make(fit=True)
    return [[bool(cell) for cell in row] for row in made.get_matrix()]


@cache
def data_matrix() -> list[list[bool]]:
    """18 × 18 modules."""
    return [[bool(cell) for cell in row] for row in DataMatrix(BENCH_CODE).matrix]


@cache
def bar_row(text: str, kind: zxingcpp.BarcodeFormat) -> tuple[int, ...]:
    """A bar code's modules from left to right, 1 where dark."""
    made = zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(text, kind), add_quiet_zones=False)
    return tuple(int(pixel == 0) for pixel in np.asarray(made)[0])


def bars(row: tuple[int, ...], x: float, y: float, module: float) -> bytes:
    """A bar code 12 mm high as one path of a rectangle a bar, without its quiet zone."""
    path, start = b"", 0
    for dark, run in groupby(row):
        width = len(list(run))
        if dark:
            path += rectangle(x + start * module, y, width * module, 12)
        start += width
    return b"0 0 0 1 k\n" + path + b"f\n"


CODE_128 = bar_row("ACORN-10423", zxingcpp.BarcodeFormat.Code128)
EAN_13 = bar_row("4006381333931", zxingcpp.BarcodeFormat.EAN13)


def front() -> bytes:
    """A tint to the end of the bleed, black text, a picture at 300 ppi, a QR on its white field."""
    return (
        b"0.1 0.05 0.2 0 k\n"
        + rectangle(-BLEED, -BLEED, TRIM[0] + 2 * BLEED, TRIM[1] + 2 * BLEED)
        + b"f\n/Art Do\nq /Over gs 0 0 0 1 k\n"
        + text(15, 20)
        + b"Q\n0 0 0 0 k\n"
        + rectangle(60, 100, 30, 30)
        + b"f\n"
        + code(qr_matrix(), 65, 105, 0.6)
        + picture(10, 60, 20)
    )


def back() -> bytes:
    """Coloured text large enough for it, and a Data Matrix and two bar codes on bare paper."""
    return (
        b"q 0.9 0.6 0 0.2 k\n"
        + text(15, 30, size=14)
        + b"Q\n"
        + code(data_matrix(), 80, 120, 0.5)
        + bars(CODE_128, 15, 60, 0.3)
        + bars(EAN_13, 15, 85, 0.33)
    )


def picture(x: float, y: float, width: float, name: bytes = b"Photo") -> bytes:
    """A square picture in mm."""
    left, bottom = (x + BLEED) * MM, (TRIM[1] + BLEED - y - width) * MM
    return b"q %.4f 0 0 %.4f %.4f %.4f cm /%s Do Q\n" % (width * MM, width * MM, left, bottom, name)


def sound(standard: Standard = Standard.PDF_X4) -> pikepdf.Pdf:
    """The whole file, open, to be broken and saved."""
    pdf = pikepdf.new()
    shared = Dictionary(
        Font=Dictionary(F1=_font(pdf)),
        ExtGState=Dictionary(Over=Dictionary(Type=Name.ExtGState, op=True, OP=True, OPM=1)),
        XObject=Dictionary(Art=_art(pdf), Photo=photo(pdf)),
    )
    for content in (front(), back()):
        _add_page(pdf, content, pdf.make_indirect(shared) if not shared.is_indirect else shared)
    _describe(pdf)
    if standard is Standard.PDF_VT1:
        _part(pdf)
    elif standard is Standard.PDF_X1A:
        pdf.trailer.Info.GTS_PDFXVersion = String(standard.value)
        pdf.Root.Metadata.write(XMP.replace('pdfxid:GTS_PDFXVersion="PDF/X-4"', "").encode())
    return pdf


def profile_of(standard: Standard, **changes: object) -> PressProfile:
    """The built-in profile for another standard."""
    return replace_fields(PROFILE, standard=standard, **changes)  # type: ignore[arg-type]  # a test's own


def saved(pdf: pikepdf.Pdf, encryption: pikepdf.Encryption | None = None) -> bytes:
    """The file's bytes, in the standard's version and with every stream as it is."""
    out = io.BytesIO()
    pdf.save(
        out,
        force_version="1.4" if "/GTS_PDFXVersion" in pdf.docinfo else "1.6",
        fix_metadata_version=False,
        compress_streams=False,
        stream_decode_level=None if encryption else pikepdf.StreamDecodeLevel.none,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
        deterministic_id=not encryption,
        encryption=encryption,
    )
    return out.getvalue()


def append(pdf: pikepdf.Pdf, content: bytes, page: int = 0) -> None:
    """Paint something more on top of a page."""
    stream = pdf.pages[page].obj.Contents
    stream.write(stream.read_bytes() + b"\n" + content)


def replace(pdf: pikepdf.Pdf, old: bytes, new: bytes, page: int = 0) -> None:
    """Change a page's content."""
    stream = pdf.pages[page].obj.Contents
    content = stream.read_bytes()
    assert old in content
    stream.write(content.replace(old, new))


def resources(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """The resources that both pages share."""
    return pdf.pages[0].obj.Resources


def photo(pdf: pikepdf.Pdf, pixels: int = 240) -> pikepdf.Stream:
    """A CMYK JPEG, 240 pixels for 20 mm: 304 ppi."""
    out = io.BytesIO()
    Image.new("CMYK", (pixels, pixels), (40, 60, 80, 10)).save(out, "JPEG", quality=90)
    stream = pdf.make_stream(out.getvalue())
    stream.Type, stream.Subtype = Name.XObject, Name.Image
    stream.Width = stream.Height = pixels
    stream.BitsPerComponent, stream.ColorSpace, stream.Filter = 8, Name.DeviceCMYK, Name.DCTDecode
    stream.Decode = Array([1, 0, 1, 0, 1, 0, 1, 0])  # Pillow writes Adobe's turned values
    return stream


def with_spot(pdf: pikepdf.Pdf, name: str = "Gold") -> pikepdf.Pdf:
    """The file with one more ink, in the colour space `Spot`."""
    tint = Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 0, 0, 0], C1=[0.2, 0.3, 0.8, 0], N=1)
    space = Array([Name.Separation, Name(f"/{name}"), Name.DeviceCMYK, pdf.make_indirect(tint)])
    resources(pdf).ColorSpace = Dictionary(Spot=space)
    return pdf


def form(pdf: pikepdf.Pdf, content: bytes, **entries: object) -> pikepdf.Stream:
    """A form XObject over the whole page."""
    made = pdf.make_stream(content)
    made.Type, made.Subtype = Name.XObject, Name.Form
    made.BBox = Array([0, 0, 400, 500])
    made.Resources = Dictionary()
    for key, value in entries.items():
        made[f"/{key}"] = value
    return made


def _art(pdf: pikepdf.Pdf) -> pikepdf.Stream:
    return form(pdf, b"q 0.2 0.5 0.1 0 K 1 w 40 200 m 60 240 120 240 140 200 c S Q")


def _font(pdf: pikepdf.Pdf) -> pikepdf.Object:
    program = font_program()
    stream = pdf.make_stream(program, Length1=len(program))
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name("/ABCDEF+Test"),
        Flags=4,
        FontBBox=Array([0, -200, 600, 800]),
        ItalicAngle=0,
        Ascent=800,
        Descent=-200,
        CapHeight=700,
        StemV=80,
        FontFile2=stream,
    )
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name("/ABCDEF+Test"),
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor),
        CIDToGIDMap=Name.Identity,
        DW=600,
        W=Array([0, Array([600, 600, 600, 600])]),
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name("/ABCDEF+Test"),
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=pdf.make_stream(_to_unicode()),
        )
    )


def _to_unicode() -> bytes:
    lines = b"".join(b"<%04X> <%04X>\n" % (code, ord(text)) for code, text in _UNICODE.items())
    return (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        b"1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        b"3 beginbfchar\n" + lines + b"endbfchar\nendcmap end end"
    )


def _add_page(pdf: pikepdf.Pdf, content: bytes, shared: pikepdf.Object) -> None:
    width, height = ((side + 2 * BLEED) * MM for side in TRIM)
    edge = BLEED * MM
    page = Dictionary(
        Type=Name.Page,
        MediaBox=Array([0, 0, width, height]),
        BleedBox=Array([0, 0, width, height]),
        TrimBox=Array([edge, edge, width - edge, height - edge]),
        Resources=shared,
        Contents=pdf.make_stream(content),
    )
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))


def _describe(pdf: pikepdf.Pdf) -> None:
    icc = pdf.make_stream(PROFILE.icc.read_bytes(), N=4)
    pdf.Root.OutputIntents = Array(
        [
            Dictionary(
                Type=Name.OutputIntent,
                S=Name.GTS_PDFX,
                OutputConditionIdentifier=String(PROFILE.output_condition),
                RegistryName=String(PROFILE.registry),
                Info=String(PROFILE.info),
                DestOutputProfile=icc,
            )
        ]
    )
    pdf.Root.Metadata = pdf.make_stream(XMP.encode(), Type=Name.Metadata, Subtype=Name.XML)
    pdf.trailer.Info = pdf.make_indirect(
        Dictionary(
            Title=String("Card"),
            CreationDate=String("D:20250601100000+02'00'"),
            ModDate=String("D:20250601080000Z"),
            Trapped=Name("/False"),
        )
    )


def _part(pdf: pikepdf.Pdf) -> None:
    """Two records of a page each (PDF/VT-1)."""
    root = pdf.make_indirect(Dictionary(Type=Name.DPart))
    leaves = []
    for number, page in enumerate(pdf.pages, 1):
        root_metadata = Dictionary(CIP4_Recipient=Dictionary(CIP4_UniqueID=String(f"ORDER-{number}")))
        leaf = Dictionary(Parent=root, Start=page.obj, DPM=Dictionary(CIP4_Root=root_metadata))
        leaves.append(pdf.make_indirect(leaf))
        page.obj.DPart = leaves[-1]
    root.DParts = Array([Array(leaves)])
    pdf.Root.DPartRoot = pdf.make_indirect(
        Dictionary(
            Type=Name.DPartRoot,
            DPartRootNode=root,
            RecordLevel=1,
            NodeNameList=Array([Name("/Job"), Name("/Record")]),
        )
    )
    root.Parent = pdf.Root.DPartRoot
    for name, shared in resources(pdf).XObject.items():
        shared.GTS_Encapsulated, shared.GTS_Scope = True, Name.File
        shared.GTS_XID = String(f"uuid:{name[1:]}")
    pdf.Root.Metadata.write(
        XMP.replace(
            'pdf:Trapped="False"',
            'xmlns:pdfvtid="http://www.npes.org/pdfvt/ns/id/" pdfvtid:GTS_PDFVTVersion="PDF/VT-1"'
            ' pdfvtid:GTS_PDFVTModDate="2025-06-01T08:00:00Z" pdf:Trapped="False"',
        ).encode()
    )
