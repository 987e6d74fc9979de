"""`tipin gang`: finished files on press sheets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress

from app.cli.complaints import explain
from app.cli.standards import StandardName
from app.domain.english import plural
from app.domain.profile import Standard
from app.domain.sheet import SHEETS, CutOrder, Duplex, Size, sheet_name, sheet_size
from app.errors import TipinError
from app.services.gang.files import Ganged, Wish
from app.settings import Settings
from app.wiring import file_ganger

_SOME_LEFT_OUT, _NOTHING_DONE = 1, 2
_MOST_SHOWN = 20


def sheet_option(said: str | None) -> Size | None:
    """A sheet as it is written on the command line."""
    try:
        return None if said is None else sheet_size(said)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--sheet") from error


def _check_places(wish: Wish) -> None:
    """Hold the files that are to be written apart from each other, from those read, and from devices."""
    taken = {path.resolve(): "one of the files to be ganged" for path in wish.files}
    for hint, path in (("--out", wish.out), ("--report", wish.positions), ("--rejects", wish.rejects)):
        where = path.resolve()
        if where in taken:
            raise typer.BadParameter(f"{path} is {taken[where]}; name another file", param_hint=hint)
        if where.exists() and not where.is_file():
            raise typer.BadParameter(f"{path} is no file that could be replaced", param_hint=hint)
        taken[where] = f"where {hint} goes"


def gang(
    files: Annotated[
        list[Path],
        typer.Argument(help="Finished PDF/X files, in packing order.", metavar="FILE…", dir_okay=False),
    ],
    *,
    out: Annotated[Path, typer.Option(help="The PDF to be made.", dir_okay=False)],
    sheet: Annotated[
        str | None,
        typer.Option(help=f"{', '.join(SHEETS)}, or width x height in mm; else the press profile's."),
    ] = None,
    order: Annotated[
        CutOrder, typer.Option(help="Cut, and stacks put under each other; or row by row.")
    ] = CutOrder.CUT_STACK,
    duplex: Annotated[
        Duplex, typer.Option(help="Edge around which the press turns the sheet; off: every page is a front.")
    ] = Duplex.LONG,
    margin: Annotated[
        float | None, typer.Option(min=0, max=100, help="mm that the press cannot print; else its profile's.")
    ] = None,
    gap: Annotated[
        float | None, typer.Option(min=0, max=100, help="mm between two pieces; else as much as their bleed.")
    ] = None,
    press: Annotated[
        str | None, typer.Option(help="Press profile; else the one that all files are made for.")
    ] = None,
    standard: Annotated[
        StandardName | None,
        typer.Option(help="Of the sheets: pdfx4, or pdfvt1 with a part for each; else the press profile's."),
    ] = None,
    batch: Annotated[str, typer.Option(help="Name of the batch; else that of OUT.")] = "",
    by_folder: Annotated[
        bool, typer.Option("--by-folder", help="The files of each folder are a batch of their own.")
    ] = False,
    largest_batch: Annotated[
        int | None, typer.Option(min=1, help="Most pieces of one batch, for the guillotine's sake.")
    ] = None,
    pages_each: Annotated[
        int | None, typer.Option(min=1, max=2, help="Pages of a piece, where a file holds several pieces.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help="Where each piece stands; else OUT.positions.json.", dir_okay=False)
    ] = None,
    rejects: Annotated[
        Path | None, typer.Option(help="Files left out; else OUT.rejects.jsonl.", dir_okay=False)
    ] = None,
) -> None:
    """Gang finished files on press sheets, with marks, colour bar and slug, ready for the guillotine.

    Each batch is a pile to be cut by itself. A file that cannot be used is left out and
    listed, with the reason.
    Exits with 0 where every file is on a sheet, 1 where some were left out, 2 where nothing was made.
    """
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    wish = Wish(
        files=files,
        out=out,
        rejects=rejects or out.with_name(f"{out.name}.rejects.jsonl"),
        positions=report or out.with_name(f"{out.name}.positions.json"),
        press=press,
        standard=standard.standard if standard else None,
        sheet=sheet_option(sheet),
        margin=margin,
        gap=gap,
        order=order,
        duplex=duplex,
        pages_each=pages_each,
        batch=batch,
        by_folder=by_folder,
        largest_batch=largest_batch,
    )
    if wish.standard is Standard.PDF_X1A:
        raise typer.BadParameter(
            "sheets keep their pieces' transparency and layers; name pdfx4 or pdfvt1", param_hint="--standard"
        )
    _check_places(wish)
    try:
        with Progress(console=console, transient=True) as bar:
            task = bar.add_task("Looking at files", total=len(files))
            done = file_ganger(Settings.read())(wish, on_file=lambda: bar.advance(task))
    except (TipinError, OSError) as error:
        explain(console, error)
        raise typer.Exit(_NOTHING_DONE) from error
    _tell(console, wish, done)
    if done.unfit:
        raise typer.Exit(_SOME_LEFT_OUT if done.sheets else _NOTHING_DONE)


def _tell(console: Console, wish: Wish, done: Ganged) -> None:
    for one in done.unfit[:_MOST_SHOWN]:
        console.print(f"[red]✗[/] {escape(str(one.path))}: {escape(one.reason)}; {escape(one.mend)}")
    if done.unfit:
        left_out = plural(len(done.unfit), "file")
        console.print(f"[red]{left_out} of {len(wish.files):,} left out[/]: see {escape(str(wish.rejects))}")
    if done.layout is None or done.profile is None:
        console.print("[red]No file is fit for a sheet; nothing was made.[/]")
        return
    pieces, sheets = plural(done.pieces, "piece"), plural(done.sheets, "sheet")
    layout = done.layout
    turned = ", turned" if layout.turned else ""
    console.print(
        f"{pieces} on {sheets} {sheet_name(layout.sheet)}, "
        f"{layout.columns} × {layout.rows}{turned}, in {escape(str(wish.out))}"
    )
    console.print(f"It passes {done.profile.name}. Where each piece stands: {escape(str(wish.positions))}")
