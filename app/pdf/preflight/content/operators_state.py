"""Graphics state, colour, marked content (ISO 32000-1, 8.4.4, 8.6.8, 14.6)."""

from __future__ import annotations

from typing import Any

import pikepdf

from app.pdf.preflight.content.interpreter import Interpreter, operator
from app.pdf.preflight.content.matrix import multiply
from app.pdf.preflight.content.paint import (
    PATTERN,
    Paint,
    Space,
    device_paint,
    initial_paint,
    paint_in,
    space_of,
)

_TILING = 1


@operator("q")
def save(run: Interpreter, _: list[Any]) -> None:
    """Save the state."""
    run.save()


@operator("Q")
def restore(run: Interpreter, _: list[Any]) -> None:
    """Restore it."""
    run.restore()


@operator("cm")
def concatenate(run: Interpreter, operands: list[Any]) -> None:
    """Change the coordinate system."""
    a, b, c, d, e, f = operands
    run.state.ctm = multiply((a, b, c, d, e, f), run.state.ctm)


@operator("w")
def line_width(run: Interpreter, operands: list[Any]) -> None:
    """Set the line width."""
    run.state.line_width = float(operands[0])


@operator("J", "j", "M", "d", "ri", "i", "MP", "DP", "BX", "EX")
def without_ink(_: Interpreter, __: list[Any]) -> None:
    """Caps, joins, dashes, intents, flatness, points: none changes what is checked."""


@operator("gs")
def extended_state(run: Interpreter, operands: list[Any]) -> None:
    """Set a graphics state dictionary."""
    found = run.resource("/ExtGState", operands[0], lambda state: state)
    if found is None:
        return
    if (operands[0], found) not in run.painted.states:
        run.painted.states.append((operands[0], found))
    _set_overprint(run, found)
    state = run.state
    state.fill_alpha = float(found.get("/ca", state.fill_alpha))
    state.stroke_alpha = float(found.get("/CA", state.stroke_alpha))
    state.line_width = float(found.get("/LW", state.line_width))
    if "/BM" in found:
        modes = found.BM.as_list() if isinstance(found.BM, pikepdf.Array) else [found.BM]
        state.blend = str(modes[0])[1:].replace("Compatible", "Normal")
    if "/SMask" in found:
        _set_soft_mask(run, found.SMask)
    if "/Font" in found:
        state.font, state.size = run.typeface(found.Font[0]), float(found.Font[1])
    state.changed()


def _set_overprint(run: Interpreter, found: pikepdf.Object) -> None:
    """`OP` alone sets both; `op` the fill (ISO 32000-1, table 58)."""
    state = run.state
    if "/OP" in found:
        state.stroke_overprints = bool(found.OP)
    state.fill_overprints = bool(found.get("/op", found.get("/OP", state.fill_overprints)))
    state.overprint_mode = int(found.get("/OPM", state.overprint_mode))


def _set_soft_mask(run: Interpreter, mask: pikepdf.Object) -> None:
    run.state.soft_mask = isinstance(mask, pikepdf.Dictionary)
    if isinstance(mask, pikepdf.Dictionary):
        group = mask.G
        run.examine(group, "soft mask")
        if "/CS" in group.get("/Group", {}):
            run.use_space(space_of(group.Group.CS), "soft mask group")


@operator("g", "rg", "k")
def fill_colour(run: Interpreter, operands: list[Any]) -> None:
    """Set the fill colour in a device space."""
    run.state.fill = _device_paint(run, operands)
    run.state.changed()


@operator("G", "RG", "K")
def stroke_colour(run: Interpreter, operands: list[Any]) -> None:
    """Set the stroke colour in a device space."""
    run.state.stroke = _device_paint(run, operands)
    run.state.changed()


def _device_paint(run: Interpreter, operands: list[Any]) -> Paint:
    paint = device_paint(tuple(operands))
    run.use_space(paint.space, "colour")
    return paint


@operator("cs")
def fill_space(run: Interpreter, operands: list[Any]) -> None:
    """Choose the fill's colour space."""
    space = run.space(operands[0])
    if space is not None:
        run.state.fill = initial_paint(space)
        run.state.changed()


@operator("CS")
def stroke_space(run: Interpreter, operands: list[Any]) -> None:
    """Choose the stroke's colour space."""
    space = run.space(operands[0])
    if space is not None:
        run.state.stroke = initial_paint(space)
        run.state.changed()


@operator("sc", "scn")
def fill_components(run: Interpreter, operands: list[Any]) -> None:
    """Set the fill colour in the chosen space."""
    run.state.fill = _paint(run, run.state.fill.space, operands)
    run.state.changed()


@operator("SC", "SCN")
def stroke_components(run: Interpreter, operands: list[Any]) -> None:
    """Set the stroke colour in the chosen space."""
    run.state.stroke = _paint(run, run.state.stroke.space, operands)
    run.state.changed()


def _paint(run: Interpreter, space: Space, operands: list[Any]) -> Paint:
    if operands and isinstance(operands[-1], str):
        return _pattern(run, operands[-1])
    return paint_in(space, operands)


def _pattern(run: Interpreter, name: str) -> Paint:
    found = run.resource("/Pattern", name, lambda pattern: pattern)
    if found is not None and int(found.PatternType) == _TILING:
        run.examine(found, f"pattern {name}")
    elif found is not None:
        run.use_space(space_of(found.Shading.ColorSpace), f"pattern {name}")
    return Paint(PATTERN, (), measured=False, pattern=name)


@operator("BMC")
def begin_marked(run: Interpreter, _: list[Any]) -> None:
    """Start marked content."""
    run.begin_marked(None)


@operator("BDC")
def begin_marked_with_properties(run: Interpreter, operands: list[Any]) -> None:
    """Start marked content; with the tag OC it belongs to a layer."""
    layer = None
    if operands[0] == "/OC":
        layer = run.resource("/Properties", operands[1], lambda found: found)
    run.begin_marked(layer)


@operator("EMC")
def end_marked(run: Interpreter, _: list[Any]) -> None:
    """End it."""
    run.end_marked()
