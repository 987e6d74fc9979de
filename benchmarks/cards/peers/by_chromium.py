"""Chromium: one HTML document of all records, printed by a browser that stays open."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.cards.material import Material
from benchmarks.cards.peer import Peer
from benchmarks.cards.peers.page import Pages
from benchmarks.cards.records import Record


class _Chromium(Peer):
    def __init__(self, material: Material) -> None:
        self._file = material.folder / "chromium.html"
        self._pages = Pages(material, material.picture_rgb)
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        self._tab = self._browser.new_page()

    def make_file(self, records: Sequence[Record], out: Path) -> None:
        self._file.write_text(self._pages.document(records), encoding="utf-8")
        self._tab.goto(self._file.as_uri())
        self._tab.pdf(path=out, prefer_css_page_size=True, print_background=True, tagged=False)

    def close(self) -> None:
        self._browser.close()
        self._playwright.stop()


def make(material: Material) -> _Chromium:
    """The browser runs."""
    return _Chromium(material)
