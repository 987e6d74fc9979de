"""`tipin render`: a file of records as one print-ready file."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from app.cli.complaints import explain
from app.cli.standards import StandardName
from app.domain.english import plural
from app.domain.profile import PressProfile
from app.domain.template import CardTemplate
from app.errors import SetupError, TipinError
from app.pdf.batch.parts import write_durably
from app.services.render_records import Rendered, Thoroughness, Wish, example_record
from app.settings import Settings
from app.wiring import known_brands, open_designs, record_renderer

_Thing = TypeVar("_Thing")
_SOME_REFUSED, _NOTHING_DONE = 1, 2


def render(
    records: Annotated[
        Path | None,
        typer.Argument(
            help="Records, .jsonl or .csv. May be left out with --show-record.", exists=True, dir_okay=False
        ),
    ] = None,
    *,
    template: Annotated[str, typer.Option(help="Card template of all records.")],
    out: Annotated[Path | None, typer.Option(help="The PDF to be made.", dir_okay=False)] = None,
    profile: Annotated[
        StandardName, typer.Option(help="Standard of the PDF: PDF/X-4, PDF/VT-1 or PDF/X-1a:2003.")
    ] = StandardName.PDFVT1,
    press: Annotated[str | None, typer.Option(help="Press profile; else the template's own.")] = None,
    brand: Annotated[str | None, typer.Option(help="Brand of records that name none.")] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes that draw; else one a processor. Bytes are the same.")
    ] = None,
    rejects: Annotated[
        Path | None,
        typer.Option(help="Where refused records go; else OUT.rejects.jsonl.", dir_okay=False),
    ] = None,
    check: Annotated[
        Thoroughness, typer.Option(help="Pages whose content is checked. The structure always is.")
    ] = Thoroughness.SAMPLE,
    report: Annotated[
        bool, typer.Option("--report", help="Write what was done and checked to OUT.report.json.")
    ] = False,
    show_record: Annotated[
        bool, typer.Option("--show-record", help="Only print one record as an example.")
    ] = False,
) -> None:
    """Render a file of records as one print-ready PDF. The same command goes on where it was broken off.

    Exits with 0 where every record is a card, 1 where some were refused (see the rejects), 2 where nothing
    was made.
    """
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        settings = Settings.read()
        designs = open_designs(settings)
        designs = replace(designs, brands=known_brands(settings, designs.brands))
        chosen = _chosen("card template", template, designs.templates)
        if show_record:
            typer.echo(example_record(chosen))
            return
        if records is None or out is None:
            raise typer.BadParameter("give the records and --out, or --show-record")
        wish = Wish(
            records=records,
            template=chosen,
            brand=_chosen("brand", brand, designs.brands).code if brand else None,
            profile=_profile(chosen, press, profile, designs.profiles),
            out=out,
            rejects=rejects or out.with_name(f"{out.name}.rejects.jsonl"),
            workers=workers or os.cpu_count() or 1,
            thoroughness=check,
        )
        with _progress(console) as bar:
            stages = _Bar(bar)
            done = record_renderer(settings, designs)(wish, stages)
            stages.end()
        if report:
            document = {"file": out.name, "standard": wish.profile.standard.value, **done.document()}
            said = json.dumps(document, ensure_ascii=False, indent=1)
            write_durably(out.with_name(f"{out.name}.report.json"), [said.encode()])
    except (TipinError, OSError) as error:
        explain(console, error)
        raise typer.Exit(_NOTHING_DONE) from error
    _tell(console, wish, done)
    if done.refused:
        raise typer.Exit(_SOME_REFUSED if done.pages else _NOTHING_DONE)


def _chosen(what: str, name: str, known: Mapping[str, _Thing]) -> _Thing:
    if name not in known:
        raise SetupError(f"there is no {what} {name!r}", mend=f"use one of: {', '.join(sorted(known))}")
    return known[name]


def _profile(
    template: CardTemplate, press: str | None, wanted: StandardName, known: Mapping[str, PressProfile]
) -> PressProfile:
    return replace(_chosen("press profile", press or template.profile, known), standard=wanted.standard)


class _Bar:
    """Shows on a bar what a run tells."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: TaskID | None = None

    def begin(self, what: str, total: int | None) -> None:
        """A stage begins."""
        self.end()
        self._task = self._progress.add_task(what, total=total)

    def end(self) -> None:
        """The stage is done, though nobody counted it."""
        if self._task is not None:
            task = self._progress.tasks[self._task]
            if task.total is None:
                self._progress.update(self._task, total=1, completed=1)
            self._progress.stop_task(self._task)

    def advance(self, count: int) -> None:
        """More records are done."""
        if self._task is not None:
            self._progress.advance(self._task, count)


class _Count(ProgressColumn):
    """How many of how many."""

    def render(self, task: Task) -> Text:
        """Nothing where nothing is counted."""
        counted = task.total is not None and task.total > 1
        return Text(
            f"{task.completed:,.0f} of {task.total:,.0f}" if counted else "", style="progress.download"
        )


class _Rate(ProgressColumn):
    """Records a second."""

    def render(self, task: Task) -> Text:
        """Nothing while it is not known."""
        return Text(f"{task.speed:,.0f}/s" if task.speed else "", style="progress.data.speed")


def _progress(console: Console) -> Progress:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        _Count(),
        _Rate(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=console)


def _tell(console: Console, wish: Wish, done: Rendered) -> None:
    if done.thrown_away:
        console.print(
            "[yellow]An unfinished run of other records, template, options or program was dropped.[/]"
        )
    if done.resumed:
        console.print(
            f"Went on with an unfinished run: {done.resumed} of {plural(done.blocks, 'block')} done."
        )
    if done.report is not None:
        cards, pages = plural(done.records - done.refused, "card"), plural(done.pages, "page")
        console.print(f"{cards} on {pages} in {escape(str(wish.out))} ({wish.profile.standard.value})")
        console.print(f"It passes {wish.profile.name}. Checked were {_checked(done)}.")
    if done.refused:
        refused = plural(done.refused, "record")
        console.print(f"[red]{refused} of {done.records:,} refused[/]: see {escape(str(wish.rejects))}")
    if done.report is None:
        console.print("[red]No record could be made into a card; there is no file.[/]")


def _checked(done: Rendered) -> str:
    if done.looked_at is None:
        return "the structure of the whole file and the content of every page"
    if not done.looked_at:
        return "the structure of the whole file and the content of no page"
    return (
        f"the structure of the whole file and the content of {len(done.looked_at):,} pages: the first card "
        "of each brand, occasion and language, the first and last of all, and eight drawn ones "
        "(--check all looks at every page)"
    )
