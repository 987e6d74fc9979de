"""Who is measured, and with how many cards, so that each takes some seconds."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from benchmarks.cards.peer import MakePeer
from benchmarks.cards.records import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrant:
    """A row of the table. `cards` make a run of one merged file, `files` one of single files."""

    name: str
    cards: int
    files: int = 0
    """0: not measured so."""
    module: str
    maker: str = "make"
    text: Text = Text.OPEN
    after: int = 0
    """Cards at the beginning of the merged file that do not count: what they take is taken off."""
    cold: bool = False
    """Nothing at all was made before."""
    whole: bool = False
    """A quick run has as many cards."""
    workers: int = 1
    note: str = ""

    def make(self) -> MakePeer:
        """The program's starter."""
        maker: MakePeer = getattr(import_module(f"benchmarks.cards.peers.{self.module}"), self.maker)
        return maker


BASE = "tipin, warm"
COLD = "tipin, cold"
TWO_WORKERS = "tipin, two workers"
ENTRANTS = (
    Entrant(
        name=BASE, module="by_tipin", cards=15_000, files=300, text=Text.KNOWN, after=5_000,
        note="merged: beyond 5,000 of the same 1,000 words",
    ),
    Entrant(
        name=COLD, module="by_tipin", cards=2_000, files=300, cold=True, whole=True,
        note="merged: a run of 2,000, whole",
    ),
    Entrant(
        name="tipin, unseen words", module="by_tipin", cards=2_000, files=300, text=Text.UNSEEN,
        note="hardly a word comes twice",
    ),
    Entrant(
        name=TWO_WORKERS, module="by_tipin", maker="make_of_two", cards=15_000, text=Text.KNOWN,
        after=5_000, workers=2,
    ),
    Entrant(
        name="typst", module="by_typst", cards=400, files=60,
        note="fits the text itself; all letters alike",
    ),
    Entrant(
        name="typst, sizes given", module="by_typst", maker="make_with_sizes", cards=800, files=60,
        note="its user worked the sizes out",
    ),
    Entrant(
        name="typst, alternates", module="by_typst", maker="make_with_alternates", cards=15, files=8,
        note="letters vary by the font's calt",
    ),
    Entrant(name="pikepdf", module="by_pikepdf", cards=1000, files=20, note="stamps operators"),
    Entrant(name="reportlab", module="by_reportlab", cards=700, files=60, note="tuned"),
    Entrant(name="fpdf2", module="by_fpdf2", cards=600, files=10),
    Entrant(name="PyMuPDF", module="by_pymupdf", cards=300, files=30, note="QR as picture"),
    Entrant(name="Chromium", module="by_chromium", cards=400, files=20, note="RGB only"),
    Entrant(name="WeasyPrint", module="by_weasyprint", cards=60, files=12),
)  # fmt: skip
