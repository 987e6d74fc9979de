"""How long tagging one job takes in a big ledger: the past asked, the facts derived, every occasion matched.

SQLite on disk with a million orders: five a customer, and one customer of 20,000. Each tag
is of an order that comes now, as the intake does it, without its writes. Percentiles are of wall time and of
CPU time: where the machine is shared, only the second is the program's own.

    .venv/bin/python -m benchmarks.tag_job [--orders 1000000] [--jobs 2000]
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from app import occasions
from app.domain.money import Money
from app.domain.past import Placed, Recorded
from app.domain.policy import OccasionPolicy
from app.registry.plugins import discover
from app.services.learn_facts import find_matches, learn_facts, threshold_of
from app.services.replay_stream import StreamBrand
from app.store.database import Store, Transaction
from benchmarks.machine import describe

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
BRAND = StreamBrand(time_zone=ZoneInfo("Europe/Berlin"), policy=OccasionPolicy())
OCCASIONS = tuple(discover(occasions).values())
CATEGORIES = [f"category-{n}" for n in range(12)]
OF_THE_BIG_ONE = 20_000
AN_ORDER_EACH = 5
MOST_MS, MOST_MS_OF_THE_BIG_ONE = 5.0, 15.0
"""The targets: p99 of one job, and of one of the customer of many orders."""
CHUNK = 50_000


def main() -> None:
    """Fill the ledger, tag, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--jobs", type=int, default=2_000)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tipin-benchmark-") as folder:
        store = Store(f"sqlite:///{Path(folder) / 'tipin.db'}")
        store.create()
        fill(store, chosen.orders)
        customers = max(chosen.orders // AN_ORDER_EACH, 1)
        chance = random.Random(7)
        with store.reading() as tx:
            tag(tx, "id:big", 0)  # the day's threshold, once a day, and warm pages
            some = [tag(tx, f"id:{chance.randrange(customers)}", n) for n in range(chosen.jobs)]
            big = [tag(tx, "id:big", n) for n in range(100)]
        store.close()
    show(chosen.orders, {"a customer of the many": some, f"the customer of {OF_THE_BIG_ONE:,}": big})


def fill(store: Store, count: int) -> None:
    """Store the orders."""
    chance = random.Random(23)
    customers = max(count // AN_ORDER_EACH, 1)
    names = ("id:big" if n < OF_THE_BIG_ONE else f"id:{chance.randrange(customers)}" for n in range(count))
    orders = (historic(n, name, chance) for n, name in enumerate(names))
    while chunk := list(_first(orders)):
        with store.transaction() as tx:
            tx.recording.orders(BRAND.code, chunk, source="benchmark", at=NOW)


def _first(orders: Iterator[Recorded]) -> Iterator[Recorded]:
    for _ in range(CHUNK):
        if (order := next(orders, None)) is None:
            return
        yield order


def historic(number: int, customer: str, chance: random.Random) -> Recorded:
    """One order of the last three years."""
    at = NOW - timedelta(minutes=1 + chance.randrange(3 * 365 * 24 * 60))
    return Recorded(
        placed=Placed(
            source_order_id=f"H-{number}",
            customer_key=customer,
            at=at,
            eligible=True,
            categories=frozenset(chance.sample(CATEGORIES, 2)),
        ),
        value=Money(chance.randrange(900, 20_000), BRAND.currency),
        promised_at=at + timedelta(days=3),
        delivered_at=at + timedelta(days=chance.choice([2, 2, 2, 4])),
    )


def tag(tx: Transaction, customer: str, number: int) -> tuple[float, float]:
    """Tag one order; milliseconds of wall and of CPU."""
    placed = Placed(
        source_order_id=f"N-{number}",
        customer_key=customer,
        at=NOW,
        eligible=True,
        categories=frozenset(CATEGORIES[:2]),
        country="DE",
        received_at=NOW,
    )
    wall, cpu = time.perf_counter(), time.process_time()
    facts, _past = learn_facts(tx, BRAND, placed, threshold_of(tx, BRAND, placed))
    find_matches(OCCASIONS, facts)
    return (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000


def show(orders: int, taken: dict[str, list[tuple[float, float]]]) -> None:
    """Print the percentiles."""
    console = Console()
    console.print(describe())
    table = Table(title=f"Tagging one job, {orders:,} orders in SQLite; ms")
    for heading in ("", "p50 wall", "p99 wall", "p50 CPU", "p99 CPU"):
        table.add_column(heading, justify="right" if heading else "left")
    for name, times in taken.items():
        wall, cpu = sorted(one[0] for one in times), sorted(one[1] for one in times)
        cells = (f"{of[int(share * (len(of) - 1))]:.2f}" for of in (wall, cpu) for share in (0.5, 0.99))
        table.add_row(name, *cells)
    console.print(table)
    for (name, times), most in zip(taken.items(), (MOST_MS, MOST_MS_OF_THE_BIG_ONE), strict=True):
        for clock, of in (("wall", [one[0] for one in times]), ("CPU", [one[1] for one in times])):
            p99 = sorted(of)[int(0.99 * (len(of) - 1))]
            verdict = "kept" if p99 <= most else "MISSED"
            console.print(f"{name}: p99 {p99:.2f} ms {clock}, at most {most:g} ms: {verdict}")


if __name__ == "__main__":
    main()
