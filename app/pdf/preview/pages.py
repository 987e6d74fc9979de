"""Pages as pdfium shows them. It ignores the output intent: what stands where, and no proof of colour."""

from __future__ import annotations

import io

import pypdfium2
from PIL import Image

from app.pdf.preview.wanted import AsFile, Picture, Wanted

MOST_PAGES = 16
MOST_PIXELS = 60_000_000
POINTS = 72.0
_QUALITY = 88


def draw(pdf: bytes, wanted: Wanted) -> list[Picture]:
    """A picture a page.

    Raises:
        ValueError: it has too many pages, or one of no size or too many pixels.
        pypdfium2.PdfiumError: pdfium cannot read it.
    """
    with pypdfium2.PdfDocument(pdf) as document:
        return [
            Picture(number, as_file(_drawn(document[number - 1], wanted), wanted.file))
            for number in chosen(wanted, len(document))
        ]


def chosen(wanted: Wanted, count: int) -> tuple[int, ...]:
    """The numbers of the pages to draw, of `count`.

    Raises:
        ValueError: they are not there, or too many at once.
    """
    numbers = wanted.pages or tuple(range(1, count + 1))
    if missing := [number for number in numbers if not 1 <= number <= count]:
        raise ValueError(f"it has {count} pages, and no page {missing[0]}")
    if len(numbers) > MOST_PAGES:
        raise ValueError(f"{len(numbers)} pages are wanted; up to {MOST_PAGES} are drawn at once")
    return numbers


def scale_of(page: pypdfium2.PdfPage, dpi: float) -> float:
    """Pixels a point.

    Raises:
        ValueError: the page has no size, or more pixels than are drawn.
    """
    width, height = page.get_size()
    if width <= 0 or height <= 0:
        raise ValueError("a page has no size")
    scale = dpi / POINTS
    if width * height * scale * scale > MOST_PIXELS:
        raise ValueError(f"a page would have more than {MOST_PIXELS:,} pixels")
    return scale


def margins(page: pypdfium2.PdfPage) -> tuple[float, float, float, float]:
    """What lies outside the trim: left, bottom, right, top, in points.

    Raises:
        ValueError: the trim lies outside the page.
    """
    left, bottom, right, top = page.get_cropbox()
    trim = page.get_trimbox()
    outside = trim[0] - left, trim[1] - bottom, right - trim[2], top - trim[3]
    if trim[0] >= trim[2] or trim[1] >= trim[3] or min(outside) < -1:
        raise ValueError("a page's trim lies outside it")
    return max(outside[0], 0.0), max(outside[1], 0.0), max(outside[2], 0.0), max(outside[3], 0.0)


def as_file(picture: Image.Image, kind: AsFile) -> bytes:
    """The picture's bytes."""
    out = io.BytesIO()
    if kind == "png":
        picture.save(out, "PNG")
    else:
        # Full colour resolution: small text in colour blurs otherwise.
        picture.save(out, "JPEG", quality=_QUALITY, subsampling=0)
    return out.getvalue()


def _drawn(page: pypdfium2.PdfPage, wanted: Wanted) -> Image.Image:
    crop = margins(page) if wanted.area == "trim" else (0.0, 0.0, 0.0, 0.0)
    scale = scale_of(page, wanted.dpi)
    bitmap = page.render(scale=scale, crop=crop, may_draw_forms=False, draw_annots=False)
    picture: Image.Image = bitmap.to_pil().convert("RGB")
    return picture
