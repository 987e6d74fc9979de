"""Where a picture goes that fills a box: enlarged until both edges are covered, cut around its focus."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.template import Focus
from app.pdf.file.syntax import number
from app.pdf.text.area import Area

_POINTS_PER_INCH = 72


@dataclass(frozen=True, slots=True)
class PlacedImage:
    """An image's rectangle on the page in pt, and its resolution there. It may reach over its box."""

    left: float
    bottom: float
    width: float
    height: float
    ppi: float

    def operators(self, name: str, box: Area) -> str:
        """Draw the image XObject `name`, cut at its box."""
        clip = " ".join(map(number, (box.left, box.bottom, box.width, box.height)))
        matrix = f"{number(self.width)} 0 0 {number(self.height)} {number(self.left)} {number(self.bottom)}"
        return f"q {clip} re W n {matrix} cm /{name} Do Q\n"


def cover(pixels: tuple[int, int], box: Area, focus: Focus) -> PlacedImage:
    """An image of that many pixels over the whole of a box, its focus as near the middle as that allows."""
    scale = max(box.width / pixels[0], box.height / pixels[1])
    width, height = pixels[0] * scale, pixels[1] * scale
    left = _start(box.width, width, focus[0])
    from_top = _start(box.height, height, focus[1])
    return PlacedImage(
        box.left + left, box.top - from_top - height, width, height, ppi=_POINTS_PER_INCH / scale
    )


def _start(room: float, length: float, focus: float) -> float:
    """Where `length` starts so that it covers `room` and its focus is in the middle if that can be."""
    return min(0.0, max(room - length, room / 2 - focus * length))
