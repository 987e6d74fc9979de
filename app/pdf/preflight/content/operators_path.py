"""Paths: building, clipping, painting (ISO 32000-1, 8.5)."""

from __future__ import annotations

from typing import Any

from app.pdf.preflight.content.interpreter import Interpreter, operator
from app.pdf.preflight.content.marks import Clip, Outline, PathMark
from app.pdf.preflight.content.matrix import common, grown, scale
from app.pdf.preflight.content.paint import Paint

_MOST_SHAPES = 16
"""Clip shapes remembered; past that the box alone limits what is painted."""


@operator("m")
def move(run: Interpreter, operands: list[Any]) -> None:
    """Start a subpath."""
    x, y = operands
    run.subpaths.append([(x, y)])


@operator("l")
def line(run: Interpreter, operands: list[Any]) -> None:
    """A line."""
    x, y = operands
    run.subpaths[-1].append((x, y))


@operator("c")
def curve(run: Interpreter, operands: list[Any]) -> None:
    """A Bézier curve."""
    x1, y1, x2, y2, x3, y3 = operands
    run.subpaths[-1].append((x1, y1, x2, y2, x3, y3))


@operator("v")
def curve_from_here(run: Interpreter, operands: list[Any]) -> None:
    """A Bézier curve whose first control point is the current point."""
    x2, y2, x3, y3 = operands
    x1, y1 = run.subpaths[-1][-1][-2:]
    run.subpaths[-1].append((x1, y1, x2, y2, x3, y3))


@operator("y")
def curve_to_there(run: Interpreter, operands: list[Any]) -> None:
    """A Bézier curve whose second control point is its end."""
    x1, y1, x3, y3 = operands
    run.subpaths[-1].append((x1, y1, x3, y3, x3, y3))


@operator("h")
def close(run: Interpreter, _: list[Any]) -> None:
    """Close the subpath. The next segment would start at its beginning."""
    subpath = run.subpaths[-1]
    if subpath[-1][-2:] != subpath[0]:
        subpath.append(subpath[0])


@operator("re")
def rectangle(run: Interpreter, operands: list[Any]) -> None:
    """A whole rectangle."""
    x, y, width, height = operands
    run.subpaths.append([(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)])
    run.boxes += 1


@operator("W")
def clip(run: Interpreter, _: list[Any]) -> None:
    """The path's inside, by winding number, becomes the clip when it ends."""
    run.pending_clip = False


@operator("W*")
def clip_even_odd(run: Interpreter, _: list[Any]) -> None:
    """The same by the even-odd rule."""
    run.pending_clip = True


@operator("n")
def end(run: Interpreter, _: list[Any]) -> None:
    """End the path unpainted."""
    _finish(run, filled=False, stroked=False)


@operator("f", "F")
def fill(run: Interpreter, _: list[Any]) -> None:
    """Fill."""
    _finish(run, filled=True, stroked=False)


@operator("f*")
def fill_even_odd(run: Interpreter, _: list[Any]) -> None:
    """Fill by the even-odd rule."""
    _finish(run, filled=True, stroked=False, even_odd=True)


@operator("S")
def stroke(run: Interpreter, _: list[Any]) -> None:
    """Stroke."""
    _finish(run, filled=False, stroked=True)


@operator("s")
def close_and_stroke(run: Interpreter, operands: list[Any]) -> None:
    """Close and stroke."""
    close(run, operands)
    _finish(run, filled=False, stroked=True)


@operator("B")
def fill_and_stroke(run: Interpreter, _: list[Any]) -> None:
    """Fill, then stroke."""
    _finish(run, filled=True, stroked=True)


@operator("B*")
def fill_even_odd_and_stroke(run: Interpreter, _: list[Any]) -> None:
    """Fill by the even-odd rule, then stroke."""
    _finish(run, filled=True, stroked=True, even_odd=True)


@operator("b")
def close_fill_and_stroke(run: Interpreter, operands: list[Any]) -> None:
    """Close, fill, stroke."""
    close(run, operands)
    _finish(run, filled=True, stroked=True)


@operator("b*")
def close_fill_even_odd_and_stroke(run: Interpreter, operands: list[Any]) -> None:
    """Close, fill by the even-odd rule, stroke."""
    close(run, operands)
    _finish(run, filled=True, stroked=True, even_odd=True)


def _finish(run: Interpreter, *, filled: bool, stroked: bool, even_odd: bool = False) -> None:
    subpaths, boxes, clipping = run.subpaths, run.boxes, run.pending_clip
    run.subpaths, run.boxes, run.pending_clip = [], 0, None
    if not subpaths:
        return
    boxed = boxes == len(subpaths)
    if filled or stroked:
        outline = Outline(subpaths, run.state.ctm, even_odd, boxed)
        _paint(run, outline, filled=filled, stroked=stroked)
    if clipping is not None:
        _clip(run, Outline(subpaths, run.state.ctm, clipping, boxed))


def _paint(run: Interpreter, outline: Outline, *, filled: bool, stroked: bool) -> None:
    state = run.state
    width = state.line_width * scale(state.ctm) if stroked else 0.0
    visible = common(grown(outline.bounds, width / 2), state.clip.bounds)
    if visible is None:
        return
    if filled:
        note_unmeasured(run, state.fill)
    if stroked:
        note_unmeasured(run, state.stroke)
    run.painted.marks.append(
        PathMark(
            look=state.look(run.layers),
            bounds=visible,
            clip=state.clip,
            inside=run.inside,
            outline=outline,
            filled=filled,
            stroked=stroked,
            line_width=width,
        )
    )


def note_unmeasured(run: Interpreter, paint: Paint) -> None:
    """Note a paint whose ink is not known. DeviceRGB has its own check, which stops the file."""
    if not paint.measured and "DeviceRGB" not in paint.space.families:
        run.unmeasured(f"pattern {paint.pattern}" if paint.pattern else f"colour in {paint.space.family}")


def _clip(run: Interpreter, outline: Outline) -> None:
    run.clip_to(outline.bounds)
    shapes = run.state.clip.shapes
    plain = outline.boxed and len(outline.subpaths) == 1 and outline.upright
    if not plain and len(shapes) < _MOST_SHAPES:
        run.state.clip = Clip(run.state.clip.bounds, (*shapes, outline))
