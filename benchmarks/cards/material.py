"""What all cards share, laid out in a work folder: the template with its drawn picture, and the signature."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from PIL import Image

from app.domain.brand import Brand
from app.domain.template import CardTemplate, Frame, Role
from app.domain.units import points
from app.registry.brands import load_brand
from app.registry.cards import load_card
from app.registry.fonts import FontLibrary, own_fonts
from app.registry.places import BRANDS

_TEMPLATE = Path(__file__).with_name("template")
_PPI = 300
_MM_PER_INCH = 25.4


@dataclass(frozen=True, slots=True)
class Box:
    """A frame on the page: pt from the page's top-left corner, downwards."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Material:
    """The work folder, and what it holds as every program wants it."""

    folder: Path

    @cached_property
    def template(self) -> CardTemplate:
        """The template, read as the product reads any."""
        return load_card(self.folder / "postcard")

    @cached_property
    def brand(self) -> Brand:
        """Whose palette and signature the card has."""
        return load_brand(BRANDS / "fernweh")

    @cached_property
    def fonts(self) -> FontLibrary:
        """The product's fonts; peers take the same files."""
        return own_fonts()

    @property
    def picture(self) -> Path:
        """The front's picture in CMYK."""
        return self.folder / "postcard" / "art" / "front.jpg"

    @property
    def picture_rgb(self) -> Path:
        """The same in RGB, for programs that know no CMYK."""
        return self.folder / "front-rgb.jpg"

    @property
    def signature(self) -> Path:
        """The signature, dark on nothing."""
        return self.folder / "signature.png"

    @cached_property
    def page(self) -> tuple[float, float]:
        """Width and height in pt, bleed included."""
        width, height = (points(edge + 2 * self.template.bleed) for edge in self.template.trim)
        return width, height

    def frame(self, role: Role) -> Frame:
        """The template's frame of a role."""
        return next(frame for side in self.template.sides for frame in side.frames if frame.role is role)

    def box(self, role: Role) -> Box:
        """Where a role's frame is on the page."""
        box, bleed = self.frame(role).box, self.template.bleed
        return Box(points(box.x + bleed), points(box.y + bleed), points(box.width), points(box.height))

    def font(self, typeface: str) -> Path:
        """The first font of a typeface."""
        return self.fonts.typefaces[typeface][0].path

    def latin_font(self, typeface: str) -> Path:
        """The same with Latin letters alone and no shaping: quickly read by libraries that do not shape."""
        return self.folder / f"{typeface}-latin.ttf"


def make_material(folder: Path) -> Material:
    """Fill the work folder; nothing is drawn again that is there."""
    material = Material(folder)
    if not material.signature.exists():
        for typeface in ("hand", "print"):
            _cut_font(material.font(typeface), material.latin_font(typeface))
        shutil.copytree(_TEMPLATE, folder / "postcard", dirs_exist_ok=True)
        _draw_picture(material, (111.0, 154.0))
        signature = load_brand(BRANDS / "fernweh").signer.signature
        assert signature is not None
        shutil.copyfile(signature, material.signature)
    return material


def _cut_font(source: Path, out: Path) -> None:
    with TTFont(source) as font:
        for table in {"GSUB", "GPOS", "GDEF", "meta", "DSIG"} & set(font.keys()):
            del font[table]
        cutter = Subsetter(Options(notdef_outline=True, hinting=False, name_IDs=["*"]))
        cutter.populate(unicodes=[*range(0x20, 0x250), *range(0x2010, 0x2030)])
        cutter.subset(font)
        font.save(out)


def _draw_picture(material: Material, size: tuple[float, float]) -> None:
    """Hills in the evening with the grain of a photo, so that the JPEG is as large as a photo's."""
    width, height = (round(edge / _MM_PER_INCH * _PPI) for edge in size)
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    rng = np.random.default_rng(7)
    sky = np.stack([0.28 - 0.2 * y, 0.10 + 0.22 * y, 0.06 + 0.40 * y, np.zeros_like(y)])
    for ridge in range(5):
        line = 0.34 + 0.09 * ridge + 0.05 * np.sin(3 * x * (1 + 0.4 * ridge) + 2.1 * ridge)
        line += 0.012 * np.sin(23 * x + 5 * ridge)
        shade = np.array([0.30 + 0.10 * ridge, 0.18, 0.30 + 0.04 * ridge, 0.02 + 0.05 * ridge])
        sky = np.where(y > line, shade[:, None, None], sky)
    paper = np.clip((y - 0.70) / 0.05, 0, 1)  # the headline stands on pale ground
    inks = sky * (1 - paper) + np.array([0.02, 0.03, 0.08, 0.0])[:, None, None] * paper
    inks[:3] += rng.normal(0, 0.012, inks[:3].shape)
    cmyk = Image.fromarray((np.clip(inks, 0, 1) * 255).astype(np.uint8).transpose(1, 2, 0), "CMYK")
    cmyk.save(material.picture, quality=85, dpi=(_PPI, _PPI))
    cmyk.convert("RGB").save(material.picture_rgb, quality=85, dpi=(_PPI, _PPI))
