"""Reads card templates: `template.toml`, the art it names, `messages/LANG.toml` and `samples.toml`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from app.domain.finishing import check_finishing, check_quality
from app.domain.geometry import Box
from app.domain.template import CENTRE, Align, CardTemplate, Frame, Role, Side, VerticalAlign
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
    _no_double(file, ("sides",), [side.name for side in sides], "a side")
    check_codes(file, sides)
    file.check()
    slot_types: SlotTypes = dict(model.slots)
    labels, variants = read_messages(folder / "messages", slot_types, _roles(sides), recovery)
    return CardTemplate(
        name=folder.name,
        folder=folder,
        **model.model_dump(include=_PLAIN),
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
    sheet = Sheet(Box(0.0, 0.0, *model.trim), model.bleed, model.safe)
    frames = []
    for number, said in enumerate(side.frames):
        frame = _frame(file, model, said, (*key, "frames", number))
        check_frame(file, (*key, "frames", number), frame, sheet)
        frames.append(frame)
    check_together(file, (*key, "frames"), frames, sheet)
    _no_double(file, (*key, "frames"), [frame.role.value for frame in frames], "the role")
    reader = ArtReader(file, folder, sheet)
    return Side(
        name=side.name,
        art=reader.art(side.art, (*key, "art")),
        focus=side.focus,
        pictures=reader.pictures(side.pictures, (*key, "pictures")),
        frames=tuple(frames),
    )


def _frame(file: TomlFile, model: _Template, frame: _Frame, key: Key) -> Frame:
    code = code_options(file, key, frame, frame.role, model.slots)
    plain = frame.model_dump(exclude={"box", *CodeModel.model_fields})
    return Frame(**plain, box=Box(*frame.box), code=code)


def _no_double(file: TomlFile, key: Key, names: list[str], what: str) -> None:
    for index, name in enumerate(names):
        if name in names[:index]:
            file.fault((*key, index), f"{what} {name!r} is there twice", "keep one of them")
