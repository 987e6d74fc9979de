"""Loads press profiles: `NAME.toml` with its ICC profile beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

from app.domain.profile import PressProfile, Standard
from app.errors import SetupError
from app.registry.toml_file import TomlFile, TomlModel

_Length = Annotated[float, Field(gt=0, le=100)]
_Points = Annotated[float, Field(ge=0, le=100)]
_Percent = Annotated[float, Field(gt=0, le=400)]
_Resolution = Annotated[float, Field(gt=0, le=10_000)]

_ICC_HEADER = 128


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


class _Profile(TomlModel):
    title: str = Field(min_length=1)
    standard: Standard
    output: _Output
    page: _Page
    ink: _Ink
    images: _Images
    type: _Type
    codes: _Codes


def load_profiles(folder: Path) -> dict[str, PressProfile]:
    """The press profiles of a folder by name (the file's name without `.toml`).

    Raises:
        SetupError: a profile cannot be used; the message names the file and the key, and how to mend it.
    """
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise SetupError(f"{folder} has no press profile", mend="add NAME.toml with its ICC profile")
    return {path.stem: _load(path) for path in files}


def _load(path: Path) -> PressProfile:
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
        **said.images.model_dump(),
        **said.type.model_dump(),
    )


def _check_cmyk_printer_profile(file: TomlFile, icc: Path) -> None:
    """PDF/X asks for a profile of class `prtr`; every card is CMYK."""
    key = ("output", "icc")
    try:
        with icc.open("rb") as stream:
            header = stream.read(_ICC_HEADER)
    except OSError as error:
        file.fault(
            key,
            f"{icc} cannot be read ({error.strerror})",
            f"put the ICC profile beside {file.path.name}, or name the right file",
        )
        return
    # ICC.1:2022 table 17: bytes 12-15 device class, 16-19 colour space, 36-39 signature.
    if header[36:40] != b"acsp":
        file.fault(key, f"{icc.name} is not an ICC profile", "name a whole ICC profile")
    elif header[12:16] != b"prtr" or header[16:20] != b"CMYK":
        file.fault(
            key,
            f"{icc.name} is of class {header[12:16].decode('latin-1')!r}, "
            f"colour space {header[16:20].decode('latin-1')!r}",
            "name an output profile (class 'prtr') for CMYK",
        )
