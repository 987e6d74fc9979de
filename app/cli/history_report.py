"""How the command line tells what a history file would become."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from app.domain.brand import Brand
from app.services.history.examine import Examined
from app.services.history.propose import Proposal


def tell_doubts(console: Console, proposal: Proposal) -> None:
    """What the file was taken for, and what a person has to decide."""
    if proposal.ready:
        console.print(f"Read as: {proposal.mapping.title} ({proposal.ready})", markup=False)
    for doubt in proposal.doubts:
        console.print(f"? {doubt}", style="yellow", markup=False)


def report(console: Console, found: Examined, brand: Brand) -> None:
    """The first orders as they would be understood, and how many would be refused for what."""
    console.print(found.described, markup=False)
    if found.examples:
        console.print(_examples(found, brand))
    if found.first and found.last:
        console.print(f"{found.orders:,} orders from {found.first:%Y-%m-%d} to {found.last:%Y-%m-%d}")
    if found.skipped:
        console.print(f"{found.skipped:,} never became orders, by their status")
    if found.rejected:
        console.print(f"{found.rejected:,} would be refused:", style="red")
        for reason, count in found.reasons.most_common():
            console.print(f"  {count:>9,} × {reason}", markup=False)
        for each in found.refused:
            console.print(f"  line {each.line}: {each.why}", style="dim", markup=False)
    for note in found.notes:
        console.print(f"! {note}", style="yellow", markup=False)


def _examples(found: Examined, brand: Brand) -> Table:
    table = Table("line", "order", "placed", "value", "customer", "categories", "then")
    for one in found.examples:
        local = one.placed_at.astimezone(brand.time_zone)
        events = [f"{name} {at.astimezone(brand.time_zone):%Y-%m-%d %H:%M}" for name, at in one.events]
        kind = "" if one.kind == "sale" else f" ({one.kind})"
        table.add_row(
            str(one.line),
            one.order_id + kind,
            f"{local:%Y-%m-%d %H:%M}",
            str(one.value),
            one.customer,
            ", ".join(one.categories),
            "; ".join(events),
        )
    return table
