"""The same card by tipin and by seven other programs; see benchmarks/README.md.

.venv/bin/python -m benchmarks.cards --quick
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.cards.entrants import COLD, ENTRANTS, Entrant
from benchmarks.cards.material import make_material
from benchmarks.cards.measure import Measured, Task
from benchmarks.cards.rounds import rounds, run
from benchmarks.cards.summary import merged_rows, single_rows
from benchmarks.cards.tables import (
    memory_table,
    merged_table,
    shortcoming_table,
    single_table,
    target_table,
)
from benchmarks.cards.targets import targets
from benchmarks.machine import describe, versions

_SIZES, _QUICK_SIZES = (1_000, 10_000, 100_000), (1_000, 10_000)
Say = Callable[[str], None]


def main(
    *,
    quick: Annotated[bool, typer.Option(help="A quarter of the cards, fewer rounds.")] = False,
    turns: Annotated[int, typer.Option("--rounds", help="Rounds; 0 for the usual number.")] = 0,
    only: Annotated[list[str] | None, typer.Option(help="Names that begin so; may be repeated.")] = None,
    part: Annotated[list[str] | None, typer.Option(help="merged, single or memory; may be repeated.")] = None,
    out: Annotated[Path | None, typer.Option("--json", help="Write all measurements here.")] = None,
) -> None:
    """Check what each program makes, measure in turns, print the tables."""
    console = Console(width=max(Console().width, 132))
    entrants = [each for each in ENTRANTS if not only or each.name.startswith(tuple(only))]
    parts = part or ["merged", "single", "memory"]
    turns, share = turns or (2 if quick else 3), 0.25 if quick else 1.0
    with tempfile.TemporaryDirectory(prefix="tipin-cards-") as name, console.status("…") as status:
        folder = make_material(Path(name)).folder
        shortcomings = _checked(entrants, folder, status.update)

        def failed(who: str, how: str) -> None:
            shortcomings.setdefault(who, []).append(how)

        measured: dict[str, dict[str, list[Measured]]] = {
            way: rounds(
                entrants, way, count=turns, share=share, folder=folder, tell=status.update, failed=failed
            )
            for way in ("merged", "single")
            if way in parts
        }
        sizes = () if "memory" not in parts else _QUICK_SIZES if quick else _SIZES
        memory = _memory(sizes, folder, status.update, failed)
    console.print(f"[bold]Two-page A6 cards[/], medians of {turns} rounds in turns. {describe()}")
    console.print(
        versions("reportlab", "typst", "pikepdf", "fpdf2", "pymupdf", "weasyprint", "playwright"), style="dim"
    )
    merged, single = merged_rows(measured.get("merged", {})), single_rows(measured.get("single", {}))
    if merged:
        console.print(merged_table(merged))
    if single:
        console.print(single_table(single))
    if memory:
        console.print(memory_table(memory))
    console.print(shortcoming_table(shortcomings))
    console.print(target_table(targets(merged, single, memory)))
    if out:
        _write(out, measured, memory, shortcomings)


def _checked(entrants: Sequence[Entrant], folder: Path, say: Say) -> dict[str, list[str]]:
    """What each program's cards fall short in, each kind once."""
    found = {}
    for entrant in entrants:
        say(f"looking at the cards of {entrant.name}")
        faults = run(Task(name=entrant.name, way="verify", count=0, folder=str(folder))).faults
        found[entrant.name] = sorted({fault.kind.value for fault in faults})
    return found


def _memory(
    sizes: Sequence[int], folder: Path, say: Say, failed: Callable[[str, str], None]
) -> dict[int, int]:
    """The most bytes in use while so many cards were made, as far as that goes."""
    found = {}
    for size in sizes:
        say(f"memory for {size:,} cards")
        try:
            found[size] = run(Task(name=COLD, way="memory", count=size, folder=str(folder))).peak
        except RuntimeError as error:
            failed(COLD, f"{size:,} cards: {error}")
            break
    return found


def _write(
    out: Path,
    measured: dict[str, dict[str, list[Measured]]],
    memory: dict[int, int],
    shortcomings: dict[str, list[str]],
) -> None:
    document = {
        "machine": describe(),
        "measurements": [
            asdict(each) for rows in measured.values() for runs in rows.values() for each in runs
        ],
        "memory": memory,
        "shortcomings": shortcomings,
    }
    out.write_text(json.dumps(document, indent=1), encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
