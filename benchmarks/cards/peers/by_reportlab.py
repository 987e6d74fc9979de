"""reportlab, tuned: pictures once in a file, no Paragraph, lines broken beforehand, codes as one literal."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from reportlab import rl_config
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from benchmarks.cards.layout import Code, Layout, Line
from benchmarks.cards.material import Material
from benchmarks.cards.peer import Peer
from benchmarks.cards.records import Record


class _Reportlab(Peer):
    def __init__(self, material: Material) -> None:
        rl_config.useA85 = 0
        registerFont(TTFont("Hand", material.font("hand")))
        registerFont(TTFont("Print", material.font("print")))
        self._page, self._layout = material.page, Layout(material)
        self._picture = str(material.picture)
        self._signature = ImageReader(str(material.signature))

    def make_file(self, records: Sequence[Record], out: Path) -> None:
        out.write_bytes(self._file(records))

    def _file(self, records: Sequence[Record]) -> bytes:
        file = io.BytesIO()
        canvas = Canvas(file, pagesize=self._page, pageCompression=1, initialFontName="Hand", invariant=1)
        for record in records:
            self._card(canvas, record)
        canvas.save()
        return file.getvalue()

    def _card(self, canvas: Canvas, record: Record) -> None:
        placed, height = self._layout.place(record), self._page[1]
        canvas.drawImage(self._picture, 0, 0, *self._page)
        self._lines(canvas, "Hand", [placed.headline])
        canvas.showPage()
        if placed.note:
            self._lines(canvas, "Hand", placed.note)
        box = self._layout.signature
        canvas.drawImage(
            self._signature, box.x, height - box.y - box.height, box.width, box.height, mask="auto"
        )
        canvas.addLiteral(_bars(placed.code, height))
        self._lines(canvas, "Print", [placed.job_code])
        canvas.showPage()

    def _lines(self, canvas: Canvas, font: str, lines: Sequence[Line]) -> None:
        height = self._page[1]
        text = canvas.beginText(lines[0].x, height - lines[0].y)
        text.setFillColorCMYK(0, 0, 0, 1)
        text.setFont(font, lines[0].size, lines[1].y - lines[0].y if len(lines) > 1 else None)
        for line in lines:
            text.textLine(line.text)
        canvas.drawText(text)


def _bars(code: Code, height: float) -> str:
    side = code.module
    rectangles = " ".join(f"{x} {y} {width} 1 re" for x, y, width in code.bars)
    return f"q 0 0 0 1 k {side:.4f} 0 0 {-side:.4f} {code.x:.3f} {height - code.y:.3f} cm {rectangles} f Q"


def make(material: Material) -> _Reportlab:
    """Fonts registered, pictures read."""
    return _Reportlab(material)
