"""A file's plates: how much of each ink lands where, drawn by pdfium from one-ink copies of its pages."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import pikepdf
import pypdfium2
from numpy.typing import NDArray

from app.pdf.preflight.content.paint import PROCESS
from app.pdf.preflight.limits import LARGEST_FILE, STRANGE, bound_qpdf
from app.pdf.preview import pages
from app.pdf.preview.inks import Press
from app.pdf.preview.one_ink.separator import Separator
from app.pdf.preview.spots import spots
from app.pdf.preview.wanted import Wanted

Plate = NDArray[np.uint8]
"""Rows from the top, 255 full ink."""
_SWATCH = 8
"""Points of the side of a spot ink's patch."""
_FINER = 2
"""Plates are drawn twice as fine, then averaged: pdfium puts small letters and boxes on whole pixels."""
_MOST_FINER = 24_000_000
"""Pixels of a page that is still drawn finer."""


@dataclass(frozen=True, slots=True)
class Plates:
    """One page. `inks`: the four process inks, then every spot ink of the file.

    Boxes in pixels: left, top, right, bottom.
    """

    page: int
    dpi: float
    inks: dict[str, Plate]
    spots: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    """How pdfium shows each spot ink's full tint, as sRGB; nothing better is known of it."""
    trim: tuple[int, int, int, int] = (0, 0, 0, 0)
    bleed: tuple[int, int, int, int] = (0, 0, 0, 0)

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width in pixels."""
        height, width = self.inks["Black"].shape
        return height, width


def file_profile(pdf: bytes) -> bytes:
    """The output profile that a file carries; empty where it carries none.

    Raises:
        ValueError: the file cannot be opened.
    """
    try:
        with _opened(pdf) as file:
            for intent in file.Root.get("/OutputIntents", pikepdf.Array()).as_list():
                profile = intent.get("/DestOutputProfile")
                if isinstance(profile, pikepdf.Stream):
                    return profile.read_bytes()
    except STRANGE as error:
        raise ValueError(f"it cannot be opened: {error}") from error
    return b""


def plates_of(pdf: bytes, wanted: Wanted, press: Press) -> Iterator[Plates]:
    """The plates of each wanted page.

    Raises:
        ValueError: the file cannot be read or separated, or is beyond what is drawn.
    """
    try:
        with _opened(pdf) as file, pypdfium2.PdfDocument(pdf) as original:
            known = spots(file)
            for number in pages.chosen(wanted, len(original)):
                page = original[number - 1]
                scale = pages.scale_of(page, wanted.dpi)
                width, height = page.get_size()
                largest = max(1, round(width * scale)), max(1, round(height * scale))
                separator = Separator(file, press, largest)
                found = _page(separator, file.pages[number - 1], number, wanted.dpi)
                empty = np.zeros(found.shape, np.uint8)
                yield replace(found, inks={**found.inks, **{n: empty for n in known if n not in found.inks}})
    except ValueError:
        raise
    except STRANGE as error:
        raise ValueError(f"it cannot be separated: {error}") from error


def _opened(pdf: bytes) -> pikepdf.Pdf:
    bound_qpdf()
    if len(pdf) > LARGEST_FILE:
        raise ValueError(f"the file has {len(pdf):,} bytes; up to {LARGEST_FILE:,} are drawn")
    return pikepdf.open(io.BytesIO(pdf), suppress_warnings=True)


def _page(separator: Separator, page: pikepdf.Page, number: int, dpi: float) -> Plates:
    inks = list(PROCESS)
    made = []
    for ink in inks:  # grows while spots are met
        made.append(separator.plate(page, ink))
        inks += [spot for spot in separator.spots if spot not in inks]
    swatches = [_swatch(separator.pdf, space, whole) for space, whole in separator.spots.values()]
    with _only(separator.pdf, [*made, *swatches]) as document:
        scale = dpi / pages.POINTS
        first = document[0]
        spots = {name: _middle(document[len(inks) + at]) for at, name in enumerate(separator.spots)}
        return Plates(
            page=number,
            dpi=dpi,
            inks={ink: _plate(document[at], scale) for at, ink in enumerate(inks)},
            spots=spots,
            trim=_pixels(first, first.get_trimbox(), scale),
            bleed=_pixels(first, first.get_bleedbox(), scale),
        )


def _only(pdf: pikepdf.Pdf, made: list[pikepdf.Dictionary]) -> pypdfium2.PdfDocument:
    """The file with these pages alone, as pdfium opens it."""
    kept = pdf.Root.Pages
    pdf.Root.Pages = pdf.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.Pages, Count=0, Kids=pikepdf.Array())
    )
    try:
        for one in made:
            one.Parent = pdf.Root.Pages
            pdf.Root.Pages.Kids.append(pdf.make_indirect(one))
        pdf.Root.Pages.Count = len(made)
        out = io.BytesIO()
        pdf.save(out, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        return pypdfium2.PdfDocument(out.getvalue())
    finally:
        pdf.Root.Pages = kept


def _swatch(pdf: pikepdf.Pdf, space: pikepdf.Object, whole: list[float]) -> pikepdf.Dictionary:
    """A page that is nothing but a spot ink at its full tint."""
    tint = " ".join(f"{n:g}" for n in whole)
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Page,
        MediaBox=pikepdf.Array([0, 0, _SWATCH, _SWATCH]),
        Resources=pikepdf.Dictionary(ColorSpace=pikepdf.Dictionary(Spot=space)),
        Contents=pdf.make_stream(f"/Spot cs {tint} scn 0 0 {_SWATCH} {_SWATCH} re f".encode()),
    )


def _plate(page: pypdfium2.PdfPage, scale: float) -> Plate:
    width, height = (max(1, round(side * scale)) for side in page.get_size())
    if width * height * _FINER**2 > _MOST_FINER:
        return 255 - _drawn(page, scale)
    gray = _drawn(page, scale * _FINER)
    # Its sides are rounded up: a column or row too many at most.
    fine = np.pad(gray, ((0, _FINER), (0, _FINER)), mode="edge")[: height * _FINER, : width * _FINER]
    above, below = fine[0::_FINER].astype(np.uint16), fine[1::_FINER]
    rows = above + below
    # The 2 rounds to the nearest.
    mean = (rows[:, 0::_FINER] + rows[:, 1::_FINER] + 2) // _FINER**2
    return 255 - mean.astype(np.uint8)


def _drawn(page: pypdfium2.PdfPage, scale: float) -> Plate:
    """The page in gray. In three channels, which all say the same: pdfium's gray knows no soft masks."""
    return _colours(page, scale)[..., 0].copy()


def _middle(page: pypdfium2.PdfPage) -> tuple[int, int, int]:
    red, green, blue = _colours(page, 1.0)[_SWATCH // 2, _SWATCH // 2, :3].tolist()
    return red, green, blue


def _colours(page: pypdfium2.PdfPage, scale: float) -> NDArray[np.uint8]:
    bitmap = page.render(scale=scale, may_draw_forms=False, draw_annots=False, rev_byteorder=True)
    found: NDArray[np.uint8] = bitmap.to_numpy()
    return found


def _pixels(
    page: pypdfium2.PdfPage, box: tuple[float, float, float, float], scale: float
) -> tuple[int, int, int, int]:
    """A box as pixels of the drawn page: left, top, right, bottom."""
    left, bottom, right, top = page.get_cropbox()
    width, height = round((right - left) * scale), round((top - bottom) * scale)
    across = [min(max(round((x - left) * scale), 0), width) for x in (box[0], box[2])]
    down = [min(max(round((top - y) * scale), 0), height) for y in (box[3], box[1])]
    return across[0], down[0], across[1], down[1]
