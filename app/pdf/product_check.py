"""Whether what a product's file says can be drawn and cut: its outline, and what stands in and beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import shapely

from app.domain.geometry import Box
from app.domain.product import Product, Shape
from app.errors import SetupError
from app.pdf.surface import region

_TOUCHES = 0.01
"""mm."""
_CLEAR = 0.3
"""mm between the picture's end and a code beside it: its quiet zone is in its box."""


def check_products(products: Iterable[Product]) -> None:
    """Check every product against its outline.

    Raises:
        SetupError: one cannot be made; naming the product, the place and the mend.
    """
    for product in products:
        for place, detail, mend in _faults(product):
            raise SetupError(f"the product {product.name!r}: {place}: {detail}", mend=mend)


def _faults(product: Product) -> Iterator[tuple[str, str, str]]:
    """Place, what is wrong there, and the mend."""
    surface = product.surface
    if surface.shape is Shape.PATH:
        try:
            left, top, right, bottom = region(surface).bounds
        except ValueError as error:
            yield "surface.path", str(error), "write SVG path data in millimetres"
            return
        width, height = surface.size
        if min(left, top) < -_TOUCHES or right > width + _TOUCHES or bottom > height + _TOUCHES:
            reaches = f"it reaches from {left:.1f}, {top:.1f} to {right:.1f}, {bottom:.1f} mm"
            mend = "enlarge the size, or move the path: its origin is the trim's top-left corner"
            yield "surface.path", f"{reaches}, over the {width:g} × {height:g} mm of surface.size", mend
    safe = region(surface, -surface.safe).buffer(_TOUCHES)
    for panel in product.panels:
        for frame in panel.texts:
            if not safe.contains(_rectangle(frame.box)):
                yield (
                    f"the {frame.says} on the panel {panel.name!r}",
                    "a corner of its box stands outside of the safe zone",
                    f"keep it {surface.safe:g} mm inside of the outline",
                )
    if (code := product.code) is None:
        return
    if code.on_piece and not safe.contains(_rectangle(code.box)):
        yield (
            "code.box",
            "it is to stand on the piece, and reaches out of its safe zone",
            f"keep it {surface.safe:g} mm inside of the outline",
        )
    if not code.on_piece and region(surface, surface.bleed + _CLEAR).intersects(_rectangle(code.box)):
        yield (
            "code.box",
            "it would be cut through, or stand on the piece",
            "move it off the picture and its bleed, or write on_piece = true",
        )


def _rectangle(of: Box) -> shapely.Polygon:
    return shapely.box(of.x, of.y, of.right, of.bottom)
