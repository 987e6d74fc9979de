"""Colours and patterns (ISO 32000-1, 8.6.8, 8.7)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from app.pdf.preflight.content.paint import CMYK, GRAY, PROCESS, RGB, Space, space_of
from app.pdf.preview.inks import NAMED, Colour
from app.pdf.preview.one_ink.content import BLACK, Content, Instruction, Look, floats, gray, operator
from app.pdf.preview.one_ink.shading import shading_on_plate

_DEVICE = {"g": GRAY, "rg": RGB, "k": CMYK}
_PATTERN = Colour(1.0, "Pattern")
_TILING, _COLOURED = 1, 1


@operator("g", "G", "rg", "RG", "k", "K")
def device_colour(run: Content, instruction: Instruction) -> None:
    """Set a colour in a device space."""
    name = str(instruction.operator)
    space = _DEVICE[name.lower()]
    run.set_colour(run.one.colour(space, floats(list(instruction.operands))), space, stroke=name.isupper())


@operator("cs", "CS")
def colour_space(run: Content, instruction: Instruction) -> None:
    """Choose a colour space, and with it the colour that it starts with (table 74)."""
    stroke = str(instruction.operator) == "CS"
    space = _space(run, instruction.operands[0])
    if space.family == "Pattern":
        run.set_colour(BLACK, space, stroke=stroke)
        return
    start = [1.0 if space.family in NAMED else 0.0] * space.count
    if space.family not in NAMED and space.count == len(PROCESS):
        start[-1] = 1.0
    run.set_colour(run.one.colour(space, start), space, stroke=stroke)


@operator("sc", "SC", "scn", "SCN")
def components(run: Content, instruction: Instruction) -> None:
    """Set a colour, or a pattern, in the chosen space."""
    stroke = str(instruction.operator).isupper()
    operands = list(instruction.operands)
    space = run.look.stroke_space if stroke else run.look.fill_space
    if operands and isinstance(operands[-1], Name):
        _set_pattern(run, operands, space, stroke=stroke)
    else:
        run.set_colour(run.one.colour(space, floats(operands)), space, stroke=stroke)


def _space(run: Content, name: object) -> Space:
    """A colour space by its name in the content; a pattern's with that of its colour as its base.

    Raises:
        ValueError: it is missing, or none.
    """
    if str(name).startswith("/Device") or name == Name.Pattern:
        return space_of(name)
    found = run.resource("/ColorSpace", name)
    if found is None:
        raise ValueError(f"the colour space {name} is missing")
    space = space_of(found)
    if space.family == "Pattern" and isinstance(found, Array) and len(found) > 1:
        under = space_of(found[1])
        run.one.file.note(found[1], under)
        return replace(space, base=under)
    run.one.file.note(found, space)
    return space


def _set_pattern(run: Content, operands: list[Any], space: Space, *, stroke: bool) -> None:
    pattern = run.resource("/Pattern", operands[-1])
    if pattern is None:
        raise ValueError(f"the pattern {operands[-1]} is missing")
    if int(pattern.PatternType) != _TILING:
        made: pikepdf.Object = Dictionary(dict(pattern.items()))
        made.Shading = shading(run, pattern.Shading)
        _use(run, made, None, stroke=stroke)
    elif isinstance(pattern, pikepdf.Stream) and int(pattern.get("/PaintType", _COLOURED)) == _COLOURED:
        _use(run, run.form(pattern, Look()), None, stroke=stroke)
    elif space.base is None:
        raise ValueError("an uncoloured pattern has no colour")
    else:
        _use(run, pattern, run.one.colour(space.base, floats(operands[:-1])), stroke=stroke)


def _use(run: Content, pattern: pikepdf.Object, tint: Colour | None, *, stroke: bool) -> None:
    """Write a pattern as the current colour; `tint` where it has no colours of its own."""
    space, colours = Name.Pattern, []
    if tint is not None:
        space = run.renamed("/ColorSpace", Array([Name.Pattern, Name.DeviceGray]))
        colours = [gray(tint)]
    run.say("CS" if stroke else "cs", space)
    run.say("SCN" if stroke else "scn", *colours, run.renamed("/Pattern", pattern))
    found = tint or _PATTERN
    run.look = replace(run.look, stroke=found) if stroke else replace(run.look, fill=found)


def shading(run: Content, found: pikepdf.Object) -> pikepdf.Object:
    """A shading that stands in this content, for this ink."""
    space = space_of(found.ColorSpace)
    run.one.file.note(found.ColorSpace, space)
    return shading_on_plate(run.one.file.pdf, found, space, run.one.ink)
