"""A photo product as a print-ready file: a page a panel, with its pictures, words, code, cut and white.

The spots `CutContour` and `White` stand in layers that are marked as processing steps (ISO 19593-1). White
comes first; the pictures on it overprint, as the line does, and so take nothing away from what is under them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.domain.geometry import Box
from app.domain.product import Cover, Panel, Product, Surface
from app.domain.profile import PressProfile
from app.domain.units import POINTS_PER_MM, points
from app.pdf.art.jpeg import Jpeg
from app.pdf.draw import OVERPRINT
from app.pdf.file.identity import Identity, write_output_intent
from app.pdf.file.objects import ObjectFile, stream, table_head, table_rows, trailer
from app.pdf.file.syntax import number, string
from app.pdf.impose.layout import Piece
from app.pdf.imprint import PanelPrint, SetImprint
from app.pdf.surface import outline_operators, rectangle_operators

_LINE = 0.25
"""Width of a cutting line, pt."""


@dataclass(frozen=True, slots=True)
class ItemPicture:
    """A picture in the press's inks: a JPEG as `Pillow` writes it, and its box on the trim in mm."""

    box: Box
    data: bytes
    width: int
    height: int
    inks: int


@dataclass(frozen=True, slots=True)
class _Step:
    """A processing step: its spot, its layer's name for people, and what it is (ISO 19593-1, tables 1, 2)."""

    spot: str
    layer: str
    group: str
    kind: str
    screen: str
    """How it looks where the spot is not there: CMYK."""


_CUT = _Step("CutContour", "Cutting line", "Structural", "Cutting", "0 1 0 0")
_WHITE = _Step("White", "White underbase", "White", "", "0.15 0 0 0")


def product_profile(product: Product, profile: PressProfile) -> PressProfile:
    """The press profile as this product asks for it: its own resolution, bleed and safe zone."""
    return replace(
        profile,
        resolution_error=product.resolution.error,
        resolution_warning=product.resolution.warning,
        bleed=min(profile.bleed, product.surface.bleed),
        safe=product.surface.safe,
    )


def product_piece(product: Product) -> Piece:
    """What sheets of a product hold."""
    return Piece(product.surface.size, product.surface.bleed, product.foot)


def write_item(
    product: Product,
    panels: Sequence[Sequence[ItemPicture]],
    profile: PressProfile,
    identity: Identity,
    imprint: SetImprint | None = None,
) -> bytes:
    """The file of one item; the same input gives the same bytes.

    Args:
        product: what is printed.
        panels: the pictures of each of its panels.
        profile: of the press.
        identity: who the file says it is.
        imprint: words and code on it, set for this product and press.
    """
    return _ItemFile(product, profile, imprint).write(panels, identity)


