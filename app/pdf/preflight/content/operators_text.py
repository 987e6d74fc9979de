"""Text (ISO 32000-1, 9.4)."""

from __future__ import annotations

from typing import Any

from app.pdf.preflight.content.interpreter import Interpreter, operator
from app.pdf.preflight.content.marks import TextMark
from app.pdf.preflight.content.matrix import (
    IDENTITY,
    Bounds,
    Matrix,
    common,
    moved,
    multiply,
    scale,
    union,
    vertical_scale,
)
from app.pdf.preflight.content.operators_path import note_unmeasured
from app.pdf.preflight.content.typeface import Glyph, Typeface

_FILLING = (0, 2, 4, 6)
_STROKING = (1, 2, 5, 6)
_SPACE = 32


@operator("BT")
def begin(run: Interpreter, _: list[Any]) -> None:
    """Start a text object."""
    run.text_matrix = run.line_matrix = IDENTITY


@operator("ET")
def end(_: Interpreter, __: list[Any]) -> None:
    """End it."""


@operator("Tf")
def font(run: Interpreter, operands: list[Any]) -> None:
    """Choose font and size."""
    name, size = operands
    run.state.font = run.resource("/Font", name, run.typeface)
    run.state.size = size


@operator("Tc")
def character_spacing(run: Interpreter, operands: list[Any]) -> None:
    """Space between characters."""
    run.state.character_spacing = float(operands[0])


@operator("Tw")
def word_spacing(run: Interpreter, operands: list[Any]) -> None:
    """Space between words."""
    run.state.word_spacing = float(operands[0])


@operator("Tz")
def horizontal_scaling(run: Interpreter, operands: list[Any]) -> None:
    """Width of the characters in percent."""
    run.state.horizontal_scaling = operands[0] / 100


@operator("TL")
def leading(run: Interpreter, operands: list[Any]) -> None:
    """Distance of lines."""
    run.state.leading = float(operands[0])


@operator("Tr")
def mode(run: Interpreter, operands: list[Any]) -> None:
    """Whether text is filled, stroked, invisible, clipping."""
    run.state.mode = int(operands[0])


@operator("Ts")
def rise(run: Interpreter, operands: list[Any]) -> None:
    """Move the baseline."""
    run.state.rise = float(operands[0])


@operator("Td")
def next_line(run: Interpreter, operands: list[Any]) -> None:
    """Move to the start of another line."""
    x, y = operands
    run.text_matrix = run.line_matrix = multiply((1.0, 0.0, 0.0, 1.0, x, y), run.line_matrix)


@operator("TD")
def next_line_with_leading(run: Interpreter, operands: list[Any]) -> None:
    """The same, and set the leading."""
    run.state.leading = -operands[1]
    next_line(run, operands)


@operator("Tm")
def matrix(run: Interpreter, operands: list[Any]) -> None:
    """Set the text matrix."""
    a, b, c, d, e, f = operands
    run.text_matrix = run.line_matrix = (a, b, c, d, e, f)


@operator("T*")
def new_line(run: Interpreter, _: list[Any]) -> None:
    """Move down by the leading."""
    next_line(run, [0.0, -run.state.leading])


@operator("Tj")
def show(run: Interpreter, operands: list[Any]) -> None:
    """Show a string."""
    _show(run, [operands[0]])


@operator("'")
def new_line_and_show(run: Interpreter, operands: list[Any]) -> None:
    """New line, show."""
    new_line(run, [])
    _show(run, [operands[0]])


@operator('"')
def spaced_line_and_show(run: Interpreter, operands: list[Any]) -> None:
    """Set the spacings, new line, show."""
    run.state.word_spacing, run.state.character_spacing = operands[0], operands[1]
    new_line(run, [])
    _show(run, [operands[2]])


@operator("TJ")
def show_adjusted(run: Interpreter, operands: list[Any]) -> None:
    """Show strings with adjustments between them."""
    _show(run, operands[0])


