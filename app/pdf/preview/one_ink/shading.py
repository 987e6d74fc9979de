"""Shadings as they stand on one plate: their own function, then one component of what it gives."""

from __future__ import annotations

import pikepdf
from pikepdf import Array, Dictionary, Name

from app.pdf.preflight.content.paint import PROCESS, Space
from app.pdf.preview.inks import ALL, colorants

_RGB = 3


def shading_on_plate(pdf: pikepdf.Pdf, shading: pikepdf.Object, space: Space, ink: str) -> pikepdf.Object:
    """The shading with a colour space that turns its colours into the gray of one ink.

    The colour space does it, so that functions and meshes stay as they are. RGB is taken apart as its
    complement, without black: a function of a profile has no formula.

    Raises:
        ValueError: it is in a colour space that no shading has.
    """
    if space.base is not None or not space.count:
        raise ValueError(f"a shading is in {space.family}")
    if isinstance(shading, pikepdf.Stream):
        kept = {k: v for k, v in shading.items() if k != "/Length"}
        made: pikepdf.Object = pdf.make_stream(shading.read_raw_bytes(), Dictionary(kept))
    else:
        made = Dictionary(dict(shading.items()))
    made.ColorSpace = _one_component(pdf, space, ink)
    return pdf.make_indirect(made)


def _one_component(pdf: pikepdf.Pdf, space: Space, ink: str) -> pikepdf.Array:
    """A DeviceN space of as many colorants, whose alternate is the gray of the one."""
    function = pdf.make_stream(
        _program(space, ink),
        Dictionary(FunctionType=4, Domain=Array([0, 1] * space.count), Range=Array([0, 1])),
    )
    names = Array([Name(f"/Component{n}") for n in range(space.count)])
    return Array([Name.DeviceN, names, Name.DeviceGray, function])


def _program(space: Space, ink: str) -> bytes:
    """A calculator function (ISO 32000-1, 7.10.5): all components in, one gray out."""
    names = colorants(space)
    if ink not in names and ALL not in names:
        return b"{" + b"pop " * space.count + b"1}"
    wanted = ink if ink in names else ALL
    if space.count == 1 and names == ("Black",) and space.family not in ("Separation", "DeviceN"):
        return b"{}"
    if space.count == _RGB and not space.inks:
        at = PROCESS.index(ink)
        return b"{pop pop pop 1}" if at == _RGB else _picked(at, _RGB) + b"}"
    return _picked(space.inks.index(wanted), space.count) + b"1 exch sub}"


def _picked(at: int, count: int) -> bytes:
    return b"{" + b"pop " * (count - 1 - at) + b"exch pop " * at
