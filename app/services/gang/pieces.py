"""Looks at finished files before they share a sheet: a bad one is left out, and holds nothing up."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import pikepdf

from app.domain.profile import PressProfile
from app.domain.sheet import Size
from app.domain.units import millimetres
from app.errors import SetupError
from app.pdf.preflight.limits import STRANGE, bound_qpdf
from app.pdf.preflight.objects import entries, inherited, rectangle, table
from app.pdf.preflight.xmp import pdf_date

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_QUARTERS = (90, 270)
_OFF = (
    "a layer is switched off, and a sheet has one switch for all its pieces",
    "switch it on, or take it out",
)


@dataclass(frozen=True, slots=True)
class Unfit:
    """A file that no sheet will have, why, and the mend."""

    path: Path
    name: str
    reason: str
    mend: str


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished file: what it is printed for, its pages' one size, and when it was made."""

    path: Path
    name: str
    """What its pieces are known by."""
    sha256: str
    condition: str
    """`OutputConditionIdentifier`."""
    icc: str
    """The sha256 of its output profile."""
    pages: int
    trim: Size
    bleed: float
    """The least of all pages, mm."""
    made_at: datetime


def look_at(path: Path, name: str = "") -> Finished | Unfit:
    """What a file says of itself; its content is looked at by the preflight.

    Args:
        path: the file.
        name: what its pieces are known by; else the file's own.
    """
    name = name or path.stem
    bound_qpdf()
    try:
        with pikepdf.open(path, suppress_warnings=True) as pdf:
            return _finished(path, name, pdf)
    except pikepdf.PasswordError:
        return Unfit(path, name, "the file is encrypted", "save it without a password")
    except OSError as error:
        return Unfit(
            path, name, f"the file cannot be read ({error.strerror})", "look at its place and its rights"
        )
    except STRANGE as error:
        return Unfit(path, name, f"it is no PDF that can be read ({error})", "make it anew")


def _finished(path: Path, name: str, pdf: pikepdf.Pdf) -> Finished | Unfit:
    intents = entries(pdf.Root.get("/OutputIntents"))
    profile = table(intents[0]).get("/DestOutputProfile") if len(intents) == 1 else None
    if not isinstance(profile, pikepdf.Stream):
        return Unfit(
            path, name, "it does not say which press it is for", "make it PDF/X, with one output intent"
        )
    if _switched_off(pdf):
        return Unfit(path, name, *_OFF)
    sizes = [_size(page) for page in pdf.pages]
    known = [size for size in sizes if size is not None]
    if not sizes or len(known) < len(sizes):
        return Unfit(path, name, "a page has no TrimBox", "write one: the sheet is cut there")
    trims = {(width, height) for width, height, _ in known}
    if len(trims) > 1:
        return Unfit(path, name, "its pages are of several sizes", "put them into files of one size each")
    return Finished(
        path=path,
        name=name,
        sha256=_sha256_of(path),
        condition=str(table(intents[0]).get("/OutputConditionIdentifier", "")),
        icc=hashlib.sha256(profile.read_bytes()).hexdigest(),
        pages=len(sizes),
        trim=trims.pop(),
        bleed=min(bleed for _, _, bleed in known),
        made_at=_made_at(pdf),
    )


def _switched_off(pdf: pikepdf.Pdf) -> bool:
    default = table(table(pdf.Root.get("/OCProperties")).get("/D"))
    return bool(entries(default.get("/OFF"))) or default.get("/BaseState") == pikepdf.Name.OFF


def _size(page: pikepdf.Page) -> tuple[float, float, float] | None:
    """Width and height of the trim as it is looked at, to a tenth of a mm, and the bleed."""
    trim = rectangle(page.obj.get("/TrimBox"))
    if trim is None:
        return None
    bleed = rectangle(page.obj.get("/BleedBox")) or trim
    width, height = (round(millimetres(trim[end] - trim[end - 2]), 1) for end in (2, 3))
    room = min(abs(a - b) for a, b in zip(bleed, trim, strict=True))
    turned = int(inherited(page, "/Rotate") or 0) % 360 in _QUARTERS
    return (*((height, width) if turned else (width, height)), round(millimetres(room), 3))


def _made_at(pdf: pikepdf.Pdf) -> datetime:
    try:
        return pdf_date(str(table(pdf.trailer.get("/Info")).get("/ModDate"))).astimezone(UTC)
    except ValueError:  # the preflight will tell
        return _BEGINNING


def press_for(
    found: Sequence[Finished], profiles: Mapping[str, PressProfile], named: str | None
) -> PressProfile:
    """The press profile that the files were made for.

    Args:
        found: the files.
        profiles: of this plant, by name.
        named: by the user; files for other presses are then left out.

    Raises:
        SetupError: there is no such profile, or the files are for several presses.
    """
    if named is not None:
        if named not in profiles:
            known = ", ".join(sorted(profiles))
            raise SetupError(f"there is no press profile {named!r}", mend=f"use one of: {known}")
        return profiles[named]
    first = {one.condition: one for one in reversed(found)}
    if len(first) > 1:
        listed = ", ".join(f"{one.path.name} for {said}" for said, one in sorted(first.items()))
        raise SetupError(
            f"one sheet has one press, and these are for {len(first)}: {listed}",
            mend="name one by --press, and the others are left out; or make a run for each",
        )
    condition = next(iter(first))
    fitting = [name for name, profile in profiles.items() if profile.output_condition == condition]
    if len(fitting) != 1:
        what = f"these press profiles are: {', '.join(fitting)}" if fitting else "no press profile here is"
        raise SetupError(
            f"the files are for {condition}, and {what}", mend="name one by --press, or add its profile"
        )
    return profiles[fitting[0]]


def sort_out(found: Iterable[Finished], press: PressProfile) -> tuple[list[Finished], list[Unfit]]:
    """Those that can share sheets: for this press, and of the size that most of them have."""
    fit, unfit = [], []
    for one in found:
        strange = _other_press(one, press)
        if strange:
            unfit.append(
                Unfit(one.path, one.name, strange, "make it for this press, or gang it with its like")
            )
        else:
            fit.append(one)
    if not fit:
        return [], unfit
    (size, _), *_ = Counter(one.trim for one in fit).most_common(1)
    other = [one for one in fit if one.trim != size]
    for one in other:
        says = f"it is {_in_mm(one.trim)}, and most pieces are {_in_mm(size)}"
        unfit.append(Unfit(one.path, one.name, says, "gang it with its like"))
    return [one for one in fit if one.trim == size], unfit


def _other_press(one: Finished, press: PressProfile) -> str:
    if one.condition != press.output_condition:
        return f"it is for {one.condition}, and the sheet for {press.output_condition} ({press.name})"
    if one.icc != _of_profile(press.icc):
        return f"its colour profile is another than that of {press.name}"
    return ""


def _in_mm(size: Size) -> str:
    return f"{size[0]:g} × {size[1]:g} mm"


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


_of_profile = lru_cache(maxsize=64)(_sha256_of)
