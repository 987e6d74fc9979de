"""The results as tables for people."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from rich import box
from rich.table import Table

from benchmarks.cards.entrants import ENTRANTS
from benchmarks.cards.summary import MergedRow, SingleRow
from benchmarks.cards.targets import Target

_MB = 1024**2


def merged_table(rows: Sequence[MergedRow]) -> Table:
    """One merged file."""
    columns = ("cards/s CPU", "cards/s wall", "× warm", "× cold", "peak MB", "bytes a card")
    table = _table("One merged file", columns)
    for row in rows:
        figures = (
            f"{row.rate:,.0f}", f"{row.wall_rate:,.0f}", _ratio(row.slower_than_warm),
            _ratio(row.slower_than_cold), f"{row.peak / _MB:,.0f}", f"{row.size:,.0f}",
        )  # fmt: skip
        _add(table, row.name, figures)
    return table


def single_table(rows: Sequence[SingleRow]) -> Table:
    """One file an order."""
    columns = ("p50 ms CPU", "p50 ms wall", "p95 ms wall", "× warm", "× cold", "kB a file")
    table = _table("One file an order", columns)
    for row in rows:
        figures = (
            f"{row.cpu * 1000:,.2f}", f"{row.wall * 1000:,.2f}", f"{row.wall_95 * 1000:,.2f}",
            _ratio(row.slower_than_warm), _ratio(row.slower_than_cold), f"{row.size / 1000:,.0f}",
        )  # fmt: skip
        _add(table, row.name, figures)
    return table


def memory_table(memory: Mapping[int, int]) -> Table:
    """tipin's memory by the number of cards."""
    table = Table(
        title="Memory while tipin writes one merged file", title_justify="left", box=box.SIMPLE_HEAD
    )
    table.add_column("cards", justify="right")
    table.add_column("peak MB", justify="right")
    for cards, peak in memory.items():
        table.add_row(f"{cards:,}", f"{peak / _MB:,.0f}")
    return table


def shortcoming_table(shortcomings: Mapping[str, Sequence[str]]) -> Table:
    """What each program's cards fall short in, looked at before they were measured."""
    table = Table(title="What the cards fall short in", title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column("", no_wrap=True)
    table.add_column("")
    for name, kinds in shortcomings.items():
        table.add_row(name, f"[red]{'; '.join(kinds)}[/]" if kinds else "[green]nothing[/]")
    return table


def target_table(targets: Iterable[Target]) -> Table:
    """Each target with what was reached."""
    table = Table(title="Targets", title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column("", no_wrap=True)
    for column in ("wanted", "reached"):
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("")
    for target in targets:
        sign = "≤" if target.below else "≥"
        table.add_row(
            target.name,
            f"{sign} {target.wanted:,g} {target.unit}",
            f"{_figure(target.got)} {target.unit}",
            "[green]met[/]" if target.met else "[red]not met[/]",
        )
    return table


def _table(title: str, columns: Iterable[str]) -> Table:
    caption = "× warm, × cold: how many times the processor time that tipin takes with warm or cold words"
    table = Table(
        title=title, title_justify="left", caption=caption, caption_justify="left", box=box.SIMPLE_HEAD
    )
    table.add_column("", no_wrap=True)
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("", style="dim")
    return table


def _add(table: Table, name: str, figures: Iterable[str]) -> None:
    note = next(entrant.note for entrant in ENTRANTS if entrant.name == name)
    own = name.startswith("tipin")
    table.add_row(f"[bold]{name}[/]" if own else name, *figures, note)


def _ratio(value: float) -> str:
    return "" if math.isnan(value) else _figure(value)


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
