"""Pictures of an item for people: each panel flat with its lines, and a mock-up on the object."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from app.domain.product import Product
from app.pdf.preflight.content.paint import PROCESS
from app.pdf.preview import Area, Intent, Picture, View, Wanted
from app.photo.mockup import as_seen, mock_up
from app.photo.mockup.flat_proof import flat_proof

Draw = Callable[[bytes, Wanted], list[Picture]]
"""A PDF and what is wanted of it → pictures, in the order of its pages."""
_LONGEST = 1200
"""Pixels of a flat proof's longer edge, and what a mock-up's print is drawn at."""
_QUALITY = 88


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPictures:
    """JPEGs: of each panel's `flat` proof, and the `mock_up`."""

    flat: tuple[bytes, ...]
    mock_up: bytes


class PictureItem:
    """Draws the pictures of finished items, from nothing but the file that goes to the press."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw

    def __call__(self, pdf: bytes, product: Product) -> ItemPictures:
        """The pictures of an item.

        Raises:
            PreviewFailed: the file cannot be drawn.
        """
        return ItemPictures(
            flat=tuple(
                _jpeg(flat_proof(product.surface, as_seen(product, page)))
                for page in self._pages(pdf, product, "bleed")
            ),
            mock_up=_jpeg(mock_up(product, self._pages(pdf, product, "trim"))),
        )

    def _pages(self, pdf: bytes, product: Product, area: Area) -> list[Image.Image]:
        """Its pages as they are printed, without the lines and layers that only machines see."""
        edge = max(product.surface.bleed_box.width, product.surface.bleed_box.height)
        wanted = Wanted(
            view=View.PROOF,
            dpi=_LONGEST / edge * 25.4,
            area=area,
            file="png",
            inks=PROCESS,
            intent=Intent.RELATIVE,
        )
        return [Image.open(io.BytesIO(picture.content)) for picture in self._draw(pdf, wanted)]


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=_QUALITY, subsampling=0)
    return out.getvalue()