class _ItemFile:
    def __init__(self, product: Product, profile: PressProfile, imprint: SetImprint | None) -> None:
        self._product = product
        self._surface = product.surface
        self._imprint = imprint
        self._file = ObjectFile()
        self._intent = write_output_intent(self._file, profile)
        self._profile = profile
        steps = [
            step for step, wanted in ((_WHITE, product.white is not None), (_CUT, product.contour)) if wanted
        ]
        self._layers = {step: self._layer(step) for step in steps}
        self._pictures: dict[bytes, int] = {}

    def write(self, panels: Sequence[Sequence[ItemPicture]], identity: Identity) -> bytes:
        file = self._file
        root = file.reserve()
        printed = self._imprint.panels if self._imprint else (PanelPrint(),) * len(panels)
        # Fonts follow from what all panels show, which was noted when they were set.
        self._fonts = self._imprint.uses.write(file) if self._imprint else ""
        pages = [
            self._page(root, panel, pictures, over)
            for panel, pictures, over in zip(self._product.panels, panels, printed, strict=True)
        ]
        kids = " ".join(f"{page} 0 R" for page in pages)
        file.write(root, f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>".encode())
        info = file.add(identity.info())
        catalog = file.add(self._catalog(root, identity))
        return _finished(file, catalog, info, identity)

    def _layer(self, step: _Step) -> int:
        kind = f"/GTS_ProcStepsType/{step.kind}" if step.kind else ""
        return self._file.add(
            f"<</Type/OCG/Name{string(step.layer)}/GTS_Metadata<</GTS_ProcStepsGroup/{step.group}{kind}>>>>"
        )

    def _catalog(self, root: int, identity: Identity) -> str:
        entries = f"/OutputIntents[{self._intent} 0 R]"
        metadata = identity.metadata()
        if metadata is not None:
            written = self._file.add(stream(metadata, "/Type/Metadata/Subtype/XML", plain=True))
            entries += f"/Metadata {written} 0 R"
        if self._layers:
            layers = " ".join(f"{number} 0 R" for number in self._layers.values())
            entries += f"/OCProperties<</OCGs[{layers}]/D<</Name(Default)/Order[{layers}]/ON[{layers}]>>>>"
        return f"<</Type/Catalog/Pages {root} 0 R{entries}>>"

    def _page(self, root: int, panel: Panel, pictures: Sequence[ItemPicture], over: PanelPrint) -> int:
        product, surface = self._product, self._surface
        width, height = points(product.media.width), points(product.media.height)
        bleed, foot = points(surface.bleed), points(product.foot)
        content, images = self._content(panel, pictures, over.covers)
        content += _turned_over(product, over.turning) + over.lying
        names = "".join(f"/{name} {written} 0 R" for name, written in images.items())
        shown = self._file.add_stream(content.encode("ascii"))
        bled = f"[0 {number(foot)} {number(width)} {number(height)}]"
        trim = " ".join(map(number, (bleed, foot + bleed, width - bleed, height - bleed)))
        return self._file.add(
            f"<</Type/Page/Parent {root} 0 R/MediaBox[0 0 {number(width)} {number(height)}]/BleedBox{bled}"
            f"/TrimBox[{trim}]/Resources<</XObject<<{names}>>{self._fonts}{self._step_resources()}"
            f"/ExtGState<</{OVERPRINT}<</Type/ExtGState/OP true/op true/OPM 1>>>>>>/Contents {shown} 0 R>>"
        )

    def _step_resources(self) -> str:
        if not self._layers:
            return ""
        spaces = "".join(f"/{step.spot} {_separation(step)}" for step in self._layers)
        properties = "".join(f"/{step.spot} {written} 0 R" for step, written in self._layers.items())
        return f"/ColorSpace<<{spaces}>>/Properties<<{properties}>>"

    def _content(
        self, panel: Panel, pictures: Sequence[ItemPicture], covers: Sequence[Cover]
    ) -> tuple[str, dict[str, int]]:
        surface = self._surface
        bleed = surface.bleed
        # Millimetres of the trim, downwards, from here on; a mirrored panel is turned over as a whole.
        mirrored = self._product.prints_mirrored(panel)
        across = -POINTS_PER_MM if mirrored else POINTS_PER_MM
        left = surface.size[0] + bleed if mirrored else bleed
        foot = points(surface.size[1] + bleed + self._product.foot)
        turned = f"{across:.6f} 0 0 {-POINTS_PER_MM:.6f} {number(points(left))} {number(foot)} cm"
        parts = [f"q {turned}\n"]
        if _WHITE in self._layers:
            parts.append(self._step(_WHITE))
        images: dict[str, int] = {}
        over = f"/{OVERPRINT} gs " if _WHITE in self._layers else ""
        clip = f"{outline_operators(surface, bleed)} W n {_free_of(covers, surface, panel)}"
        for picture in pictures:
            written = self._picture(picture)
            images[f"P{written}"] = written
            box = picture.box
            # An image stands on its unit square with its first row on top, here therefore below.
            place = (box.width, 0, 0, -box.height, box.x, box.bottom)
            cut = " ".join(map(number, (box.x, box.y, box.width, box.height)))
            parts.append(f"q {over}{clip}{cut} re W n {' '.join(map(number, place))} cm /P{written} Do Q\n")
        if _CUT in self._layers:
            parts.append(self._step(_CUT))
        parts.append("Q\n")
        return "".join(parts), images

    def _picture(self, picture: ItemPicture) -> int:
        if picture.data not in self._pictures:
            jpeg = Jpeg(
                Path(), picture.data, picture.width, picture.height, picture.inks, inverted=picture.inks > 1
            )
            self._pictures[picture.data] = jpeg.write(self._file)
        return self._pictures[picture.data]

    def _step(self, step: _Step) -> str:
        if step is _CUT:
            line = number(_LINE / POINTS_PER_MM)
            drawn = f"/{OVERPRINT} gs /{step.spot} CS 1 SCN {line} w {outline_operators(self._surface)} S"
        else:
            choke = self._product.white or 0.0
            drawn = f"/{step.spot} cs 1 scn {outline_operators(self._surface, -choke)} f"
        return f"/OC /{step.spot} BDC q {drawn} Q EMC\n"


def _turned_over(product: Product, drawn: str) -> str:
    """What the object shows, as the page has it: the mirror image around the trim's middle for a transfer."""
    if not drawn or not product.transfer:
        return drawn
    return f"q -1 0 0 1 {number(points(product.media.width))} 0 cm\n{drawn}Q\n"


def _free_of(covers: Sequence[Cover], surface: Surface, panel: Panel) -> str:
    """A clipping path that leaves covers out of a picture; a panel's own mirror image is turned back."""
    if not covers:
        return ""
    parts = [rectangle_operators(surface.bleed_box.inset(-1))]
    for cover in covers:
        box = cover.box
        if panel.mirrored:
            box = Box(surface.size[0] - box.right, box.y, box.width, box.height)
        parts.append(rectangle_operators(box, cover.radius))
    return " W* n ".join([f"{parts[0]} {part}" for part in parts[1:]]) + " W* n "


def _separation(step: _Step) -> str:
    tint = f"<</FunctionType 2/Domain[0 1]/C0[0 0 0 0]/C1[{step.screen}]/N 1>>"
    return f"[/Separation/{step.spot}/DeviceCMYK{tint}]"


def _finished(file: ObjectFile, catalog: int, info: int, identity: Identity) -> bytes:
    data = b"".join(file.parts)
    size = len(file.offsets) + 1
    permanent = hashlib.blake2b(identity.key.encode(), digest_size=16).hexdigest().upper()
    changing = hashlib.blake2b(data, digest_size=16).hexdigest().upper()
    end = trailer(size=size, root=catalog, info=info, file_id=(permanent, changing), table_at=len(data))
    return data + table_head(size) + table_rows(file.offsets) + end
