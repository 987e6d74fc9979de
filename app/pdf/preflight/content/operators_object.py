"""Forms, images, shadings (ISO 32000-1, 8.7.4, 8.9, 8.10)."""

from __future__ import annotations

from typing import Any

import pikepdf

from app.pdf.preflight.content.interpreter import Interpreter, operator
from app.pdf.preflight.content.marks import ImageMark, ShadingMark
from app.pdf.preflight.content.matrix import IDENTITY, UNIT_SQUARE, Matrix, apply, bounds_of, common
from app.pdf.preflight.content.operators_path import note_unmeasured
from app.pdf.preflight.content.paint import Space, space_of


@operator("Do")
def draw(run: Interpreter, operands: list[Any]) -> None:
    """Draw a form or an image."""
    name = operands[0]
    found = run.resource("/XObject", name, lambda xobject: xobject)
    if found is None:
        return
    if not isinstance(found, pikepdf.Stream):
        raise TypeError(f"{name} is no stream")
    layer = found.get("/OC")
    run.begin_marked(layer)
    label = f"{run.inside} {name}".strip()
    subtype = str(found.get("/Subtype"))
    if subtype == "/Form":
        _draw_form(run, found, label)
    elif subtype == "/Image":
        _draw_image(run, found, label)
    # PostScript XObjects have their own check; here they paint nothing.
    run.end_marked()


def _draw_form(run: Interpreter, form: pikepdf.Stream, label: str) -> None:
    own = [float(n) for n in form.get("/Matrix", pikepdf.Array(IDENTITY)).as_list()]
    matrix: Matrix = (own[0], own[1], own[2], own[3], own[4], own[5])
    if "/CS" in form.get("/Group", {}):
        run.use_space(space_of(form.Group.CS), f"transparency group of {label}")
    run.run_form(form, label, matrix)


def _draw_image(run: Interpreter, image: pikepdf.Stream, label: str) -> None:
    stencil = bool(image.get("/ImageMask", False))
    space = None if stencil else _image_space(run, image)
    if space is not None:
        run.use_space(space, f"image {label}")
    if "/SMask" in image:
        run.use_space(space_of(image.SMask.ColorSpace), f"soft mask of image {label}")
    _mark(
        run,
        name=label,
        width=int(image.Width),
        height=int(image.Height),
        bits=1 if stencil else int(image.get("/BitsPerComponent", 8)),
        stencil=stencil,
        space=space,
        stream=image,
    )


def _image_space(run: Interpreter, image: pikepdf.Stream) -> Space | None:
    found = image.get("/ColorSpace")
    if found is None:  # only JPEG 2000 may leave it to the picture (8.9.5.1, table 89)
        run.unmeasured("JPEG 2000 image without colour space")
        return None
    return space_of(found)


@operator("BI")
def inline_image(run: Interpreter, operands: list[Any]) -> None:
    """An image in the content itself."""
    image = operands[0]
    if "/LZWDecode" in image.filters:
        run.fault("content", "an inline image is compressed by LZW")
    stencil = bool(image.image_mask)
    space = None if stencil else run.space(str(image.colorspace))
    if space is not None:
        run.use_space(space, "inline image")
    _mark(
        run,
        name=f"{run.inside} inline image".strip(),
        width=int(image.width),
        height=int(image.height),
        bits=1 if stencil else int(image.bits_per_component),
        stencil=stencil,
        space=space,
        stream=None,
    )


def _mark(
    run: Interpreter,
    *,
    name: str,
    width: int,
    height: int,
    bits: int,
    stencil: bool,
    space: Space | None,
    stream: pikepdf.Stream | None,
) -> None:
    state = run.state
    bounds = common(bounds_of(apply(state.ctm, x, y) for x, y in UNIT_SQUARE), state.clip.bounds)
    if bounds is None:
        return
    if stencil:
        note_unmeasured(run, state.fill)
    run.painted.marks.append(
        ImageMark(
            look=state.look(run.layers),
            bounds=bounds,
            clip=state.clip,
            inside=run.inside,
            name=name,
            matrix=state.ctm,
            width=width,
            height=height,
            bits=bits,
            stencil=stencil,
            space=space,
            stream=stream,
        )
    )


@operator("sh")
def shade(run: Interpreter, operands: list[Any]) -> None:
    """Paint a shading over the whole clip."""
    name = operands[0]
    shading = run.resource("/Shading", name, lambda found: found)
    if shading is None:
        return
    space = space_of(shading.ColorSpace)
    run.use_space(space, f"shading {name}")
    if "DeviceRGB" not in space.families:
        run.unmeasured(f"shading {name}")
    run.painted.marks.append(
        ShadingMark(
            look=run.state.look(run.layers),
            bounds=run.state.clip.bounds,
            clip=run.state.clip,
            inside=run.inside,
            space=space,
        )
    )
