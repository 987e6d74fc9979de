"""What a product's file says of the words and the bench code on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from app.domain.brand import Ink
from app.domain.geometry import Box
from app.domain.product import BLACK, CodePlace, Cover, ItemText, Panel, Surface, TextFrame
from app.domain.template import Align, VerticalAlign
from app.domain.units import millimetres
from app.registry.toml_file import Key, TomlFile, TomlModel

Length = Annotated[float, Field(gt=0, le=2000)]
BoxModel = tuple[float, float, Length, Length]
_Points = Annotated[float, Field(ge=4, le=400)]
_Share = Annotated[float, Field(ge=0, le=1)]
_STRIP = (3.0, 0.75, 26.0, 6.5)
"""The code's usual box on the strip under the bleed, mm: from the left, from the bleed, width, height."""
_UPRIGHT = (1.0, 0.75, 9.0, 12.5)
"""That of a narrow product: the piece's name under the code."""
_LEAST_BESIDE, _LEAST_UNDER = 14.0, 4.0
"""mm that the piece's name needs beside the code, and under it."""


class TextModel(TomlModel):
    """A frame for a text of the order."""

    says: ItemText
    box: BoxModel
    typeface: str = "hand"
    size: tuple[_Points, _Points]
    leading: Length | None = None
    tracking: float = 0.0
    align: Align = Align.CENTRE
    vertical: VerticalAlign = VerticalAlign.MIDDLE
    ink: tuple[_Share, _Share, _Share, _Share] = BLACK
    cover: BoxModel | None = None
    cover_radius: Annotated[float, Field(ge=0, le=200)] = 0.0

    def frame(self) -> TextFrame:
        """As the domain has it."""
        ink: Ink = self.ink
        return TextFrame(
            says=self.says,
            box=Box(*self.box),
            typeface=self.typeface,
            size=self.size,
            leading=self.leading or 1.25 * millimetres(self.size[1]),
            tracking=self.tracking,
            align=self.align,
            vertical=self.vertical,
            ink=ink,
            cover=None if self.cover is None else Cover(box=Box(*self.cover), radius=self.cover_radius),
        )


class CodeModel(TomlModel):
    """The bench code's place."""

    box: BoxModel | None = None
    panel: str = ""
    on_piece: bool = False
    printed: bool = True


def code_place(said: CodeModel, surface: Surface) -> CodePlace | None:
    """Where the code stands: as the file says, or on the strip under the foot, which is cut away."""
    if not said.printed:
        return None
    box = Box(*said.box) if said.box else _usual(surface)
    return CodePlace(box=box, panel=said.panel, on_piece=said.on_piece)


def _usual(surface: Surface) -> Box:
    width, height = surface.size
    wide = width >= _STRIP[0] + _STRIP[2]
    left, apart, across, down = _STRIP if wide else _UPRIGHT
    return Box(left, height + surface.bleed + apart, across, down)


def check_texts(file: TomlFile, surface: Surface, panel: Panel, index: int) -> None:
    """Note what is wrong with a panel's frames, besides what only the outline can tell."""
    seen: set[ItemText] = set()
    for number, frame in enumerate(panel.texts):
        key: Key = ("panels", index, "texts", number)
        if frame.says in seen:
            file.fault((*key, "says"), f"the {frame.says} is there twice", "say it once a panel")
        seen.add(frame.says)
        if frame.size[0] > frame.size[1]:
            file.fault((*key, "size"), "the smallest is over the largest", "write smallest, largest in pt")
        if not surface.trim.inset(surface.safe).contains(frame.box):
            file.fault((*key, "box"), "it reaches out of the safe zone", f"stay {surface.safe:g} mm inside")
        if frame.cover is not None and not frame.cover.box.contains(frame.box):
            file.fault((*key, "cover"), "it does not hold the whole frame", "make it larger than the box")
        if frame.cover is not None and 2 * frame.cover.radius > min(
            frame.cover.box.width, frame.cover.box.height
        ):
            file.fault((*key, "cover_radius"), "it is more than half of an edge", "round it less")


def check_code(file: TomlFile, surface: Surface, code: CodePlace, panels: tuple[Panel, ...]) -> None:
    """Note what is wrong with the code's place, besides what only the outline can tell."""
    for key, detail, mend in _code_faults(surface, code, panels):
        file.fault(("code", key), detail, mend)


def _code_faults(
    surface: Surface, code: CodePlace, panels: tuple[Panel, ...]
) -> Iterator[tuple[str, str, str]]:
    names = ", ".join(panel.name for panel in panels)
    if code.panel and code.panel not in {panel.name for panel in panels}:
        yield "panel", f"there is no panel {code.panel!r}", f"name one of: {names}"
    box, bleed = code.box, surface.bleed_box
    side = min(box.width, box.height)
    if max(box.width - side, box.height - side) < (_LEAST_BESIDE if box.width > box.height else _LEAST_UNDER):
        yield (
            "box",
            "beside the code, which is as large as its shorter edge, the piece's name has no room",
            f"give it {_LEAST_BESIDE:g} mm more width than height, or {_LEAST_UNDER:g} mm more height",
        )
    if box.x < bleed.x or box.right > bleed.right or box.y < bleed.y:
        yield "box", "it reaches over the page", "move it under the foot, or into the rectangle of the bleed"
    if box.bottom > bleed.bottom and (code.on_piece or box.y < bleed.bottom):
        yield "box", "it stands half under the foot", "move it below the bleed, or wholly into its rectangle"
