"""PyMuPDF: pictures once in a file by xref, a TextWriter a page, codes as pictures of one pixel a module."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pymupdf

from benchmarks.cards.codes import modules
from benchmarks.cards.layout import Layout, Line
from benchmarks.cards.material import Box, Material
from benchmarks.cards.peer import Peer
from benchmarks.cards.records import Record


class _Pymupdf(Peer):
    def __init__(self, material: Material) -> None:
        self._layout, self._page = Layout(material), material.page
        self._hand = pymupdf.Font(fontfile=str(material.latin_font("hand")))
        self._print = pymupdf.Font(fontfile=str(material.latin_font("print")))
        self._picture = material.picture.read_bytes()
        self._signature = material.signature.read_bytes()

    def make_file(self, records: Sequence[Record], out: Path) -> None:
        file = pymupdf.open()
        xrefs = (0, 0)
        for record in records:
            xrefs = self._card(file, record, xrefs)
        file.subset_fonts()
        file.save(out, deflate=True, garbage=1)

    def _card(self, file: pymupdf.Document, record: Record, xrefs: tuple[int, int]) -> tuple[int, int]:
        placed, (width, height) = self._layout.place(record), self._page
        front = file.new_page(width=width, height=height)
        picture = _place(front, Box(0, 0, width, height), self._picture, xrefs[0])
        _write(front, self._hand, [placed.headline])
        back = file.new_page(width=width, height=height)
        _write(back, self._hand, placed.note)
        signature = _place(back, self._layout.signature, self._signature, xrefs[1])
        ink = modules(record.url)
        side = len(ink) * placed.code.module
        pixels = np.where(ink, 0, 255).astype(np.uint8).tobytes()
        symbol = pymupdf.Pixmap(pymupdf.csGRAY, len(ink), len(ink), pixels, 0)
        back.insert_image(
            pymupdf.Rect(placed.code.x, placed.code.y, placed.code.x + side, placed.code.y + side),
            pixmap=symbol,
        )
        _write(back, self._print, [placed.job_code])
        return picture, signature


def _place(page: pymupdf.Page, box: Box, picture: bytes, xref: int) -> int:
    """Put the picture there, by its xref where it is in the file already; gives the xref."""
    rect = pymupdf.Rect(box.x, box.y, box.x + box.width, box.y + box.height)
    if xref:
        return int(page.insert_image(rect, xref=xref))
    return int(page.insert_image(rect, stream=picture))


def _write(page: pymupdf.Page, font: pymupdf.Font, lines: Sequence[Line]) -> None:
    writer = pymupdf.TextWriter(page.rect)
    for line in lines:
        writer.append((line.x, line.y), line.text, font=font, fontsize=line.size)
    writer.write_text(page, color=(0, 0, 0, 1))


def make(material: Material) -> _Pymupdf:
    """Fonts and pictures read."""
    return _Pymupdf(material)
