"""Loads the products that photos are printed on: one file each, `NAME.toml`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from app.domain.finishing import check_finishing, check_quality
from app.domain.geometry import Box
from app.domain.product import (
    GangLayout,
    Inks,
    Mockup,
    MockupObject,
    Panel,
    Product,
    Resolution,
    Rgb,
    Shape,
    Surface,
    Tone,
)
from app.errors import SetupError
from app.registry.product_places import (
    BoxModel,
    CodeModel,
    Length,
    TextModel,
    check_code,
    check_texts,
    code_place,
)
from app.registry.toml_file import TomlFile, TomlModel

_Margin = Annotated[float, Field(ge=0, le=200)]
_Ppi = Annotated[float, Field(gt=0, le=2400)]
_MOST_PANELS = 12
_SIDES = 2
_HEX = "^#[0-9a-f]{6}$"
_TOUCHES = 1e-6
"""mm: a picture this near to the cut is meant to run over it."""


class _Surface(TomlModel):
    shape: Shape
    size: tuple[Length, Length]
    bleed: _Margin
    safe: _Margin
    radius: _Margin = 0.0
    path: str = ""
    seam: _Margin = 0.0


class _Panel(TomlModel):
    name: str = Field(min_length=1, max_length=40)
    pictures: tuple[BoxModel, ...] | None = None
    mirrored: bool = False
    texts: Annotated[tuple[TextModel, ...], Field(max_length=8)] = ()


class _Colour(TomlModel):
    inks: Inks = Inks.CMYK
    tone: Tone = Tone.NONE
    white: _Margin | None = None


class _Resolution(TomlModel):
    target: _Ppi = 300
    warning: _Ppi = 225
    error: _Ppi = 150


class _Gang(TomlModel):
    sheet: tuple[Length, Length]
    margin: _Margin = 10
    gap: _Margin = 3


class _Mockup(TomlModel):
    object: MockupObject = MockupObject.CARD
    colour: Annotated[str, Field(pattern=_HEX)] = "#fcfbf8"
    ground: Annotated[str, Field(pattern=_HEX)] = "#ece8e1"
    size: tuple[Length, Length] | None = None
    views: Annotated[
        tuple[Annotated[float, Field(ge=-180, le=180)], ...], Field(min_length=1, max_length=4)
    ] = (0.0,)


class _Product(TomlModel):
    title: str = Field(min_length=1)
    profile: str
    substrate: str = Field(min_length=1)
    contour: bool = False
    transfer: bool = False
    quality: Annotated[str, AfterValidator(check_quality)] = ""
    finishings: tuple[Annotated[str, AfterValidator(check_finishing)], ...] = ()
    two_sided: bool = False
    surface: _Surface
    panels: Annotated[tuple[_Panel, ...], Field(max_length=_MOST_PANELS)] = ()
    colour: _Colour = _Colour()
    resolution: _Resolution = _Resolution()
    gang: _Gang
    code: CodeModel = CodeModel()
    mockup: _Mockup = _Mockup()


def load_products(*folders: Path, profiles: Collection[str]) -> dict[str, Product]:
    """The products of some folders by name (the file's name without `.toml`).

    Args:
        folders: each holds products; one that does not exist holds none.
        profiles: the names of the press profiles that there are.

    Raises:
        SetupError: a product cannot be used; the message names the file, line and key, and how to mend it.
    """
    found: dict[str, tuple[Path, Product]] = {}
    for path in (path for folder in folders for path in sorted(folder.glob("*.toml"))):
        if path.stem in found:
            raise SetupError(
                f"the product {path.stem!r} is there twice: {found[path.stem][0]} and {path}",
                mend="rename one of the files; orders name products by them",
            )
        found[path.stem] = path, _load(path, profiles)
    return {name: product for name, (_, product) in found.items()}


def _load(path: Path, profiles: Collection[str]) -> Product:
    file = TomlFile(path)
    said = file.read(_Product)
    surface = Surface(**said.surface.model_dump())
    if said.profile not in profiles:
        known = ", ".join(sorted(profiles))
        file.fault(("profile",), f"there is no press profile {said.profile!r}", f"use one of: {known}")
    _check_surface(file, surface)
    _check_resolution(file, said.resolution)
    panels = tuple(_panel(file, surface, panel, index) for index, panel in enumerate(said.panels))
    panels = panels or (Panel(name="front", pictures=(surface.bleed_box,)),)
    _check_panels(file, said, panels)
    code = code_place(said.code, surface)
    if code is not None:
        check_code(file, surface, code, panels)
        if code.on_piece and said.colour.white is not None:
            file.fault(
                ("code", "on_piece"), "it would stand on the white underbase", "put it on what is cut away"
            )
    gang = GangLayout(**said.gang.model_dump())
    _check_gang(file, gang, surface)
    if said.colour.white is not None and 2 * said.colour.white >= min(surface.size):
        file.fault(("colour", "white"), "nothing of the underbase would be left", "choke it less")
    file.check()
    product = Product(
        name=path.stem,
        title=said.title,
        profile=said.profile,
        substrate=said.substrate,
        surface=surface,
        panels=panels,
        inks=said.colour.inks,
        tone=said.colour.tone,
        white=said.colour.white,
        resolution=Resolution(**said.resolution.model_dump()),
        gang=gang,
        contour=said.contour,
        code=code,
        two_sided=said.two_sided,
        transfer=said.transfer,
        quality=said.quality,
        finishings=said.finishings,
        mockup=_mockup(said.mockup),
    )
    # Codes under the foot lie between the pieces of a sheet.
    apart = 2 * surface.bleed + product.foot if product.foot else 0.0
    return replace(product, gang=replace(gang, gap=max(gang.gap, apart)))


def _mockup(said: _Mockup) -> Mockup:
    return Mockup(
        object=said.object,
        colour=_rgb(said.colour),
        ground=_rgb(said.ground),
        size=said.size,
        views=said.views,
    )


def _rgb(said: str) -> Rgb:
    red, green, blue = bytes.fromhex(said[1:])
    return red, green, blue


def _check_surface(file: TomlFile, surface: Surface) -> None:
    width, height = surface.size
    if 2 * surface.safe >= min(width, height) or 2 * (surface.safe + surface.seam) >= width:
        file.fault(
            ("surface", "safe"), "no room is left inside the safe zone and the seam", "write millimetres"
        )
    if (surface.shape is Shape.PATH) != bool(surface.path.strip()):
        file.fault(
            ("surface", "path"),
            "a path is given for another shape" if surface.path else "a free shape has no path",
            'write shape = "path" with path = "M…Z" in millimetres from the trim\'s top-left corner',
        )
    if (surface.shape is Shape.ROUNDED) != bool(surface.radius):
        file.fault(
            ("surface", "radius"),
            "a radius is given for another shape" if surface.radius else "a rounded shape has no radius",
            'write shape = "rounded" with radius in millimetres',
        )
    elif 2 * surface.radius > min(width, height):
        file.fault(
            ("surface", "radius"), f"{surface.radius:g} mm are more than half of an edge", "round it less"
        )


def _check_resolution(file: TomlFile, said: _Resolution) -> None:
    if not said.error <= said.warning <= said.target:
        file.fault(
            ("resolution",),
            f"error {said.error:g}, warning {said.warning:g}, target {said.target:g} ppi do not rise",
            "write error ≤ warning ≤ target",
        )


def _panel(file: TomlFile, surface: Surface, said: _Panel, index: int) -> Panel:
    pictures = [] if said.pictures is not None else [surface.bleed_box]
    for number, corner in enumerate(said.pictures or ()):
        box = Box(*corner)
        if not surface.trim.contains(box):
            file.fault(
                ("panels", index, "pictures", number),
                "it reaches over the trim",
                "end it at the trim: a picture that touches the cut runs into the bleed by itself",
            )
        pictures.append(_into_bleed(box, surface))
    panel = Panel(
        name=said.name,
        pictures=tuple(pictures),
        mirrored=said.mirrored,
        texts=tuple(text.frame() for text in said.texts),
    )
    check_texts(file, surface, panel, index)
    return panel


def _into_bleed(box: Box, surface: Surface) -> Box:
    """The box, its edges that touch the cut moved out to the end of the bleed."""
    trim, bleed = surface.trim, surface.bleed
    left = bleed if box.x <= trim.x + _TOUCHES else 0.0
    top = bleed if box.y <= trim.y + _TOUCHES else 0.0
    right = bleed if box.right >= trim.right - _TOUCHES else 0.0
    bottom = bleed if box.bottom >= trim.bottom - _TOUCHES else 0.0
    return Box(box.x - left, box.y - top, box.width + left + right, box.height + top + bottom)


def _check_panels(file: TomlFile, said: _Product, panels: Sequence[Panel]) -> None:
    if said.two_sided and len(panels) != _SIDES:
        file.fault(("two_sided",), f"there are {len(panels)} panels", "give it a front and a back")
    if not panels[0].pictures:
        file.fault(("panels", 0, "pictures"), "the first panel has no picture", "name that with one first")
    seen: set[str] = set()
    for index, panel in enumerate(panels):
        if panel.name in seen:
            file.fault(("panels", index, "name"), f"the panel {panel.name!r} is there twice", "rename one")
        seen.add(panel.name)


def _check_gang(file: TomlFile, gang: GangLayout, surface: Surface) -> None:
    needed = sorted(edge + 2 * (surface.bleed + gang.margin) for edge in surface.size)
    if any(least > most + _TOUCHES for least, most in zip(needed, sorted(gang.sheet), strict=True)):
        width, height = gang.sheet
        file.fault(
            ("gang", "sheet"),
            f"{width:g} × {height:g} mm hold not one of {surface.size[0]:g} × {surface.size[1]:g} mm",
            "name a larger sheet, or a smaller margin",
        )
