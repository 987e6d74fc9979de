"""How an item will look in the customer's hands: its print on a drawn object, and its flat proof.

Each object is one module that draws on a `scene`; nothing is photographed, so a plant that prints on another
mug says its size in the product's file. Input is what the preview draws of the print-ready file, as the press
prints it, so a mock-up never shows what the file does not hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from PIL import Image

from app.domain.product import MockupObject, Product
from app.photo.mockup import cookie, cup, flat, mug, sock

PIXELS = 960
"""Of a mock-up's longer edge."""


class Draw(Protocol):
    """Draws an object with its print on it."""

    def __call__(self, product: Product, panels: Sequence[Image.Image], pixels: int) -> Image.Image:
        """A picture, its longer edge as many pixels."""
        ...


_DRAWN: Mapping[MockupObject, Draw] = {
    MockupObject.CARD: flat.draw,
    MockupObject.STICKER: flat.draw,
    MockupObject.COOKIE: cookie.draw,
    MockupObject.CUP: cup.draw,
    MockupObject.MUG: mug.draw,
    MockupObject.SOCK: sock.draw,
}


def mock_up(product: Product, pages: Sequence[Image.Image], *, pixels: int = PIXELS) -> Image.Image:
    """The object with its print on it.

    Args:
        product: what is printed.
        pages: a picture of each panel's page as it is printed, cut to its trim.
        pixels: of the longer edge.
    """
    seen = [as_seen(product, page) for _, page in zip(product.panels, pages, strict=True)]
    return _DRAWN[product.mockup.object](product, seen, pixels)


def as_seen(product: Product, page: Image.Image) -> Image.Image:
    """A page as the object shows it: what is transferred turns over on its way."""
    return page.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if product.transfer else page
