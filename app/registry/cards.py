"""Reads card templates: `template.toml`, the art it names, `messages/LANG.toml` and `samples.toml`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from app.domain.brand import PALETTE_TOKENS
from app.domain.geometry import Box
from app.domain.template import CENTRE, CODES, Align, CardTemplate, Frame, Role, Side, VerticalAlign
from app.errors import SetupError
from app.registry.card_art import ArtReader, Length, PictureModel, Share, Sheet
from app.registry.card_codes import CodeModel, check_codes, code_options
from app.registry.messages import SlotTypes, read_messages
from app.registry.samples import read_samples
from app.registry.toml_file import Key, TomlFile, TomlModel

_PICTURES = frozenset({Role.SIGNATURE, *CODES})


class _Frame(CodeModel):
    role: Role
    box: tuple[float, float, Length, Length]
    typeface: str = "print"
    size: tuple[Length, Length] = (8.0, 8.0)
    leading: Length = 4.5
    tracking: float = 0.0
    colour: str = "ink"
    align: Align = Align.START
    vertical: VerticalAlign = VerticalAlign.TOP
    mirror: bool = True
    follows: Role | None = None


class _Side(TomlModel):
    name: str
    art: dict[str, str]
    focus: tuple[Share, Share] = CENTRE
    pictures: tuple[PictureModel, ...] = ()
    frames: tuple[_Frame, ...]


class _Template(TomlModel):
    title: str
    trim: tuple[Length, Length]
    bleed: Annotated[float, Field(ge=0)]
    safe: Annotated[float, Field(ge=0)]
    grid: Length
    profile: str
    stock: str
    slots: dict[str, Literal["text", "number"]]
    sides: Annotated[tuple[_Side, ...], Field(min_length=1, max_length=2)]


def load_cards(*folders: Path, recovery: Collection[str] = ()) -> dict[str, CardTemplate]:
    """Every template folder inside `folders`, by its name.

    Args:
        folders: each holds one folder a template; one that does not exist holds none.
        recovery: codes of the occasions whose cards ask for nothing and raise no voice.

    Raises:
        SetupError: naming each fault with file, line, key and mend; or a name that is there twice.
    """
    found: dict[str, CardTemplate] = {}
    for folder in _template_folders(folders):
        if folder.name in found:
            raise SetupError(
                f"the card template {folder.name!r} is there twice: {found[folder.name].folder} and {folder}",
                mend="rename one of the folders",
            )
        found[folder.name] = load_card(folder, recovery=recovery)
    return found


def load_card(folder: Path, *, recovery: Collection[str] = ()) -> CardTemplate:
    """One template folder; arguments and errors as for `load_cards`."""
    file = TomlFile(folder / "template.toml")
    model = file.read(_Template)
    sides = tuple(_side(file, folder, model, index) for index in range(len(model.sides)))
    _no_double(file, ("sides",), [side.name for side in sides], "a side")
    check_codes(file, sides)
    file.check()
    slot_types: SlotTypes = dict(model.slots)
    labels, variants = read_messages(folder / "messages", slot_types, _roles(sides), recovery)
    return CardTemplate(
        name=folder.name,
        folder=folder,
        **model.model_dump(include={"title", "trim", "bleed", "safe", "grid", "profile", "stock"}),
        sides=sides,
        slot_types=slot_types,
        labels=labels,
        variants=variants,
        samples=read_samples(folder / "samples.toml", slot_types, variants),
    )


def _template_folders(folders: Iterable[Path]) -> list[Path]:
    inside = (child for folder in folders if folder.is_dir() for child in sorted(folder.iterdir()))
    return [child for child in inside if child.is_dir() and not child.name.startswith(".")]


def _roles(sides: Iterable[Side]) -> frozenset[Role]:
    return frozenset(frame.role for side in sides for frame in side.frames)


def _side(file: TomlFile, folder: Path, model: _Template, index: int) -> Side:
    side = model.sides[index]
    key: Key = ("sides", index)
    frames = tuple(
        _frame(file, model, frame, (*key, "frames", number)) for number, frame in enumerate(side.frames)
    )
    _no_double(file, (*key, "frames"), [frame.role.value for frame in frames], "the role")
    from_the_top = {frame.role for frame in frames if frame.vertical is VerticalAlign.TOP} - _PICTURES
    for number, frame in enumerate(frames):
        if frame.follows is not None and frame.follows not in from_the_top - {frame.role}:
            file.fault(
                (*key, "frames", number, "follows"),
                f"this side sets no {frame.follows} text from its frame's top",
                "name the role of a text frame of the same side",
            )
    reader = ArtReader(file, folder, Sheet(Box(0.0, 0.0, *model.trim), model.bleed, model.safe))
    return Side(
        name=side.name,
        art=reader.art(side.art, (*key, "art")),
        focus=side.focus,
        pictures=reader.pictures(side.pictures, (*key, "pictures")),
        frames=frames,
    )


def _frame(file: TomlFile, model: _Template, frame: _Frame, key: Key) -> Frame:
    box = Box(*frame.box)
    safe = Box(0.0, 0.0, *model.trim).inset(model.safe)
    if not safe.contains(box):
        file.fault(
            (*key, "box"),
            f"the {frame.role} frame leaves the safe zone, which is x {safe.x:g} to {safe.right:g} mm, "
            f"y {safe.y:g} to {safe.bottom:g} mm",
            "move it in or make it smaller: what is cut off cannot be read",
        )
    if frame.colour not in PALETTE_TOKENS:
        file.fault((*key, "colour"), f"{frame.colour!r} is no palette colour", _one_of(PALETTE_TOKENS))
    if frame.size[0] > frame.size[1]:
        file.fault((*key, "size"), "the smallest size is over the largest", "write [smallest, largest] in pt")
    code = code_options(file, key, frame, frame.role, model.slots)
    plain = frame.model_dump(exclude={"box", *CodeModel.model_fields})
    return Frame(**plain, box=box, code=code)


def _no_double(file: TomlFile, key: Key, names: list[str], what: str) -> None:
    for index, name in enumerate(names):
        if name in names[:index]:
            file.fault((*key, index), f"{what} {name!r} is there twice", "keep one of them")


def _one_of(names: Iterable[str]) -> str:
    return f"use one of {', '.join(sorted(names))}"
