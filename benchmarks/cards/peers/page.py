"""The cards as HTML, lines broken beforehand, so that the programs that print it have least to do."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path

from fontTools.ttLib import TTFont

from app.domain.template import Role
from benchmarks.cards.layout import Code, Layout, Line
from benchmarks.cards.material import Material
from benchmarks.cards.records import Record

_STYLE = """
@page {{ size: {width}pt {height}pt; margin: 0 }}
@font-face {{ font-family: Hand; src: url("{hand}") }}
@font-face {{ font-family: Print; src: url("{print}") }}
html, body {{ margin: 0 }}
.side {{ position: relative; width: {width}pt; height: {height}pt; overflow: hidden; break-after: page }}
.side > * {{ position: absolute; margin: 0; white-space: pre }}
.hand {{ font-family: Hand; font-feature-settings: "calt" 0 }}
.print {{ font-family: Print }}
.art {{ inset: 0; width: {width}pt; height: {height}pt }}
.sig {{ left: {sig.x}pt; top: {sig.y}pt; width: {sig.width}pt; height: {sig.height}pt }}
.qr {{ left: {qr.x}pt; top: {qr.y}pt; width: {qr.width}pt; height: {qr.height}pt }}
"""


class Pages:
    """Writes the document for any records."""

    def __init__(self, material: Material, picture: Path) -> None:
        self._layout, self._picture = Layout(material), picture.relative_to(material.folder)
        self._ascents = {typeface: _half_leading(material.font(typeface)) for typeface in ("hand", "print")}
        self._style = _STYLE.format(
            width=material.page[0], height=material.page[1], sig=self._layout.signature,
            qr=material.box(Role.QR), hand=material.font("hand").as_uri(),
            print=material.font("print").as_uri(),
        )  # fmt: skip

    def document(self, records: Iterable[Record]) -> str:
        """The whole document; its pictures' names are relative to the work folder."""
        cards = "".join(map(self._card, records))
        head = f'<meta charset="utf-8"><style>{self._style}</style>'
        return f'<!doctype html><html lang="en">{head}<body>{cards}'

    def _card(self, record: Record) -> str:
        placed = self._layout.place(record)
        return (
            f'<div class="side"><img class="art" src="{self._picture}">'
            f"{self._lines('hand', [placed.headline])}</div>"
            f'<div class="side">{self._lines("hand", placed.note)}<img class="sig" src="signature.png">'
            f"{_svg(placed.code)}{self._lines('print', [placed.job_code])}</div>"
        )

    def _lines(self, typeface: str, lines: list[Line]) -> str:
        first = lines[0]
        leading = lines[1].y - first.y if len(lines) > 1 else first.size * 1.2
        top = first.y - leading / 2 - self._ascents[typeface] * first.size
        text = escape("\n".join(line.text for line in lines))
        return (
            f'<p class="{typeface}" style="left:{first.x:.2f}pt;top:{top:.2f}pt;'
            f'font-size:{first.size:g}pt;line-height:{leading:.3f}pt">{text}</p>'
        )


def _half_leading(path: Path) -> float:
    """How far the baseline is under the middle of a line box, em (CSS 2, 10.8.1)."""
    with TTFont(path) as font:
        hhea, em = font["hhea"], font["head"].unitsPerEm
        middle: float = (hhea.ascent + hhea.descent) / 2 / em
    return middle


def _svg(code: Code) -> str:
    last = max(y for _x, y, _run in code.bars) + 1
    path = "".join(f"M{x} {y}h{run}v1h-{run}z" for x, y, run in code.bars)
    return f'<svg class="qr" viewBox="-4 -4 {last + 8} {last + 8}"><path d="{path}"/></svg>'
