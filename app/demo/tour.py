"""`make run`: a plant with a past takes a morning's orders, and a table shows what became of each."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from app.demo import service
from app.demo.history import DemoOrder
from app.demo.plant import SHOP_SYSTEMS, DemoPlant, prepare
from app.demo.senders import Answer, Senders
from app.settings import Settings

_PATIENCE_SECONDS = 120.0
_PAUSE_SECONDS = 0.05
_MOVING = {"planned", "ready", "submitting"}
"""States that a card passes through by itself."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One order's line in the table: how it was answered, and where its card ended."""

    answer: Answer
    card: dict[str, Any] | None
    pdf: Path | None


def run(settings: Settings, console: Console) -> None:
    """Prepare the demo plant, leave the service running, post the morning's orders, show the table.

    Everything is done once: a second run posts the same orders and gets the same answers.
    """
    with _progress(console) as progress:
        plant = prepare(settings, progress)
        running = service.ensure_running(settings)
        with Senders(running.url, plant.credentials) as senders:
            shown = list(_post(senders, plant, settings, progress))
    console.print(_table(shown))
    console.print(_summary(shown))
    console.print(
        f"\n  The service is running:  [bold]{running.url}/desk[/bold]\n"
        f"  Sign in as               [bold]{plant.credentials.operator}[/bold]\n"
        f"  with the password        [bold]{plant.credentials.password}[/bold]\n"
        f"  API key                  {plant.credentials.api_key}\n"
        f"  API described by         {running.url}/openapi.json\n"
        "  Stop it with             make stop\n",
        highlight=False,
        soft_wrap=True,
    )


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description:<44}"),
        BarColumn(bar_width=28),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )


def _post(senders: Senders, plant: DemoPlant, settings: Settings, progress: Progress) -> Iterator[Shown]:
    posting = progress.add_task("Posting this morning's orders", total=len(plant.morning))
    answers = []
    for position, order in enumerate(plant.morning):
        answers.append(senders.send(_sender_of(order, position), order))
        progress.advance(posting)
    making = progress.add_task("Making their cards", total=len(answers))
    for answer in answers:
        yield _wait(senders, answer, settings)
        progress.advance(making)


def _sender_of(order: DemoOrder, position: int) -> str:
    """Each brand has a shop system of its own; every other order comes from the plant itself."""
    if order.supplied_insert or position // 2 % 2 == 0:
        return "native"
    return SHOP_SYSTEMS[order.brand]


def _wait(senders: Senders, answer: Answer, settings: Settings) -> Shown:
    """Follow an order's card until it is handed over, or stopped."""
    card = answer.document["card"]
    if card is None:
        return Shown(answer, None, None)
    deadline = time.monotonic() + _PATIENCE_SECONDS
    order_id, job_id = answer.document["id"], _carrier(answer)
    while time.monotonic() < deadline:
        card = senders.look(f"/v1/orders/{order_id}")["card"]
        if card["state"] not in _MOVING:
            break
        time.sleep(_PAUSE_SECONDS)
    folder = settings.data_dir.absolute() / "hot-folder"
    return Shown(answer, card, next(iter(sorted(folder.glob(f"{job_id}*.pdf"))), None))


def _carrier(answer: Answer) -> str:
    return next(str(job["id"]) for job in answer.document["jobs"] if job["carries_insert"])


def _table(shown: Sequence[Shown]) -> Table:
    table = Table(header_style="bold", show_edge=False, pad_edge=False, show_lines=True)
    table.add_column("order\nsender", no_wrap=True)
    table.add_column("customer", max_width=18, overflow="fold")
    table.add_column("occasion, and why", min_width=30, max_width=48)
    table.add_column("template", no_wrap=True)
    table.add_column("PDF", overflow="fold", min_width=16)
    table.add_column("ms", justify="right", no_wrap=True)
    for line in shown:
        tag, order = line.answer.document["tag"], line.answer.order
        name = order.person.name if order.person else "guest"
        table.add_row(
            f"{order.number}\n[dim]{line.answer.sender}[/dim]",
            escape(f"{name}, as a gift to {order.gift_to}" if order.gift_to else name),
            f"[bold]{tag['occasion'] or 'no card'}[/bold]\n{escape(tag['reason'])}",
            f"{line.card['template']}\n{line.card['language']}" if line.card else "",
            escape(_where(line)),
            f"{line.answer.milliseconds:.1f}",
            style=None if line.card else "dim",
        )
    return table


def _where(line: Shown) -> str:
    """The card's path, from here where it lies below; else the state that it stopped in."""
    if line.card is None:
        return ""
    if line.pdf is None:
        return str(line.card["state"])
    here = Path.cwd()
    return str(line.pdf.relative_to(here) if line.pdf.is_relative_to(here) else line.pdf)


def _summary(shown: Sequence[Shown]) -> str:
    cards = sum(line.pdf is not None for line in shown)
    again = sum(line.answer.status == HTTPStatus.OK for line in shown)
    times = [line.answer.milliseconds for line in shown]
    known = f", {again} of them known before" if again else ""
    return (
        f"\n{len(shown)} orders{known}: {cards} cards in the hot folder, "
        f"{len(shown) - cards} without a card; answered in {median(times):.1f} ms (median)"
    )
