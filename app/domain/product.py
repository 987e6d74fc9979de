"""A product that a photo is printed on: what `print_templates/products/NAME.toml` says, checked and typed.

All lengths in mm from the trim's top-left corner, y downwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.brand import Ink
from app.domain.geometry import Box
from app.domain.template import Align, VerticalAlign

BLACK: Ink = (0.0, 0.0, 0.0, 1.0)


class Shape(StrEnum):
    """What the trim looks like."""

    RECTANGLE = "rectangle"
    CIRCLE = "circle"
    """An ellipse, where width and height differ."""
    ROUNDED = "rounded"
    PATH = "path"


class Inks(StrEnum):
    """What the picture is printed with."""

    CMYK = "cmyk"
    BLACK = "black"
    """One tone: cocoa on foam, black on anything."""


class Tone(StrEnum):
    """A named curve that the picture's tones go through before they become ink."""

    NONE = "none"
    EDIBLE = "edible"
    """Sugar swallows light: shadows open up, colours are a little stronger."""
    FOAM = "foam"
    """Coffee foam holds few steps and no solid: strong contrast in the middle, thin in the shadows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """Where the product is cut, and what is near the cut.

    `radius` is of the corners of a rounded shape. `path` is SVG path data of a free one. `seam` is what lies
    at the left and right end where a wrap meets itself: no face may stand there.
    """

    shape: Shape
    size: tuple[float, float]
    bleed: float
    safe: float
    radius: float = 0.0
    path: str = ""
    seam: float = 0.0

    @property
    def trim(self) -> Box:
        """The rectangle around the cut."""
        return Box(0.0, 0.0, *self.size)

    @property
    def bleed_box(self) -> Box:
        """The rectangle around the bleed."""
        return self.trim.inset(-self.bleed)


class ItemText(StrEnum):
    """What an order may say on an item."""

    CAPTION = "caption"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What is left free of the picture under a text, with round corners."""

    box: Box
    radius: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFrame:
    """Where a text of the order stands on a panel, as the object shows it.

    `typeface` is a role of the fonts, "hand" for the brand's own hand. `size` is (smallest, largest) in pt,
    `leading` the distance of lines in mm at the largest, `tracking` in thousandths of an em. With a `cover`
    the text stands on the bare surface, which the picture then leaves free.
    """

    says: ItemText
    box: Box
    typeface: str
    size: tuple[float, float]
    leading: float
    tracking: float = 0.0
    align: Align = Align.CENTRE
    vertical: VerticalAlign = VerticalAlign.MIDDLE
    ink: Ink = BLACK
    cover: Cover | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One page of the file: where its pictures stand, and whether the object shows their mirror image."""

    name: str
    pictures: tuple[Box, ...]
    mirrored: bool = False
    texts: tuple[TextFrame, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CodePlace:
    """Where the bench's Data Matrix stands, with the piece's name beside it, or under it where that is wider.

    `panel` is the one panel that has it; empty for each. `on_piece` tells that the customer gets it too:
    else it lies on what is cut away, on the sheet under the foot or beside a shape in its rectangle.
    """

    box: Box
    panel: str = ""
    on_piece: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """Effective resolution in ppi: the one aimed at, and those under which a person looks, or it stops."""

    target: float
    warning: float
    error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GangLayout:
    """How many of a product stand on one sheet: `gap` between their trims, `margin` that no press prints."""

    sheet: tuple[float, float]
    margin: float
    gap: float


class MockupObject(StrEnum):
    """What a mock-up shows the picture on."""

    CARD = "card"
    """Anything flat, as it is cut: a card, a tag."""
    STICKER = "sticker"
    COOKIE = "cookie"
    CUP = "cup"
    """Seen from above, the picture on its foam."""
    MUG = "mug"
    SOCK = "sock"


Rgb = tuple[int, int, int]
"""A colour of the screen, sRGB, 0 to 255."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mockup:
    """How a mock-up looks: the object, its own colour and that of the ground it stands on.

    `size` is the object's own in mm, None for that of the trim: of a mug its diameter and height. `views` are
    the degrees around a mug that the viewer stands at, 0 for the middle of the picture; a mug is shown once
    for each.
    """

    object: MockupObject = MockupObject.CARD
    colour: Rgb = (252, 251, 248)
    ground: Rgb = (236, 232, 225)
    size: tuple[float, float] | None = None
    views: tuple[float, ...] = (0.0,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A whole product.

    `contour` is whether it has a cutting line. `transfer` is whether the print is laid on face down, and so
    is the mirror image of what the object shows. `white` is how far its white underbase stays inside the cut;
    None for no underbase. `two_sided` tells that its two panels are front and back of one piece; `code` is
    None where nothing but the picture may be printed.
    """

    name: str
    title: str
    profile: str
    substrate: str
    surface: Surface
    panels: tuple[Panel, ...]
    inks: Inks
    tone: Tone
    resolution: Resolution
    gang: GangLayout
    contour: bool
    code: CodePlace | None = None
    two_sided: bool = False
    transfer: bool = False
    white: float | None = None
    mockup: Mockup = Mockup()
    quality: str = ""
    """What its pieces are printed with: see `domain.finishing`. Empty: as the target is set."""
    finishings: tuple[str, ...] = ()
    """What the press does to each piece beside what the target asks for."""
    covered: tuple[Box, ...] = ()
    """What of the trim one item's words cover, so that no face is put there; nothing of a product itself."""

    @property
    def media(self) -> Box:
        """The page: the bleed, and under it the strip that holds the code where that stands there."""
        bleed = self.surface.bleed_box
        return Box(bleed.x, bleed.y, bleed.width, bleed.height + self.foot)

    @property
    def foot(self) -> float:
        """Height of the strip under the bleed."""
        below = self.surface.bleed_box.bottom
        return 0.0 if self.code is None else max(0.0, self.code.box.bottom - below)

    @property
    def places(self) -> int:
        """Places of a sheet that one piece takes: panels lie beside each other, two sides back to back."""
        return 1 if self.two_sided else len(self.panels)

    @property
    def says(self) -> frozenset[ItemText]:
        """What an order may have printed on it."""
        return frozenset(frame.says for panel in self.panels for frame in panel.texts)

    def prints_mirrored(self, panel: Panel) -> bool:
        """Whether a panel's page is the mirror image of its photo: twice mirrored reads right again."""
        return panel.mirrored != self.transfer
