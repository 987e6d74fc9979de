"""What paints: paths, text, forms, images, shadings (ISO 32000-1, 8.5.3, 8.8 to 8.10, 9.4.3)."""

from __future__ import annotations

from typing import Any

import pikepdf
from pikepdf import Name

from app.pdf.preflight.content.paint import Space
from app.pdf.preview.inks import Colour, colorants
from app.pdf.preview.one_ink.content import Content, Instruction, operator
from app.pdf.preview.one_ink.image import space_of_image
from app.pdf.preview.one_ink.operators_colour import shading

_BOTH = {"B": ("f", "S"), "B*": ("f*", "S"), "b": ("f", "s"), "b*": ("f*", "s")}
_FILLS, _STROKES = (0, 2, 4, 6), (1, 2, 5, 6)
_MODES = {(True, True): 2, (True, False): 0, (False, True): 1, (False, False): 3}
"""Text rendering modes by whether it is filled and stroked; 3 is invisible."""
_CLIPS = 4
"""Added to a text mode, it clips as well."""


@operator("f", "F", "f*")
def fill(run: Content, instruction: Instruction) -> None:
    """Fill a path."""
    _paint(run, instruction, lands=run.fill_lands())


@operator("S", "s")
def stroke(run: Content, instruction: Instruction) -> None:
    """Stroke a path."""
    _paint(run, instruction, lands=run.stroke_lands())


def _paint(run: Content, instruction: Instruction, *, lands: bool) -> None:
    if lands:
        run.out.append(instruction)
    else:  # the path may still become a clip
        run.say("n")


@operator(*_BOTH)
def fill_and_stroke(run: Content, instruction: Instruction) -> None:
    """Fill and stroke a path; each may land or not."""
    fills, strokes = run.fill_lands(), run.stroke_lands()
    if fills and strokes:
        run.out.append(instruction)
        return
    filling, stroking = _BOTH[str(instruction.operator)]
    run.say(filling if fills else stroking if strokes else "n")


@operator("Tj", "TJ", "'", '"')
def show(run: Content, instruction: Instruction) -> None:
    """Show text; what does not land is shown invisibly, since it moves what follows and may clip."""
    mode = run.look.text
    wanted = mode in _FILLS, mode in _STROKES
    landing = wanted[0] and run.fill_lands(), wanted[1] and run.stroke_lands()
    if landing == wanted:
        run.out.append(instruction)
        return
    run.say("Tr", _MODES[landing] + (_CLIPS if mode >= _CLIPS else 0))
    run.out.append(instruction)
    run.say("Tr", mode)


@operator("sh")
def shade(run: Content, instruction: Instruction) -> None:
    """Paint a shading over the whole clip."""
    found = run.resource("/Shading", instruction.operands[0])
    if found is not None:
        run.say("sh", run.renamed("/Shading", shading(run, found)))


@operator("Do")
def draw(run: Content, instruction: Instruction) -> None:
    """Draw a form or an image."""
    found = run.resource("/XObject", instruction.operands[0])
    if not isinstance(found, pikepdf.Stream):
        return
    if found.get("/Subtype") == Name.Form:
        run.say("Do", run.renamed("/XObject", run.form(found, run.look)))
    elif found.get("/Subtype") != Name.Image:
        return
    elif not found.get("/ImageMask", False):
        _image(run, found, space_of_image(found))
    elif run.fill_lands():
        run.out.append(instruction)


@operator("INLINE IMAGE")
def inline_image(run: Content, instruction: Any) -> None:
    """An image in the content itself; it is taken out of it."""
    picture = instruction.iimage
    if picture.image_mask:
        if run.fill_lands():
            run.out.append(instruction)
        return
    image = run.one.file.pdf.make_stream(picture.read_raw_bytes(), picture.obj)
    named = run.resource("/ColorSpace", image.ColorSpace) if isinstance(image.ColorSpace, Name) else None
    if named is not None:
        image.ColorSpace = named
    _image(run, image, space_of_image(image))


def _image(run: Content, image: pikepdf.Stream, space: Space) -> None:
    if "/ColorSpace" in image:
        run.one.file.note(image.ColorSpace, space)
    ink = run.one.ink
    # Zeros in an image are colours too: there the overprint mode changes nothing (8.6.7).
    colours = Colour(0.0, (space.base or space).family, named=ink in colorants(space))
    if colours.lands(ink, overprints=run.look.fill_overprints, mode=0):
        run.say("Do", run.renamed("/XObject", run.one.image(image, space)))
