"""`tipin history`: a brand's past, before it began to post its orders."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from app.cli.access import check_brand
from app.cli.complaints import explain
from app.cli.history_report import report, tell_doubts
from app.domain.brand import Brand
from app.domain.history_mapping import HistoryMapping
from app.errors import MappingUnusable, TipinError
from app.registry.mappings import read_mapping, ready_mappings, write_mapping
from app.services.history.examine import examine
from app.services.history.propose import Proposal, propose
from app.settings import Settings
from app.wire.tables.sniff import open_table
from app.wiring import brands_in_force, history_importer, history_understanding

history = typer.Typer(help="A brand's past orders.", no_args_is_help=True)
_SOME_REFUSED, _NOTHING_DONE = 1, 2


@history.callback()
def about() -> None:
    """A brand's past orders: without them every customer looks new."""


@history.command("import")
def import_history(
    file: Annotated[
        Path,
        typer.Argument(help="CSV or JSON Lines, plain or gzipped, or Parquet.", exists=True, dir_okay=False),
    ],
    *,
    brand: Annotated[str, typer.Option(help="Whose past it is.")],
    mapping: Annotated[
        str, typer.Option(help="A MAP.toml, or a ready mapping by name; else the file's own is recognised.")
    ] = "",
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Import nothing: show what would be, and write a mapping to mend."),
    ] = False,
    rejects: Annotated[
        Path | None,
        typer.Option(help="Where refused orders go; without it, beside the file.", dir_okay=False),
    ] = None,
) -> None:
    """Import past orders. They give facts but no cards; running it again changes nothing.

    Broken off, the same command goes on where it stopped. Exits with 1 where some orders were refused, with 2
    where nothing could be read.
    """
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    check_brand(brand)
    try:
        settings = Settings.read()
        whose = brands_in_force(settings)[brand]
        proposal = _proposal(file, whose, mapping)
        if dry_run:
            _try(console, settings, file, whose, proposal, write=not mapping)
            return
        if not mapping and not proposal.is_sure:
            tell_doubts(console, proposal)
            raise MappingUnusable(
                "how this file is to be read has to be looked at first",
                mend=f"tipin history import {file.name} --brand {brand} --dry-run",
            )
        refused = _import(
            console,
            file,
            whose,
            proposal.mapping,
            rejects or file.with_name(f"{file.name}.rejects.csv"),
        )
    except (TipinError, OSError) as error:
        explain(console, error)
        raise typer.Exit(_NOTHING_DONE) from error
    if refused:
        raise typer.Exit(_SOME_REFUSED)


def _proposal(file: Path, brand: Brand, named: str) -> Proposal:
    ready = ready_mappings()
    if named in ready:
        return Proposal(mapping=ready[named], ready=named)
    if named:
        path = Path(named)
        if not path.exists():
            mend = f"name a MAP.toml, or one of: {', '.join(ready)}"
            raise MappingUnusable(f"there is no mapping {named!r}", mend=mend)
        return Proposal(mapping=read_mapping(path))
    table = open_table(file)
    try:
        return propose(table, ready, brand, datetime.now(UTC))
    finally:
        table.close()


def _try(
    console: Console, settings: Settings, file: Path, brand: Brand, proposal: Proposal, *, write: bool
) -> None:
    mapping = proposal.mapping
    out = file.with_name(f"{file.name}.map.toml")
    if write:
        out.write_text(write_mapping(mapping), encoding="utf-8")
    tell_doubts(console, proposal)
    if mapping.lacks:
        console.print(f"Mend the mapping in {out}, then try it: --dry-run --mapping {out.name}")
        raise typer.Exit(_NOTHING_DONE)
    table = open_table(file, encoding=mapping.encoding, delimiter=mapping.delimiter)
    try:
        with _progress(console, "Reading", file) as (bar, task):
            found = examine(
                table,
                mapping,
                brand,
                history_understanding(settings, mapping, brand),
                on_progress=lambda: bar.update(task, completed=table.position()),
            )
            bar.update(task, completed=file.stat().st_size)
    finally:
        table.close()
    report(console, found, brand)
    if write:
        console.print(f"The mapping is in {out}. Nothing was imported.")


def _import(console: Console, file: Path, brand: Brand, mapping: HistoryMapping, refused: Path) -> int:
    settings = Settings.read()
    importer = history_importer(settings)
    one = importer.begin(brand, file, mapping)
    if one.progress.rows:
        console.print(f"Going on behind row {one.progress.rows:,}")
    with _progress(console, "Importing", file) as (bar, task):
        one = importer.run(
            one,
            brand,
            mapping,
            file,
            refused,
            on_progress=lambda progress: bar.update(task, completed=progress.read),
        )
        bar.update(task, completed=file.stat().st_size)
    done = one.progress
    skipped = f", {done.skipped:,} never became orders" if done.skipped else ""
    console.print(f"{done.new:,} orders imported, {done.known:,} were there already{skipped}")
    if done.rejected:
        for reason, count in sorted(done.reasons.items(), key=lambda each: -each[1]):
            console.print(f"  {count:>9,} × {reason}", markup=False)
        console.print(
            f"{done.rejected:,} could not be understood: mend and import {_written(refused)}", markup=False
        )
    return done.rejected


def _written(rejects: Path) -> Path:
    return next((p for p in (rejects.with_suffix(s) for s in (".csv", ".jsonl")) if p.exists()), rejects)


@contextmanager
def _progress(console: Console, what: str, file: Path) -> Iterator[tuple[Progress, TaskID]]:
    columns = TextColumn(what), BarColumn(), DownloadColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console) as bar:
        yield bar, bar.add_task("", total=file.stat().st_size)
