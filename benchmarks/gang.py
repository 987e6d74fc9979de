"""Sheets a second, and memory as their number grows.

    .venv/bin/python -m benchmarks.gang [CARDS]

Different cards, made beforehand, are placed eight up on SRA3, front and back; longer runs take them again and
again, from files that were closed meanwhile. Each run is a process of its own. Beside it stands what the
preflight of finished sheets takes. Figures are of processor time.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path

from rich.console import Console
from rich.table import Table

from app.domain.sheet import SHEETS, CutOrder, Duplex
from app.pdf.engine import Renderer
from app.pdf.file.identity import Identity
from app.pdf.impose.layout import Piece, lay_out
from app.pdf.impose.pages import PageAt
from app.pdf.impose.run import Batch, Record, Run, sheet_profile
from app.pdf.impose.writer import SheetWriter
from app.pdf.preflight import preflight
from app.pdf.typefaces import Typefaces
from app.registry.brands import load_brands
from app.registry.cards import load_cards
from app.registry.fonts import own_fonts
from app.registry.places import BRANDS, CARDS, PROFILES
from app.registry.profiles import load_profiles
from app.services.sample_cards import sample_cards
from benchmarks.machine import describe

DEFAULT_CARDS = 160
TIMES = (1, 4, 16)
_CHECKED = 4
"""Sheets whose preflight is timed."""


def main(count: int) -> None:
    """Print the table."""
    table = Table("cards", "sheets", "sheets/s", "cards/s", "MB written", "peak MB", title=describe())
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        _render(folder, count)
        context = multiprocessing.get_context("spawn")
        for times in TIMES:
            with context.Pool(1) as pool:
                sheets, seconds, size, peak = pool.apply(_write, (folder, count * times))
            table.add_row(
                f"{count * times:,}",
                f"{sheets:,}",
                f"{sheets / seconds:.0f}",
                f"{count * times / seconds:.0f}",
                f"{size / 1e6:.0f}",
                f"{peak / 1024:.0f}",
            )
        checked = _check(folder)
    Console().print(table)
    Console().print(f"Preflight of a sheet, both sides: {checked:.2f} s")


def _render(folder: Path, count: int) -> None:
    """Different cards: the samples of the first template, each under ids of its own."""
    template = load_cards(CARDS)["hearth"]
    samples = [sample for brand in load_brands(BRANDS).values() for sample in sample_cards(template, brand)]
    renderer = Renderer(fonts=own_fonts(), profiles=load_profiles(PROFILES))
    for number, sample in enumerate(islice(cycle(samples[::7]), count)):
        card = replace(sample.card, id=f"{sample.card.id}-{number}")
        (folder / f"{number:05}.pdf").write_bytes(renderer.render(template, card, sample.signature))


def _run(folder: Path, count: int) -> Run:
    profile = load_profiles(PROFILES)["isocoated-v2-300"]
    files = sorted(folder.glob("?????.pdf"))
    records = [
        Record(f"{number:06}", (PageAt(path, 0), PageAt(path, 1)))
        for number, path in enumerate(islice(cycle(files), count))
    ]
    return Run(
        layout=lay_out(SHEETS["SRA3"], 4, Piece((105, 148), 3), 3),
        order=CutOrder.CUT_STACK,
        duplex=Duplex.LONG,
        profile=profile,
        identity=Identity(
            standard=profile.standard, key="run", title="Sheets", made_at=datetime(2026, 1, 1, tzinfo=UTC)
        ),
        batches=[Batch("Benchmark", records)],
        code="BENCHMARK{:04}".format,
    )


def _write(folder: Path, count: int) -> tuple[int, float, int, int]:
    """Sheets, seconds, bytes, and the most memory that the process had, in kB."""
    run, writer = _run(folder, count), SheetWriter(Typefaces(own_fonts()))
    start = time.process_time()
    with (folder / "sheets.pdf").open("wb") as out, tempfile.TemporaryFile() as rows:
        sheets = sum(1 for _ in writer.write(run, out, rows))
    seconds = time.process_time() - start
    size = (folder / "sheets.pdf").stat().st_size
    return sheets, seconds, size, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _check(folder: Path) -> float:
    """Seconds of the preflight of a sheet."""
    run = _run(folder, _CHECKED * 8)
    with (folder / "some.pdf").open("wb") as out, tempfile.TemporaryFile() as rows:
        list(SheetWriter(Typefaces(own_fonts())).write(run, out, rows))
    start = time.process_time()
    preflight(folder / "some.pdf", sheet_profile(run.profile, run.layout.margin), at_once=2).require_passed()
    return (time.process_time() - start) / _CHECKED


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_CARDS)
