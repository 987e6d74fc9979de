"""`tipin preflight`: every check on files, with place and mend."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from app.domain.profile import PressProfile
from app.errors import SetupError
from app.pdf.preflight import Outcome, Report, Severity, preflight
from app.registry.places import PROFILES
from app.registry.profiles import load_profiles

_PASSED, _FAILED, _WARNED = "[green]✓[/]", "[red]✗[/]", "[yellow]![/]"


def preflight_files(
    files: Annotated[list[Path], typer.Argument(help="PDF files.", exists=True, dir_okay=False)],
    profile: Annotated[
        str | None, typer.Option(help="Press profile; may be left out where there is only one.")
    ] = None,
    safe: Annotated[
        float | None, typer.Option(min=0, help="Safe zone in mm; else the press profile's.")
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the reports as JSON, one a line.")] = False,
) -> None:
    """Check files against a press profile. Exits with 1 where one fails."""
    chosen = _profile(profile)
    console = Console(highlight=False)
    failed = 0
    for path in files:
        report = preflight(path.read_bytes(), chosen, safe=safe)
        failed += not report.passed
        if as_json:
            typer.echo(json.dumps({"file": str(path), **report.document()}, ensure_ascii=False))
        else:
            _print(console, path, report)
    if failed:
        raise typer.Exit(1)


def _profile(name: str | None) -> PressProfile:
    try:
        profiles = load_profiles(PROFILES)
    except SetupError as error:
        raise typer.BadParameter(f"{error.detail}: {error.mend}", param_hint="--profile") from error
    if name is None and len(profiles) == 1:
        return next(iter(profiles.values()))
    if name not in profiles:
        raise typer.BadParameter(f"use one of: {', '.join(profiles)}", param_hint="--profile")
    return profiles[name]


def _print(console: Console, path: Path, report: Report) -> None:
    table = Table(title=escape(str(path)), title_justify="left", box=None, pad_edge=False, show_header=False)
    table.add_column()
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for outcome in report.outcomes:
        table.add_row(_sign(outcome), outcome.name, escape(outcome.title))
        for finding in outcome.findings:
            place = f"{finding.where}: " if finding.where else ""
            table.add_row("", "", escape(f"{place}{finding.says}"))
            table.add_row("", "", f"[dim]→ {escape(finding.mend)}[/]")
        if outcome.more:
            table.add_row("", "", f"[dim]and {outcome.more} more[/]")
    console.print(table)
    console.print(_verdict(report))


def _sign(outcome: Outcome) -> str:
    if outcome.passed:
        return _PASSED
    return _FAILED if outcome.severity is Severity.ERROR else _WARNED


def _verdict(report: Report) -> str:
    count = len(report.outcomes)
    warned = f", {len(report.warnings)} with warnings" if report.warnings else ""
    if report.passed:
        return f"{_PASSED} passes its preflight profile {report.profile}: {count} checks{warned}\n"
    broken = f"{len(report.errors)} of {count} checks"
    return f"{_FAILED} fails its preflight profile {report.profile}: {broken}{warned}\n"
