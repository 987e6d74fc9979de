"""Pictures of an item for people: each panel flat with its lines, and a mock-up on the object.

Drawn from nothing but the file that goes to the press. Those of stored items are kept with their previews.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from app.domain.product import Product
from app.errors import NotFound
from app.pdf.preflight.content.paint import PROCESS
from app.pdf.preview import Intent, Picture, View, Wanted
from app.photo.mockup import as_seen, mock_up
from app.photo.mockup.flat_proof import flat_proof
from app.services.preview_card import PreviewCard

Draw = Callable[[bytes, Wanted], list[Picture]]
"""A PDF and what is wanted of it → pictures, in the order of its pages."""
LONGEST = 1200
"""Pixels of a flat proof's longer edge, and what a mock-up's print is drawn at."""
_QUALITY = 88


class PictureItem:
    """Draws the pictures of finished items."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw

    def flat(self, pdf: bytes, product: Product, longest: int = LONGEST) -> list[bytes]:
        """A JPEG of each panel with its lines, its longer edge as many pixels.

        Raises:
            PreviewFailed: the file cannot be drawn.
        """
        pages = self._pages(pdf, product, longest)
        return [_jpeg(flat_proof(product.surface, as_seen(product, page))) for page in pages]

    def mock_up(self, pdf: bytes, product: Product) -> bytes:
        """A JPEG of the object with its print.

        Raises:
            PreviewFailed: the file cannot be drawn.
        """
        pages = self._pages(pdf, product, LONGEST)
        return _jpeg(mock_up(product, [_cut(page, product) for page in pages]))

    def _pages(self, pdf: bytes, product: Product, longest: int) -> list[Image.Image]:
        """Its pages with their bleed as they are printed, without what only machines and the bench see."""
        edge = max(product.surface.bleed_box.width, product.surface.bleed_box.height)
        wanted = Wanted(
            view=View.PROOF, dpi=longest / edge * 25.4, file="png", inks=PROCESS, intent=Intent.RELATIVE
        )
        pages = [Image.open(io.BytesIO(picture.content)) for picture in self._draw(pdf, wanted)]
        kept = product.surface.bleed_box.height / product.media.height
        return [page.crop((0, 0, page.width, round(page.height * kept))) for page in pages]


class ItemAlbum:
    """Finds or draws the pictures of stored items.

    Args:
        previews: where they are kept, to go when their item goes.
        picture: draws them.
    """

    def __init__(self, previews: PreviewCard, picture: PictureItem) -> None:
        self._previews = previews
        self._picture = picture

    def flat(self, pdf_sha256: str, product: Product, panel: int) -> Path:
        """One panel's flat proof; panels count from 1.

        Raises:
            NotFound: there is no such file or panel.
            PreviewFailed: it cannot be drawn.
        """
        if not 1 <= panel <= len(product.panels):
            raise NotFound(f"{product.title} has no panel {panel}", mend=f"1 to {len(product.panels)}")

        def draw(pdf: bytes) -> dict[str, bytes]:
            return {f"flat-{at}": flat for at, flat in enumerate(self._picture.flat(pdf, product), start=1)}

        return self._previews.kept(pdf_sha256, f"flat-{panel}", draw)

    def mock_up(self, pdf_sha256: str, product: Product) -> Path:
        """The mock-up.

        Raises:
            NotFound: there is no such file.
            PreviewFailed: it cannot be drawn.
        """
        return self._previews.kept(
            pdf_sha256, "mock-up", lambda pdf: {"mock-up": self._picture.mock_up(pdf, product)}
        )


def _cut(page: Image.Image, product: Product) -> Image.Image:
    """A page without its bleed."""
    bleed = product.surface.bleed * page.width / product.surface.bleed_box.width
    return page.crop((round(bleed), round(bleed), page.width - round(bleed), page.height - round(bleed)))


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=_QUALITY, subsampling=0)
    return out.getvalue()