def _show(run: Interpreter, parts: list[Any]) -> None:
    state, face = run.state, run.state.font
    if face is None:
        raise ValueError("no font was chosen")
    run.painted.fonts.setdefault(f"{face.name} {face.font.objgen}", face)
    size, wide = state.size, state.horizontal_scaling
    glyph_matrix = multiply((size * wide, 0.0, 0.0, size, 0.0, state.rise), run.text_matrix)
    glyph_matrix = multiply(glyph_matrix, state.ctm)
    offset, shown = 0.0, []
    for part in parts:
        if isinstance(part, bytes):
            for code in face.codes(part):
                glyph = face.glyph(code)
                shown.append((glyph, offset))
                offset += _advance(run, face, glyph)
        else:
            offset -= part / 1000 * size * wide
    scaled = size * wide
    em_offsets = [(glyph, at / scaled if scaled else 0.0) for glyph, at in shown]
    if em_offsets:
        _mark(run, face, glyph_matrix, em_offsets)
    run.text_matrix = multiply((1.0, 0.0, 0.0, 1.0, offset, 0.0), run.text_matrix)


def _advance(run: Interpreter, face: Typeface, glyph: Glyph) -> float:
    """How far the next glyph stands, in text space (9.4.4)."""
    state = run.state
    spaced = state.word_spacing if glyph.code == _SPACE and not face.composite else 0.0
    return (glyph.width / 1000 * state.size + state.character_spacing + spaced) * state.horizontal_scaling


def _mark(run: Interpreter, face: Typeface, to_page: Matrix, shown: list[tuple[Glyph, float]]) -> None:
    state = run.state
    if face.kind == "Type3":
        _draw_procedures(run, face, to_page, shown)
    placed = tuple((glyph, _place(face.box_of(glyph), to_page, at)) for glyph, at in shown)
    around = union([bounds for glyph, bounds in placed if not glyph.blank] or [b for _, b in placed])
    visible = common(around, state.clip.bounds)
    filled, stroked = state.mode in _FILLING, state.mode in _STROKING
    if filled:
        note_unmeasured(run, state.fill)
    run.painted.marks.append(
        TextMark(
            look=state.look(run.layers),
            bounds=visible or (around[0], around[1], around[0], around[1]),
            clip=state.clip,
            inside=run.inside,
            font=face,
            size=vertical_scale(to_page),
            filled=filled,
            stroked=stroked,
            line_width=state.line_width * scale(state.ctm) if stroked else 0.0,
            glyphs=placed,
        )
    )


def _place(box: Bounds, to_page: Matrix, at: float) -> Bounds:
    a, b, c, d, e, f = to_page
    left, right = box[0] / 1000 + at, box[2] / 1000 + at
    bottom, top = box[1] / 1000, box[3] / 1000
    if b == 0 == c and a > 0 and d > 0:
        return a * left + e, d * bottom + f, a * right + e, d * top + f
    return moved((left, bottom, right, top), to_page)


def _draw_procedures(
    run: Interpreter, face: Typeface, to_page: Matrix, shown: list[tuple[Glyph, float]]
) -> None:
    own = tuple(float(n) for n in face.font.FontMatrix.as_list())
    font_matrix: Matrix = (own[0], own[1], own[2], own[3], own[4], own[5])
    of_page = run.resources
    # A font's own resources serve its procedures; without any, the page's do (9.6.4).
    run.resources = face.font.get("/Resources", of_page)
    for glyph, at in shown:
        procedure = face.procedure(glyph.code)
        if procedure is None:
            continue
        placed = multiply(font_matrix, multiply((1.0, 0.0, 0.0, 1.0, at, 0.0), to_page))
        kept = run.state.ctm
        run.state.ctm = IDENTITY
        run.run_form(procedure, f"{run.inside} glyph {glyph.code} of {face.name}".strip(), placed, clip=False)
        run.state.ctm = kept
    run.resources = of_page


@operator("d0", "d1")
def glyph_width(_: Interpreter, __: list[Any]) -> None:
    """A Type 3 glyph's width, known from the font."""
