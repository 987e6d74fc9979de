"""Reads card templates: `template.toml`, the art it names, `messages/LANG.toml` and `samples.toml`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from app.domain.finishing import check_finishing, check_quality
from app.domain.geometry import Box
from app.domain.template import (
    ANY_OCCASION,
    CENTRE,
    CODES,
    Align,
    CardTemplate,
    Frame,
    Role,
    Side,
    VerticalAlign,
)
from app.errors import SetupError
from app.registry.card_art import ArtReader, Length, PictureModel, Share, Sheet
from app.registry.card_codes import CodeModel, check_codes, code_options
from app.registry.card_frames import check_frame, check_together
from app.registry.messages import SlotTypes, read_messages
from app.registry.samples import read_samples
from app.registry.toml_file import Key, TomlFile, TomlModel

_PLAIN = {"title", "trim", "bleed", "safe", "grid", "profile", "stock", "quality", "finishings"}
_LARGEST_TRIM = 1000
_LARGEST_BLEED = 20
"""mm; more is a slip of units."""


class _Frame(CodeModel):
    role: Role
    box: tuple[float, float, float, float]
    typeface: str = "print"
    size: tuple[Length, Length] = (8.0, 8.0)
    leading: Length = 4.5
    tracking: float = 0.0
    colour: str = "ink"
    align: Align = Align.START
    vertical: VerticalAlign = VerticalAlign.TOP
    mirror: bool = True
    follows: Role | None = None
    hyphenate: bool = False


class _WithPhoto(TomlModel):
    art: str
    box: tuple[float, float, Length, Length]
    frames: tuple[_Frame, ...]


class _Side(TomlModel):
    name: str
    art: dict[str, str]
    focus: tuple[Share, Share] = CENTRE
    pictures: tuple[PictureModel, ...] = ()
    frames: tuple[_Frame, ...]
    with_photo: _WithPhoto | None = None


class _Template(TomlModel):
    title: str
    trim: tuple[Length, Length]
    bleed: Annotated[float, Field(ge=0)]
    safe: Annotated[float, Field(ge=0)]
    grid: Length
    profile: str
    stock: str
    quality: Annotated[str, AfterValidator(check_quality)] = ""
    finishings: tuple[Annotated[str, AfterValidator(check_finishing)], ...] = ()
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
    _check_sheet(file, model)
    sides = tuple(_side(file, folder, model, index) for index in range(len(model.sides)))
    paired = tuple(_paired(file, folder, model, index, side) for index, side in enumerate(sides))
    _no_double(file, ("sides",), [side.name for side in sides], "a side")
    check_codes(file, sides)
    _check_paired(file, sides, paired)
    file.check()
    slot_types: SlotTypes = dict(model.slots)
    labels, variants = read_messages(folder / "messages", slot_types, _roles(sides), recovery)
    template = CardTemplate(
        name=folder.name,
        folder=folder,
        **model.model_dump(include=_PLAIN),
        sides=sides,
        slot_types=slot_types,
        labels=labels,
        variants=variants,
        samples=read_samples(folder / "samples.toml", slot_types, variants),
    )
    return template if paired == sides else replace(template, paired=replace(template, sides=paired))


def _template_folders(folders: Iterable[Path]) -> list[Path]:
    inside = (child for folder in folders if folder.is_dir() for child in sorted(folder.iterdir()))
    return [child for child in inside if child.is_dir() and not child.name.startswith(".")]


def _roles(sides: Iterable[Side]) -> frozenset[Role]:
    return frozenset(frame.role for side in sides for frame in side.frames)


def _check_sheet(file: TomlFile, model: _Template) -> None:
    width, height = model.trim
    if max(width, height) > _LARGEST_TRIM:
        file.fault(("trim",), f"{width:g} × {height:g} mm is no card", "write [width, height] in millimetres")
    if 2 * model.safe >= min(width, height):
        file.fault(("safe",), f"{model.safe:g} mm from each edge leave no room", "write it in millimetres")
    if model.bleed > _LARGEST_BLEED:
        file.fault(
            ("bleed",), f"{model.bleed:g} mm is no bleed", "write it in millimetres; most presses ask for 3"
        )


def _side(file: TomlFile, folder: Path, model: _Template, index: int) -> Side:
    side = model.sides[index]
    key: Key = ("sides", index)
    sheet = _sheet(model)
    frames = _frames(file, model, side.frames, (*key, "frames"))
    reader = ArtReader(file, folder, sheet)
    return Side(
        name=side.name,
        art=reader.art(side.art, (*key, "art")),
        focus=side.focus,
        pictures=reader.pictures(side.pictures, (*key, "pictures")),
        frames=frames,
    )


def _paired(file: TomlFile, folder: Path, model: _Template, index: int, side: Side) -> Side:
    """The side of a card that shows its customer's photo; the side itself where it has no place for one."""
    said = model.sides[index].with_photo
    if said is None:
        return side
    key: Key = ("sides", index, "with_photo")
    reader = ArtReader(file, folder, _sheet(model))
    return Side(
        name=side.name,
        art=reader.art({ANY_OCCASION: said.art}, key),
        frames=_frames(file, model, said.frames, (*key, "frames")),
        photo=reader.photo_box(said.box, (*key, "box")),
    )


def _check_paired(file: TomlFile, sides: Sequence[Side], paired: Sequence[Side]) -> None:
    """One photo a card; and nothing that the bench or the sender counts on may be lost by it."""
    places = [index for index, side in enumerate(paired) if side.photo is not None]
    for index in places[1:]:
        file.fault(("sides", index, "with_photo"), "another side has the photo already", "keep one of them")
    for index in places:
        lost = _roles([sides[index]]) - _roles([paired[index]])
        if lost & CODES.keys():
            names = ", ".join(sorted(CODES[role] for role in lost & CODES.keys()))
            file.fault(
                ("sides", index, "with_photo"), f"it has no {names}", "give it the codes of the plain side"
            )


def _sheet(model: _Template) -> Sheet:
    return Sheet(Box(0.0, 0.0, *model.trim), model.bleed, model.safe)


def _frames(file: TomlFile, model: _Template, said: Sequence[_Frame], key: Key) -> tuple[Frame, ...]:
    frames = []
    for number, one in enumerate(said):
        frame = _frame(file, model, one, (*key, number))
        check_frame(file, (*key, number), frame, _sheet(model))
        frames.append(frame)
    check_together(file, key, frames, _sheet(model))
    _no_double(file, key, [frame.role.value for frame in frames], "the role")
    return tuple(frames)


def _frame(file: TomlFile, model: _Template, frame: _Frame, key: Key) -> Frame:
    code = code_options(file, key, frame, frame.role, model.slots)
    plain = frame.model_dump(exclude={"box", *CodeModel.model_fields})
    return Frame(**plain, box=Box(*frame.box), code=code)


def _no_double(file: TomlFile, key: Key, names: list[str], what: str) -> None:
    for index, name in enumerate(names):
        if name in names[:index]:
            file.fault((*key, index), f"{what} {name!r} is there twice", "keep one of them")
