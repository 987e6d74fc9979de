"""A file's pages, forms and images, each written once for each ink."""

from __future__ import annotations

from typing import Any

import pikepdf
from pikepdf import Dictionary, Name

from app.pdf.preflight.content.paint import GRAY, PROCESS, Space
from app.pdf.preflight.limits import DEEPEST_FORM, MOST_OPERATORS
from app.pdf.preview.inks import Colour, Press, colour
from app.pdf.preview.one_ink.content import Content, Look
from app.pdf.preview.one_ink.image import ImageSeparator

_BOXES = {"mediabox": "/MediaBox", "cropbox": "/CropBox", "bleedbox": "/BleedBox", "trimbox": "/TrimBox"}
_OF_STREAM = ("/Filter", "/DecodeParms", "/Length", "/Ref")


class Separator:
    """Writes a file's pages again, one ink at a time.

    Args:
        pdf: the file; what is written is added to it.
        press: separates colours that are not in inks.
        largest: pixels of the page as it will be drawn.
    """

    def __init__(self, pdf: pikepdf.Pdf, press: Press, largest: tuple[int, int]) -> None:
        self.pdf = pdf
        self.press = press
        self.images = ImageSeparator(pdf, press, largest)
        self.spots: dict[str, tuple[pikepdf.Object, list[float]]] = {}
        """Every ink met beside the process inks: a space that has it, and the colour that is nothing else."""
        self._left = MOST_OPERATORS
        self._parsed: dict[tuple[int, int], list[Any]] = {}

    def plate(self, page: pikepdf.Page, ink: str) -> pikepdf.Dictionary:
        """The page as the plate of an ink: a page of its own, not yet in the file's list.

        Raises:
            ValueError: something on it cannot be separated, or it is more than is drawn.
        """
        one = OneInk(self, ink)
        black = one.colour(GRAY, [0.0])
        content, resources = one.written(self.instructions(page), page.resources, Look(black, black), 0)
        made = Dictionary(Type=Name.Page, Resources=resources, Contents=self.pdf.make_stream(content))
        for box, key in _BOXES.items():
            made[key] = getattr(page, box)
        if "/Rotate" in page:
            made.Rotate = page.Rotate
        if "/Group" in page:
            made.Group = _in_gray(page.Group)
        return made

    def instructions(self, source: pikepdf.Stream | pikepdf.Page) -> list[Any]:
        """The content of a page or form, parsed once.

        Raises:
            ValueError: the file has more than is drawn.
        """
        key: tuple[int, int] = source.obj.objgen if isinstance(source, pikepdf.Page) else source.objgen
        found = self._parsed.get(key)
        if found is None:
            found = list(pikepdf.parse_content_stream(source))
            if key != (0, 0):
                self._parsed[key] = found
        self._left -= len(found)
        if self._left < 0:
            raise ValueError(f"it has more than {MOST_OPERATORS:,} operators in all its plates")
        return found

    def note(self, value: pikepdf.Object, space: Space) -> None:
        """Remember the inks that a colour space has beside the process inks."""
        bottom = space.base or space
        for at, name in enumerate(bottom.inks):
            if name not in (*PROCESS, "All", "None"):
                whole = [1.0 if n == at else 0.0 for n in range(bottom.count)]
                self.spots.setdefault(name, (value[1] if space.base else value, whole))


class OneInk:
    """One ink of a page. Forms that look the same wherever they stand are written once."""

    def __init__(self, file: Separator, ink: str) -> None:
        self.file = file
        self.ink = ink
        self._forms: dict[tuple[tuple[int, int], Look], pikepdf.Stream] = {}
        self._images: dict[tuple[int, int], pikepdf.Stream] = {}

    def colour(self, space: Space, components: list[float]) -> Colour:
        """A colour on this plate."""
        return colour(space, components, self.ink, self.file.press)

    def written(
        self, instructions: list[Any], resources: pikepdf.Object, look: Look, depth: int
    ) -> tuple[bytes, pikepdf.Dictionary]:
        """Content for this ink, and the resources that it then needs."""
        if depth > DEEPEST_FORM:
            raise ValueError(f"forms in forms more than {DEEPEST_FORM} deep")
        run = Content(self, resources, look, depth)
        for instruction in instructions:
            run.take(instruction)
        return pikepdf.unparse_content_stream(run.out), run.own

    def form(self, form: pikepdf.Stream, resources: pikepdf.Object, look: Look, depth: int) -> pikepdf.Stream:
        """A form, pattern cell or glyph for this ink."""
        key = (form.objgen, look)
        if key in self._forms:
            return self._forms[key]
        found = form.get("/Resources", resources)
        content, own = self.written(self.file.instructions(form), found, look, depth)
        kept = {name: value for name, value in form.items() if name not in _OF_STREAM}
        made = self.file.pdf.make_stream(content, Dictionary(kept))
        made.Resources = own
        if "/Group" in made:
            made.Group = _in_gray(made.Group)
        self._forms[key] = made
        return made

    def image(self, image: pikepdf.Stream, space: Space) -> pikepdf.Stream:
        """An image for this ink."""
        key = image.objgen
        if key not in self._images:
            self._images[key] = self.file.images.on_plate(image, space, self.ink)
        return self._images[key]


def _in_gray(group: pikepdf.Object) -> pikepdf.Dictionary:
    """A transparency group whose colours are mixed in gray."""
    made = Dictionary(dict(group.items()))
    if "/CS" in made:
        made.CS = Name.DeviceGray
    return made
