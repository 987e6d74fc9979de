"""`tipin history`: a brand's past, before it began to post its orders."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from app.cli.access import check_brand
from app.cli.complaints import explain
from app.errors import TipinError
from app.settings import Settings
from app.wiring import brands_in_force, history_importer

history = typer.Typer(help="A brand's past orders.", no_args_is_help=True)


@history.callback()
def about() -> None:
    """A brand's past orders: without them every customer looks new."""


@history.command("import")
def import_history(
    file: Annotated[
        Path, typer.Argument(help="Orders as .jsonl or .csv, or .gz.", exists=True, dir_okay=False)
    ],
    brand: Annotated[str, typer.Option(help="Whose past it is.")],
    rejects: Annotated[
        Path | None, typer.Option(help="Where refused lines go; without it, beside the file.", dir_okay=False)
    ] = None,
) -> None:
    """Import past orders. They give facts but no cards; running it again changes nothing."""
    console = Console(stderr=True)
    settings = Settings()
    check_brand(brand)
    refused = rejects or file.with_name(f"{file.name}.rejects.jsonl")
    columns = TextColumn("Importing"), BarColumn(), DownloadColumn(), TimeRemainingColumn()
    try:
        with Progress(*columns, console=console) as progress:
            task = progress.add_task("", total=file.stat().st_size)
            done = history_importer(settings)(
                brands_in_force(settings)[brand],
                file,
                refused,
                lambda position: progress.update(task, completed=position),
            )
    except (TipinError, OSError) as error:
        explain(console, error)
        raise typer.Exit(1) from error
    console.print(f"{done.new:,} orders imported, {done.known:,} were there already")
    if done.rejected:
        console.print(f"{done.rejected:,} lines could not be understood: see {refused}")
        raise typer.Exit(1)
