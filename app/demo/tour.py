"""`make run`: a plant with a past takes a morning's orders, and a table shows what became of each."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
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

_PATIENCE_SECONDS = 60.0
"""How long nothing may end before the demo says what waits, and ends itself."""
_SILENCE_SECONDS = 5.0
"""After which it asks why nothing ends."""
_PAUSE_SECONDS = 0.05
_MOVING = {"planned", "ready", "submitting"}
"""States that a card passes through by itself."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One order's line in the table: how it was answered, and where its card and photo item ended."""

    answer: Answer
    card: dict[str, Any] | None
    pdf: Path | None
    items: tuple[tuple[str, str, Path | None], ...] = ()
    """Product, state and file of each."""
    waits: bool = False
    """Whether something of it still goes on by itself."""


def run(settings: Settings, console: Console) -> None:
    """Prepare the demo plant, leave the service running, post the morning's orders, show the table.

    Everything is done once: a second run posts the same orders and gets the same answers.
    """
    with _progress(console) as progress:
        plant = prepare(settings, progress)
        running = service.ensure_running(settings)
        with Senders(running.url, plant.credentials) as senders:
            shown = list(_post(senders, plant, settings, progress, console))
    console.print(_table(shown))
    console.print(_summary(shown))
    if waiting := sum(line.waits for line in shown):
        console.print(
            f"{waiting} orders still wait for a target. They go on by themselves once it takes them; "
            "`tipin demo` then shows this table again.",
            style="yellow",
        )
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


def _post(
    senders: Senders, plant: DemoPlant, settings: Settings, progress: Progress, console: Console
) -> Iterator[Shown]:
    posting = progress.add_task("Posting this morning's orders", total=len(plant.morning))
    answers = []
    for position, order in enumerate(plant.morning):
        answers.append(senders.send(_sender_of(order, position), order))
        progress.advance(posting)
    making = progress.add_task("Making their cards and photo items", total=len(answers))
    watch = Watch(senders, console)
    for answer in answers:
        yield _shown(answer, watch.ended(answer), settings)
        progress.advance(making)


def _sender_of(order: DemoOrder, position: int) -> str:
    """Each brand has a shop system of its own; every other order comes from the plant itself."""
    if order.supplied_insert or order.photo or position // 2 % 2 == 0:
        return "native"
    return SHOP_SYSTEMS[order.brand]


class Watch:
    """Follows orders until all of each is handed over or stopped; where nothing ends, says why, and ends."""

    def __init__(self, senders: Senders, console: Console) -> None:
        self._senders = senders
        self._console = console
        self._told: set[str] = set()
        self._patient = True

    def ended(self, answer: Answer) -> dict[str, Any]:
        """An order as it is once nothing of it moves, or after a while in which nothing ended."""
        document, since = self._look(answer), time.monotonic()
        while _moves(document) and self._patient:
            waited = time.monotonic() - since
            self._patient = waited < _PATIENCE_SECONDS
            if waited > _SILENCE_SECONDS:
                self._tell_why()
            time.sleep(_PAUSE_SECONDS)
            document = self._look(answer)
        return document

    def _look(self, answer: Answer) -> dict[str, Any]:
        return self._senders.look(f"/v1/orders/{answer.document['id']}")

    def _tell_why(self) -> None:
        """What is wrong with each target that something waits for, once."""
        for target in self._senders.look("/v1/targets")["targets"]:
            why = reason_to_wait(target)
            if why and why not in self._told:
                self._told.add(why)
                self._console.print(f"Waiting: {escape(why)}", style="yellow", soft_wrap=True)


def reason_to_wait(target: Mapping[str, Any]) -> str:
    """Why a target of `/v1/targets` takes nothing, and the mend; empty where nothing waits for it."""
    if not target["waiting"]:
        return ""
    if target["trouble"]:
        told = "; ".join(filter(None, [target["trouble"], target["mend"]]))
        return f"the target {target['name']!r} takes nothing: {told}"
    if target["gate"] != "open":
        return f"the target {target['name']!r} is {target['gate']}; resume it on its page, /desk/targets"
    return f"pieces wait for the target {target['name']!r}; see /desk/targets and /desk/sheets"


def _shown(answer: Answer, document: Mapping[str, Any], settings: Settings) -> Shown:
    folder = settings.data_dir.absolute() / "hot-folder"

    def printed(record: str, number: str = "") -> Path | None:
        """The latest print of a piece: a name ends in its generation."""
        return max(folder.glob(f"{record}{number}-[0-9].pdf"), default=None)

    items = tuple(
        (item["product"], item["state"], printed(item["record"], f"-{item['number']}"))
        for item in document["items"]
    )
    card = document["card"]
    return Shown(answer, card, None if card is None else printed(_carrier(answer)), items, _moves(document))


def _moves(document: Mapping[str, Any]) -> bool:
    """Whether anything of an order goes on by itself."""
    pieces = [document["card"] or {}, *document["items"]]
    return any(piece.get("state") in _MOVING for piece in pieces)


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
            escape("\n".join(_where(line))),
            f"{line.answer.milliseconds:.1f}",
            style=None if line.card else "dim",
        )
    return table


def _where(line: Shown) -> Iterator[str]:
    """The paths of card and items, from here where they lie below; else the states that they stopped in."""
    if line.card is not None:
        yield str(line.card["state"]) if line.pdf is None else _from_here(line.pdf)
    for product, state, pdf in line.items:
        yield f"{product}: {state if pdf is None else _from_here(pdf)}"


def _from_here(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _summary(shown: Sequence[Shown]) -> str:
    cards = sum(line.pdf is not None for line in shown)
    again = sum(line.answer.status == HTTPStatus.OK for line in shown)
    without = sum(line.pdf is None and not line.waits for line in shown)
    items = sum(pdf is not None for line in shown for _, _, pdf in line.items)
    times = [line.answer.milliseconds for line in shown]
    known = f", {again} of them known before" if again else ""
    return (
        f"\n{len(shown)} orders{known}: {cards} cards and {items} photo items in the hot folder, "
        f"{without} without a card; answered in {median(times):.1f} ms (median)"
    )
