"""fpdf2: its own picture cache and font subsets, lines broken beforehand, codes as filled rectangles."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fpdf import FPDF
from fpdf.drawing import DeviceCMYK

from benchmarks.cards.layout import Layout, Line
from benchmarks.cards.material import Material
from benchmarks.cards.peer import Peer
from benchmarks.cards.records import Record


class _Fpdf2(Peer):
    def __init__(self, material: Material) -> None:
        self._material, self._layout = material, Layout(material)

    def make_file(self, records: Sequence[Record], out: Path) -> None:
        pdf = FPDF(unit="pt", format=self._material.page)
        pdf.set_auto_page_break(False)
        pdf.add_font("Hand", fname=self._material.latin_font("hand"))
        pdf.add_font("Print", fname=self._material.latin_font("print"))
        pdf.set_text_color(DeviceCMYK(0, 0, 0, 1))
        pdf.set_fill_color(DeviceCMYK(0, 0, 0, 1))
        for record in records:
            self._card(pdf, record)
        pdf.output(str(out))

    def _card(self, pdf: FPDF, record: Record) -> None:
        placed, (width, height) = self._layout.place(record), self._material.page
        pdf.add_page()
        pdf.image(self._material.picture, 0, 0, width, height)
        _lines(pdf, "Hand", [placed.headline])
        pdf.add_page()
        _lines(pdf, "Hand", placed.note)
        box, code = self._layout.signature, placed.code
        pdf.image(self._material.signature, box.x, box.y, box.width, box.height)
        side = code.module
        for x, y, run in code.bars:
            pdf.rect(code.x + x * side, code.y + y * side, run * side, side, style="F")
        _lines(pdf, "Print", [placed.job_code])


def _lines(pdf: FPDF, font: str, lines: Sequence[Line]) -> None:
    pdf.set_font(font, size=lines[0].size)
    for line in lines:
        pdf.text(line.x, line.y, line.text)


def make(material: Material) -> _Fpdf2:
    """fpdf2 keeps nothing from file to file."""
    return _Fpdf2(material)
