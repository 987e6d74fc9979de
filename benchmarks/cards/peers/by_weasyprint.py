"""WeasyPrint: one HTML document of all records."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

from benchmarks.cards.material import Material
from benchmarks.cards.peer import Peer
from benchmarks.cards.peers.page import Pages
from benchmarks.cards.records import Record


class _WeasyPrint(Peer):
    def __init__(self, material: Material) -> None:
        self._base = material.folder.as_uri() + "/"
        self._pages = Pages(material, material.picture)
        self._fonts = FontConfiguration()

    def make_file(self, records: Sequence[Record], out: Path) -> None:
        html = HTML(string=self._pages.document(records), base_url=self._base)
        html.write_pdf(out, font_config=self._fonts)


def make(material: Material) -> _WeasyPrint:
    """Fonts are read with the first document."""
    return _WeasyPrint(material)
