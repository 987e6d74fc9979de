"""`tipin preflight`: every check on files, with place and mend."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from app.cli.complaints import explain
from app.cli.standards import StandardName
from app.domain.profile import PressProfile, Severity
from app.errors import SetupError
from app.pdf.impose.run import sheet_profile
from app.pdf.preflight import Outcome, Report, all_checks, preflight
from app.pdf.preflight.condition import output_condition_of
from app.pdf.preflight.profiles import open_profiles
from app.settings import Settings

_PAGES = re.compile(r"(\d+)(?:-(\d+))?")
_MOST_PAGES = 10_000_000
_SIGN = {Severity.ERROR: "[red]✗[/]", Severity.WARNING: "[yellow]![/]"}
_PASSED = "[green]✓[/]"


def preflight_files(
    files: Annotated[
        list[Path] | None, typer.Argument(help="PDF files.", exists=True, dir_okay=False)
    ] = None,
    profile: Annotated[
        str | None, typer.Option(help="Press profile; else the one whose printing condition a file names.")
    ] = None,
    standard: Annotated[
        StandardName | None, typer.Option(help="Hold the files to this standard; else to the profile's.")
    ] = None,
    pages: Annotated[
        str,
        typer.Option(help="Pages whose content is looked at: all, none, or such as 1-4,9."),
    ] = "all",
    safe: Annotated[
        float | None, typer.Option(min=0, help="Safe zone in mm; else the press profile's.")
    ] = None,
    *,
    sheet: Annotated[
        bool,
        typer.Option(
            "--sheet",
            help="The files are press sheets: nothing is cut at their edges, and the profile's sheet margin "
            "is their safe zone.",
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the reports as JSON, one a line.")] = False,
    everything: Annotated[
        bool, typer.Option("--all-checks", help="Also name the checks that passed.")
    ] = False,
    list_only: Annotated[
        bool, typer.Option("--list", help="Only name the checks, with what they mean.")
    ] = False,
) -> None:
    """Check files against a press profile.

    Exits with 0 where all pass (warnings do), 1 where one fails, 2 where a file, the press profile or a page
    is not to be had.
    """
    known = _profiles(profile, standard)
    if sheet:
        known = {name: sheet_profile(one, one.sheet_margin) for name, one in known.items()}
    console = Console(highlight=False)
    if list_only:
        _list(console, next(iter(known.values())), named=len(known) == 1)
        return
    if not files:
        raise typer.BadParameter("name one at least", param_hint="FILES")
    numbers = _numbers(pages)
    failed = 0
    for path in files:
        report = preflight(path, _meant(path, known), safe=safe, pages=numbers)
        failed += not report.passed
        if as_json:
            typer.echo(json.dumps({"file": str(path), **report.document()}, ensure_ascii=False))
        else:
            _print(console, path, report, everything=everything)
    if len(files) > 1 and not as_json:
        passed = len(files) - failed
        console.print(f"{_PASSED if not failed else '[red]✗[/]'} {passed} of {len(files)} files pass")
    if failed:
        raise typer.Exit(1)


def _profiles(name: str | None, standard: StandardName | None) -> dict[str, PressProfile]:
    """The profile of that name, or all, for the standard."""
    try:
        found = open_profiles(Settings.read().profiles_dir)
    except SetupError as error:
        explain(Console(stderr=True, highlight=False), error)
        raise typer.Exit(2) from error
    if name is not None:
        found = {name: found[name]} if name in found else _none_of(found)
    if standard is None:
        return found
    return {name: replace(profile, standard=standard.standard) for name, profile in found.items()}


def _none_of(found: Mapping[str, PressProfile]) -> NoReturn:
    raise typer.BadParameter(f"use one of: {', '.join(found)}", param_hint="--profile")


def _meant(path: Path, known: Mapping[str, PressProfile]) -> PressProfile:
    """The only profile, or the only one that is for what the file says it is made for."""
    if len(known) == 1:
        return next(iter(known.values()))
    said = output_condition_of(path)
    meant = [profile for profile in known.values() if profile.output_condition == said]
    return meant[0] if len(meant) == 1 else _none_of(known)


def _numbers(pages: str) -> frozenset[int] | None:
    """Page numbers of a list such as 1-4,9; None for all."""
    if pages in ("all", "none"):
        return None if pages == "all" else frozenset()
    found: set[int] = set()
    for part in pages.split(","):
        spelled = _PAGES.fullmatch(part.strip())
        first, last = (0, 0) if spelled is None else (int(spelled[1]), int(spelled[2] or spelled[1]))
        if not 0 < first <= last <= _MOST_PAGES:
            raise typer.BadParameter(f"{part!r} is no page; write all, none, or 1-4,9", param_hint="--pages")
        found |= set(range(first, last + 1))
    return frozenset(found)


def _list(console: Console, profile: PressProfile, *, named: bool) -> None:
    """The checks with what this profile, or any that does not say otherwise, makes of them."""
    profile = profile if named else replace(profile, severities={})
    title = f"Checks of {profile.standard.value}" + (f" with the profile {profile.name}" if named else "")
    table = Table(title=title, title_justify="left", box=SIMPLE)
    table.add_column("check", no_wrap=True)
    table.add_column("severity")
    table.add_column("what a sound file keeps")
    for one in all_checks():
        if profile.standard in one.standards:
            demanded = "demanded" if one.demanded else one.severity_for(profile).value
            table.add_row(one.name, demanded, one.title)
    console.print(table)


def _print(console: Console, path: Path, report: Report, *, everything: bool) -> None:
    pages = "1 page" if report.pages == 1 else f"{report.pages:,} pages"
    about = f"{report.standard}, {pages}, profile {escape(report.profile)}"
    console.print(f"[bold]{escape(str(path))}[/]  [dim]{about}[/]")
    for outcome in (*report.errors, *report.warnings):
        _print_outcome(console, outcome)
    passed = [outcome for outcome in report.outcomes if outcome.passed]
    if everything:
        for outcome in passed:
            console.print(f"  {_PASSED} {outcome.name}  [dim]{escape(outcome.title)}[/]")
    console.print(_verdict(report, len(passed)), soft_wrap=True)
    console.print(Padding(Text(_looked_at(report), "dim"), (0, 0, 1, 4)))


def _print_outcome(console: Console, outcome: Outcome) -> None:
    console.print(f"  {_SIGN[outcome.severity]} [bold]{outcome.name}[/]  {escape(outcome.title)}")
    for finding in outcome.findings:
        place = f"{finding.where}: " if finding.where else ""
        console.print(Padding(Text(f"{place}{finding.says}"), (0, 0, 0, 6)))
        console.print(Padding(Text(f"→ {finding.mend}", "dim"), (0, 0, 0, 6)))
    if outcome.more:
        console.print(Padding(Text(f"and {outcome.more:,} more", "dim"), (0, 0, 0, 6)))


def _verdict(report: Report, passed: int) -> str:
    counts = [f"{passed} checks passed"]
    for found, kind in ((report.warnings, "warning"), (report.errors, "error")):
        if found:
            counts.insert(0, f"{len(found)} {kind}{'s' if len(found) > 1 else ''}")
    said = "passes" if report.passed else "fails"
    sign = _PASSED if report.passed else "[red]✗[/]"
    return f"  {sign} {said} its preflight profile {escape(report.profile)}: {', '.join(counts)}"


def _looked_at(report: Report) -> str:
    """Exactly what was checked."""
    if report.painted == report.pages:
        said = "structure and content of every page"
    elif report.painted:
        said = f"structure of every page, content of {report.painted:,}"
    else:
        said = "structure of every page, content of none"
    return f"{said}; switched off: {', '.join(report.off)}" if report.off else said
