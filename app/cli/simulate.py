"""`tipin simulate`: what a rule would have done over the last days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from app.cli.access import check_brand
from app.cli.complaints import explain
from app.domain.decision import Outcome
from app.domain.english import plural
from app.errors import TipinError
from app.services.read_rule import document_of
from app.services.simulate_rule import MOST_DAYS, NO_CARD, REASONS, Simulation
from app.settings import Settings
from app.wiring import open_rule_tools


def simulate(
    rule: Annotated[Path, typer.Argument(help="The rule as JSON.", exists=True, dir_okay=False)],
    brand: Annotated[str, typer.Option(help="Whose orders to try it on.")],
    days: Annotated[int, typer.Option(help="How far back.", min=1, max=MOST_DAYS)] = 90,
) -> None:
    """Try a rule on past orders: how many cards, for whom, instead of which. Changes nothing."""
    console, complaints = Console(highlight=False), Console(stderr=True)
    check_brand(brand)
    try:
        tools = open_rule_tools(Settings.read())
        with tools.store.reading() as tx:
            found_brand = tools.brands(tx, brand)
            checked = tools.manage.check(tx, found_brand, document_of(rule.read_bytes()))
            titles = dict(tools.manage.priorities(tx, found_brand)) | {NO_CARD: "no card"}
            console.print(f"{checked.rule.title}: {checked.sentence}", markup=False)
            for warning in checked.warnings:
                console.print(f"  {warning.pointer}: {warning.detail}; {warning.mend}", markup=False)
            with _progress(complaints) as progress:
                task = progress.add_task("Telling the past again", total=None)
                for found in tools.simulate.steps(tx, found_brand, checked.rule, days=days):
                    progress.update(task, total=found.orders, completed=found.told)
    except (TipinError, OSError) as error:
        explain(complaints, error)
        raise typer.Exit(1) from error
    _report(console, found, titles, days)


def _report(console: Console, found: Simulation, titles: Mapping[str, str], days: int) -> None:
    console.print(
        f"{plural(found.orders, 'order')} in {plural(days, 'day')}; the rule matches {found.matched:,} "
        f"({found.reach.share:.1%}), of {plural(found.customers, 'customer')}"
    )
    if found.decided < found.matched:
        console.print(f"The counts below are over the first {found.decided:,} of them.")
    console.print(f"{plural(found.cards, 'card')} of this rule")
    _counts(console, "  instead of", found.instead_of, titles)
    _counts(console, "  outranked by", found.outranked_by, titles)
    _counts(console, "  kept back:", found.kept_back, REASONS)
    if held := found.outcomes[Outcome.WITHHELD]:
        console.print(f"  held out to measure: {held:,}")
    _counts(console, "  no room any more for", found.lost_later, titles)
    if found.cases:
        console.print(_cases(found, titles))
    if concern := found.reach.concern:
        console.print(f"[yellow]Before it is published[/]: {concern}")


def _counts(console: Console, label: str, counted: Counter[str], says: Mapping[str, str]) -> None:
    for code, orders in counted.most_common():
        console.print(f"{label} {says.get(code, code)}: {orders:,}", markup=False)


def _cases(found: Simulation, titles: Mapping[str, str]) -> Table:
    table = Table("Customer", "Placed", "Without the rule", "With it", "Because", title="Some of them")
    for one in found.cases:
        because = "; ".join(map(str, one.said)) if one.outcome is Outcome.CHOSEN else one.why
        table.add_row(
            one.pseudonym or "guest",
            f"{one.placed_at:%Y-%m-%d}",
            titles.get(one.instead_of, one.instead_of),
            one.outcome.value,
            because,
        )
    return table


def _progress(console: Console) -> Progress:
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    return Progress(*columns, console=console, transient=True)
