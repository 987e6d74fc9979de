"""`tipin tag`: what every order of a past stream would have been tagged with."""

from __future__ import annotations

import csv
import gzip
import io
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, TextIO
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from app import occasions
from app.cli.complaints import explain
from app.cli.simulated import told
from app.domain.occasion import Occasion
from app.domain.past import Recorded
from app.domain.policy import OccasionPolicy
from app.errors import SetupError, TipinError
from app.registry.plugins import discover
from app.services.order_stream import read_credits, read_orders
from app.services.plant_files import brand_files, card_files
from app.services.replay_stream import Retold, StreamBrand, replay
from app.services.simulate_cards import SimulateCards
from app.settings import Settings

_OCCASIONS = ("first", "first_repeat", "win_back", "high_value_nth", "new_category", "after_delay")
_CSV = "{} as CSV, plain or gzipped."
COLUMNS = ("order_id", *_OCCASIONS, "n_prior", "nth_year", "spend365", "threshold")

_Row = tuple[str | int, ...]


def tag(
    *,
    orders: Annotated[Path, typer.Argument(help=_CSV.format("Orders"), exists=True, dir_okay=False)],
    out: Annotated[Path, typer.Option(help="Where the tags go; .gz is gzipped.", dir_okay=False)],
    credits_file: Annotated[
        Path | None,
        typer.Option("--credits", help=_CSV.format("Credits"), exists=True, dir_okay=False),
    ] = None,
    time_zone: Annotated[str, typer.Option(help="Where days begin, such as Europe/Berlin.")] = "UTC",
    milestones: Annotated[str, typer.Option(help="Orders of the year that count, such as 10,23,50.")] = "23",
    words: Annotated[
        str,
        typer.Option("--words", help="The brand whose words the cards would say."),
    ] = "",
) -> None:
    """Tag every order of a past stream as if it had just come in, as CSV, and say what cards come of it."""
    console = Console(stderr=True)
    zone, years = _zone(time_zone), _milestones(milestones)
    try:
        with _progress(console) as progress:
            reading = progress.add_task("Reading", total=orders.stat().st_size)
            stream = read_orders(orders, lambda done: progress.update(reading, completed=done))
            given = read_credits(credits_file) if credits_file else []
            progress.update(reading, total=len(stream), completed=len(stream))
            policy = OccasionPolicy(milestones=years, history_complete_since=_first_moment(stream))
            brand = StreamBrand(time_zone=zone, policy=policy)
            known = discover(occasions)
            simulate = _simulation(brand, words, known)
            retold = simulate(replay(stream, given, brand, tuple(known.values())))
            rows = _rows(progress.track(retold, total=len(stream), description="Tagging"), stream)
            _write(out, rows)
    except (TipinError, OSError) as error:
        explain(console, error)
        raise typer.Exit(1) from error
    console.print(f"{len(stream):,} orders tagged in {out}")
    for line in told(simulate.found, known):
        console.print(line, highlight=False)


def _first_moment(stream: list[Recorded]) -> datetime | None:
    """What a stream does not hold is unknown: its history is whole from its first order on."""
    return min((order.placed.at for order in stream), default=None)


def _simulation(brand: StreamBrand, words: str, known: Mapping[str, Occasion]) -> SimulateCards:
    """Cards by the stream's own policy, in the words of one of the plant's brands."""
    from app.wiring import known_brands  # noqa: PLC0415 -- all of tipin, which few calls need

    settings = Settings.read()
    brands = known_brands(settings, brand_files(settings))
    if not brands:
        raise SetupError("there is no brand whose words the cards could say", mend="add a brand")
    named = words or min(brands)
    if named not in brands:
        raise SetupError(f"there is no brand {named!r}", mend=f"use one of {', '.join(sorted(brands))}")
    speaker = replace(
        brands[named],
        code=brand.code,
        policy=brand.policy,
        time_zone=brand.time_zone,
        currency=brand.currency,
    )
    template = card_files(settings, known)[speaker.template]
    # One key for every plant, so that the same stream always comes to the same cards.
    return SimulateCards(speaker, template, known, b"the cards of a stream")


def _rows(retold: Iterable[Retold], stream: list[Recorded]) -> Iterator[_Row]:
    """One row an order, in the stream's own order."""
    by_id = {told.order.placed.source_order_id: _row(told) for told in retold}
    for order in stream:
        yield by_id[order.placed.source_order_id]


def _row(told: Retold) -> _Row:
    facts, held = told.facts, {match.occasion for match in told.matches}
    least = facts.threshold.minor
    return (
        told.order.placed.source_order_id,
        *(int(code in held) for code in _OCCASIONS),
        facts.n_prior,
        facts.nth_this_year,
        facts.spend_365,
        "" if least is None else least,
    )


def _write(out: Path, rows: Iterator[_Row]) -> None:
    """Write under a temporary name, so that `out` is whole or not there."""
    with _draft(out) as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)


@contextmanager
def _draft(out: Path) -> Iterator[TextIO]:
    handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.", suffix=".part")
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as raw:
            binary = gzip.GzipFile("", "wb", fileobj=raw, mtime=0) if out.suffix == ".gz" else raw
            with io.TextIOWrapper(binary, encoding="utf-8", newline="") as text:
                yield text
        draft.chmod(0o644)
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise typer.BadParameter(f"{name!r} is no time zone; write one such as Europe/Berlin") from None


def _milestones(text: str) -> tuple[int, ...]:
    try:
        numbers = tuple(int(part) for part in text.split(","))
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no list of numbers; write one such as 10,23,50") from None
    if min(numbers) < 1:
        raise typer.BadParameter("an order of the year is counted from 1")
    return numbers


def _progress(console: Console) -> Progress:
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    return Progress(*columns, console=console)
