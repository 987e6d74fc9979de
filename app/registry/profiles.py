"""Loads press profiles: `NAME.toml` with its ICC profile beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

from pydantic import Field

from app.domain.profile import PressProfile, Severity, Standard
from app.domain.sheet import Size, sheet_size
from app.errors import SetupError
from app.registry.toml_file import TomlFile, TomlModel

_Length = Annotated[float, Field(gt=0, le=100)]
_Points = Annotated[float, Field(ge=0, le=100)]
_Percent = Annotated[float, Field(gt=0, le=400)]
_Resolution = Annotated[float, Field(gt=0, le=10_000)]

_ICC_HEADER = 128
_LIST = "`tipin preflight --list` names them all"

Rules = Mapping[str, frozenset[Standard]]
"""Each preflight check by name, with the standards that demand it."""


class _Output(TomlModel):
    icc: str = Field(pattern=r"^[^/\\]+\.ic[cm]$")
    condition: str = Field(min_length=1)
    registry: str = ""
    info: str = ""


class _Page(TomlModel):
    bleed: Annotated[float, Field(ge=0, le=100)]
    safe: Annotated[float, Field(ge=0, le=100)]


class _Ink(TomlModel):
    limit: _Percent
    window: _Length


class _Images(TomlModel):
    resolution_error: _Resolution
    resolution_warning: _Resolution


class _Type(TomlModel):
    smallest_reversed_text: _Points
    thinnest_reversed_line: _Points
    black_text_below: _Points
    heavy_text_black: _Percent
    heavy_text_ink: _Percent


class _Codes(TomlModel):
    smallest_module: _Length


class _Sheet(TomlModel):
    size: str = "SRA3"
    margin: Annotated[float, Field(ge=0, le=100)] = 4.0


class _Profile(TomlModel):
    title: str = Field(min_length=1)
    standard: Standard
    output: _Output
    page: _Page
    ink: _Ink
    images: _Images
    type: _Type
    codes: _Codes
    sheet: _Sheet = _Sheet()
    severity: dict[str, Severity] = Field(default_factory=dict)


def load_profiles(*folders: Path, rules: Rules | None = None) -> dict[str, PressProfile]:
    """The press profiles of some folders by name (the file's name without `.toml`).

    Args:
        folders: each holds profiles; one that does not exist holds none.
        rules: the checks that a profile's `[severity]` may name; None where no file is going to be checked.

    Raises:
        SetupError: a profile cannot be used; the message names the file, line and key, and how to mend it.
    """
    found: dict[str, PressProfile] = {}
    for path in _files(folders):
        if path.stem in found:
            raise SetupError(
                f"the press profile {path.stem!r} is there twice: beside {found[path.stem].icc} and {path}",
                mend="rename one of the files; card templates name profiles by them",
            )
        found[path.stem] = _load(path, rules)
    if not found:
        places = " and ".join(map(str, folders))
        raise SetupError(f"{places}: there is no press profile", mend="add NAME.toml with its ICC profile")
    return found


def _files(folders: Iterable[Path]) -> list[Path]:
    return [path for folder in folders for path in sorted(folder.glob("*.toml"))]


def _load(path: Path, rules: Rules | None) -> PressProfile:
    file = TomlFile(path)
    said = file.read(_Profile)
    if not said.output.registry and not said.output.info:
        file.fault(
            ("output", "info"),
            "empty, although the output condition has no registry",
            "describe the printing condition in output.info, or set output.registry",
        )
    if said.images.resolution_warning < said.images.resolution_error:
        file.fault(
            ("images", "resolution_warning"),
            f"{said.images.resolution_warning:g} ppi is under resolution_error "
            f"({said.images.resolution_error:g} ppi)",
            "warn at or above the resolution that is an error",
        )
    if rules is not None:
        _check_severities(file, said, rules)
    sheet = _sheet(file, said.sheet)
    icc = path.parent / said.output.icc
    _check_cmyk_printer_profile(file, icc)
    file.check()
    return PressProfile(
        name=path.stem,
        title=said.title,
        standard=said.standard,
        icc=icc,
        output_condition=said.output.condition,
        registry=said.output.registry,
        info=said.output.info,
        bleed=said.page.bleed,
        safe=said.page.safe,
        ink_limit=said.ink.limit,
        ink_window=said.ink.window,
        smallest_module=said.codes.smallest_module,
        sheet=sheet,
        sheet_margin=said.sheet.margin,
        severities=said.severity,
        **said.images.model_dump(),
        **said.type.model_dump(),
    )


def _sheet(file: TomlFile, said: _Sheet) -> Size:
    try:
        size = sheet_size(said.size)
    except ValueError as error:
        file.fault(("sheet", "size"), str(error), "name a sheet, or width x height in mm")
        return 0.0, 0.0
    if 2 * said.margin >= min(size):
        file.fault(("sheet", "margin"), "nothing of the sheet would be left", "write millimetres")
    return size


def _check_severities(file: TomlFile, said: _Profile, rules: Rules) -> None:
    """A plant may judge by its own lights, but a file that breaks its standard is not of that standard."""
    for name, severity in said.severity.items():
        key = ("severity", name)
        if name not in rules:
            near = get_close_matches(name, rules, n=1)
            file.fault(key, "there is no such check", f"did you mean {near[0]}?" if near else _LIST)
        elif severity is not Severity.ERROR and said.standard in rules[name]:
            file.fault(key, f"{said.standard.value} itself demands it", "remove the line: it is an error")


def _check_cmyk_printer_profile(file: TomlFile, icc: Path) -> None:
    """PDF/X asks for a profile of class `prtr`; every card is CMYK."""
    key = ("output", "icc")
    try:
        with icc.open("rb") as stream:
            header = stream.read(_ICC_HEADER)
        size = icc.stat().st_size
    except OSError as error:
        file.fault(
            key,
            f"{icc} cannot be read ({error.strerror})",
            f"put the ICC profile beside {file.path.name}, or name the right file",
        )
        return
    # ICC.1:2022 table 17: bytes 0-3 size, 12-15 device class, 16-19 colour space, 36-39 signature.
    if header[36:40] != b"acsp":
        file.fault(key, f"{icc.name} is not an ICC profile", "name a whole ICC profile")
    elif header[12:16] != b"prtr" or header[16:20] != b"CMYK":
        file.fault(
            key,
            f"{icc.name} is of class {header[12:16].decode('latin-1')!r}, "
            f"colour space {header[16:20].decode('latin-1')!r}",
            "name an output profile (class 'prtr') for CMYK",
        )
    elif int.from_bytes(header[:4], "big") != size:
        file.fault(
            key,
            f"{icc.name} has {size:,} bytes and says {int.from_bytes(header[:4], 'big'):,}",
            "copy the ICC profile anew; it is cut off",
        )
