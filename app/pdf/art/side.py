"""A side's art as one form XObject: a drawing, a PDF page or a photograph, with pictures on it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from app.domain.brand import Ink
from app.domain.geometry import Box
from app.domain.profile import PressProfile
from app.domain.template import ANY_OCCASION, CENTRE, CardTemplate, Focus, Side
from app.domain.units import POINTS_PER_MM, points
from app.errors import ArtworkUnusable
from app.pdf.art.finished import write_finished_art
from app.pdf.art.jpeg import Jpeg, checked_jpeg, read_jpeg
from app.pdf.art.placed import cover
from app.pdf.art.svg import Drawing
from app.pdf.file.objects import ObjectFile
from app.pdf.file.syntax import number
from app.pdf.text.area import Area

JPEG_SUFFIXES = frozenset({".jpg", ".jpeg"})
_PHOTO = Path("the customer's photo")
"""What it is called where it cannot be used."""
_TOLERANCE = 0.5
"""ppi, for sizes rounded in the content."""


class ArtWriter:
    """Writes the art of one file. What is equal by content stands in the file once, whatever it is called."""

    def __init__(self, file: ObjectFile, profile: PressProfile) -> None:
        """Nothing is written yet.

        Args:
            file: where to.
            profile: the press that prints it.
        """
        self._file = file
        self._profile = profile
        self._written: dict[bytes, int] = {}

    def write(
        self,
        template: CardTemplate,
        side: Side,
        occasion: str,
        palette: Mapping[str, Ink],
        photo: bytes | None = None,
    ) -> int:
        """Write what a side shows on every card of an occasion and palette; gives its form's object number.

        Args:
            template: of the cards.
            side: one of its sides.
            occasion: of the cards.
            palette: of their brand.
            photo: a JPEG in the press's inks for the side's photo place; None leaves it free.

        Raises:
            ArtworkUnusable: it is missing, or cannot be printed by this press or at this size.
        """
        path = side.art.get(occasion, side.art.get(ANY_OCCASION))
        if path is None:
            raise ArtworkUnusable(
                f"{template.name} has no {side.name} art for {occasion!r}",
                mend=f'name one in template.toml, or one for all others under "{ANY_OCCASION}"',
            )
        page = _page(template)
        layers = _Layers(self, page)
        match path.suffix.lower():
            case ".pdf":
                layers.form(self.finished(path, (page.width, page.height)))
            case suffix if suffix in JPEG_SUFFIXES:
                layers.image(read_jpeg(path, self._profile), page, side.focus)
            case _:
                layers.drawing(Drawing(path, _bleed_size(template)).operators(palette))
        for picture in side.pictures:
            layers.image(read_jpeg(picture.path, self._profile), _area(picture.box, template), picture.focus)
        if side.photo is not None and photo is not None:
            layers.image(checked_jpeg(_PHOTO, photo, self._profile), _area(side.photo, template))
        return layers.write()

    def finished(self, path: Path, size: tuple[float, float]) -> int:
        """Write a PDF page, unless it is there; gives its form's object number."""
        key = _digest(_read(path), repr(size).encode())
        if key not in self._written:
            self._written[key] = write_finished_art(self._file, path, size, self._profile)
        return self._written[key]

    def image(self, jpeg: Jpeg) -> int:
        """Write a photograph, unless it is there; gives its object number."""
        key = _digest(jpeg.data)
        if key not in self._written:
            self._written[key] = jpeg.write(self._file)
        return self._written[key]

    def form(self, operators: str, entries: str) -> int:
        """Write a form XObject, unless it is there; gives its object number."""
        data = operators.encode("ascii")
        key = _digest(data, entries.encode("ascii"))
        if key not in self._written:
            self._written[key] = self._file.add_stream(data, f"/Type/XObject/Subtype/Form{entries}")
        return self._written[key]

    def require_sharp(self, path: Path, ppi: float, box: Area) -> None:
        """Refuse a picture whose pixels would show.

        Raises:
            ArtworkUnusable: it has too few of them for its box.
        """
        least = self._profile.resolution_error
        if ppi < least - _TOLERANCE:
            millimetres = f"{box.width / POINTS_PER_MM:.0f} × {box.height / POINTS_PER_MM:.0f} mm"
            good = " × ".join(f"{edge * 300 / 72:.0f}" for edge in (box.width, box.height))
            raise ArtworkUnusable(
                f"{path} has {ppi:.0f} ppi when it fills {millimetres}; {least:g} ppi is the least",
                mend=f"use a picture of about {good} pixels (300 ppi)",
            )


class _Layers:
    """The layers of one side, from the ground up."""

    def __init__(self, writer: ArtWriter, page: Area) -> None:
        self._writer = writer
        self._page = page
        self._operators: list[str] = []
        self._named: list[int] = []

    def drawing(self, operators: str) -> None:
        """SVG counts mm downwards from the bleed's top-left corner, PDF points upwards."""
        scale = f"{POINTS_PER_MM:.6f}"
        self._operators.append(f"q {scale} 0 0 -{scale} 0 {number(self._page.height)} cm\n{operators}\nQ\n")

    def form(self, written: int) -> None:
        """A form over the page."""
        self._operators.append(f"/{self._name(written)} Do\n")

    def image(self, jpeg: Jpeg, box: Area, focus: Focus = CENTRE) -> None:
        """A photograph that fills a box."""
        written = self._writer.image(jpeg)
        placed = cover((jpeg.width, jpeg.height), box, focus)
        self._writer.require_sharp(jpeg.path, placed.ppi, box)
        self._operators.append(placed.operators(self._name(written), box))

    def _name(self, written: int) -> str:
        if written not in self._named:
            self._named.append(written)
        return f"P{self._named.index(written)}"

    def write(self) -> int:
        """All layers as one form; gives its object number."""
        shown = "".join(f"/P{index} {written} 0 R" for index, written in enumerate(self._named))
        resources = f"/XObject<<{shown}>>" if shown else ""
        size = f"{number(self._page.width)} {number(self._page.height)}"
        return self._writer.form("".join(self._operators), f"/BBox[0 0 {size}]/Resources<<{resources}>>")


def _page(template: CardTemplate) -> Area:
    return _area(template.trim_box.inset(-template.bleed), template)


def _area(box: Box, template: CardTemplate) -> Area:
    """A box of the trim, in mm downwards, as an area of the page, in pt upwards."""
    left, foot = template.bleed, template.trim[1] + template.bleed
    return Area(
        points(box.x + left), points(foot - box.bottom), points(box.right + left), points(foot - box.y)
    )


def _bleed_size(template: CardTemplate) -> tuple[float, float]:
    box = template.trim_box.inset(-template.bleed)
    return box.width, box.height


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ArtworkUnusable(
            f"{path} cannot be read ({error.strerror})", mend="put the art there"
        ) from error


def _digest(*parts: bytes) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(b"%d:" % len(part) + part)
    return digest.digest()
