"""Many cards at one glance: both sides of each beside each other, at the same scale."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pypdfium2 as pdfium
from PIL import Image

_GAP = 12
"""Pixels between cards."""
_GROUND = (128, 128, 128)
_INCH = 72


def contact_sheet(pdfs: Sequence[bytes], *, dpi: int, columns: int) -> bytes:
    """A PNG of all pages of all files, `columns` files a row, cut to their trim.

    PDFium is not thread-safe: call it from one thread only.
    """
    cards = [_side_by_side(_pages(pdf, dpi)) for pdf in pdfs]
    rows = [cards[start : start + columns] for start in range(0, len(cards), columns)]
    width = max(sum(card.width + _GAP for card in row) for row in rows) + _GAP
    height = sum(max(card.height for card in row) + _GAP for row in rows) + _GAP
    sheet = Image.new("RGB", (width, height), _GROUND)
    y = _GAP
    for row in rows:
        x = _GAP
        for card in row:
            sheet.paste(card, (x, y))
            x += card.width + _GAP
        y += max(card.height for card in row) + _GAP
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()


def _pages(pdf: bytes, dpi: int) -> list[Image.Image]:
    document = pdfium.PdfDocument(pdf)
    try:
        images = []
        for page in document:
            left, bottom, right, top = page.get_trimbox()
            image = page.render(scale=dpi / _INCH).to_pil().convert("RGB")
            scale = image.width / page.get_width()
            box = (left * scale, image.height - top * scale, right * scale, image.height - bottom * scale)
            images.append(image.crop(tuple(map(round, box))))
            page.close()
        return images
    finally:
        document.close()


def _side_by_side(pages: Sequence[Image.Image]) -> Image.Image:
    card = Image.new("RGB", (sum(page.width for page in pages), max(page.height for page in pages)))
    x = 0
    for page in pages:
        card.paste(page, (x, 0))
        x += page.width
    return card
