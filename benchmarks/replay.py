"""Replaying an order stream through the engine, beside one batch of SQL that computes the same tags.

The batch is plain sqlite3: a self-join for the past, a join of days and orders for the thresholds. It sees
the whole table at once, and so does not have to answer order by order as the engine does. Both read the same
file and take turns; their tags are compared.

    .venv/bin/python -m benchmarks.replay [ORDERS.csv[.gz] CREDITS.csv[.gz]] [--rounds N]
"""

from __future__ import annotations

import argparse
import csv
import random
import sqlite3
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from app import occasions
from app.domain.past import Credit, Recorded
from app.domain.policy import OccasionPolicy
from app.registry.plugins import discover
from app.services.order_stream import read_credits, read_orders
from app.services.replay_stream import StreamBrand, replay
from app.store.columns import micros
from benchmarks.machine import describe

YEAR = 365 * 86_400_000_000
DAY = 86_400_000_000
FLAGS = ("first", "first_repeat", "win_back", "high_value_nth", "new_category", "after_delay")
MOST_TIMES = 3.0
"""The target: the engine's time over that of the batch."""
Tags = dict[str, tuple[int, ...]]

TABLES = """
CREATE TABLE o (id TEXT, customer TEXT, at INT, value INT, promised INT, delivered INT, cancelled INT,
  year INT, day INT, place INTEGER PRIMARY KEY);
CREATE TABLE category (place INT, code TEXT, PRIMARY KEY (place, code)) WITHOUT ROWID;
CREATE TABLE credit (customer TEXT, at INT, value INT);
"""
PAST = """
CREATE INDEX o_customer ON o (customer, place, cancelled, year, at, value, promised, delivered);
CREATE INDEX o_day ON o (at, customer, value, cancelled);
CREATE INDEX credit_customer ON credit (customer, at, value);
CREATE TABLE past AS
SELECT o.place, count(p.place) AS n, 1 + coalesce(sum(p.year = o.year), 0) AS nth,
  coalesce(sum(CASE WHEN p.at >= o.at - :year THEN p.value END), 0) AS spent,
  max(p.place) AS last, p.at AS last_at, p.promised AS last_promised,
  p.delivered AS last_delivered
FROM o LEFT JOIN o AS p ON p.customer = o.customer AND p.place < o.place
  AND (p.cancelled IS NULL OR p.cancelled > o.at)
GROUP BY o.place;
CREATE UNIQUE INDEX past_place ON past (place);
CREATE TABLE new AS
SELECT DISTINCT c.place FROM category AS c JOIN o ON o.place = c.place
WHERE NOT EXISTS (
  SELECT 1 FROM o AS p CROSS JOIN category AS k ON k.place = p.place AND k.code = c.code
  WHERE p.customer = o.customer AND p.place < o.place AND (p.cancelled IS NULL OR p.cancelled > o.at));
CREATE UNIQUE INDEX new_place ON new (place);
"""
THRESHOLDS = """
CREATE TABLE spend AS
SELECT d.day, o.customer, sum(o.value) AS spent
FROM (SELECT DISTINCT day FROM o) AS d JOIN o ON o.at >= d.day - :year AND o.at < d.day
WHERE o.cancelled IS NULL OR o.cancelled > d.day
GROUP BY d.day, o.customer;
UPDATE spend SET spent = spent + coalesce((SELECT sum(value) FROM credit
  WHERE credit.customer = spend.customer AND at >= day - :year AND at < day), 0);
CREATE TABLE threshold AS
SELECT day, spent AS least FROM (
  SELECT day, spent, row_number() OVER (PARTITION BY day ORDER BY spent) AS place,
    count(*) OVER (PARTITION BY day) AS n FROM spend)
WHERE n >= 50 AND place = (n * 9 + 9) / 10;
CREATE UNIQUE INDEX threshold_day ON threshold (day);
"""
TAGS = """
SELECT o.id, n = 0, n = 1, coalesce(o.at > last_at + :year, 0), nth = 23 AND coalesce(net >= least, 0),
  n > 0 AND new.place IS NOT NULL,
  coalesce(CASE WHEN last_delivered <= o.at THEN last_delivered ELSE o.at END > last_promised, 0),
  n, nth, net, coalesce(least, -1)
FROM (SELECT past.*, spent + coalesce((
    SELECT sum(credit.value) FROM credit JOIN o AS me ON me.place = past.place
    WHERE credit.customer = me.customer AND credit.at >= me.at - :year AND credit.at < me.at), 0) AS net
  FROM past)
JOIN o USING (place) LEFT JOIN threshold USING (day) LEFT JOIN new USING (place)
"""


def batch(orders: list[Recorded], given: list[Credit]) -> tuple[Tags, float]:
    """The tags by SQL, and the seconds that the thresholds took of it."""
    db = sqlite3.connect(":memory:")
    db.executescript(TABLES)
    ranked = sorted(orders, key=lambda order: (order.placed.at, order.placed.source_order_id.encode()))
    eligible = [order for order in ranked if order.placed.eligible and order.placed.customer_key]
    db.executemany(f"INSERT INTO o VALUES ({','.join('?' * 10)})", map(_row, eligible, range(len(eligible))))
    db.executemany(
        "INSERT INTO category VALUES (?, ?)",
        ((place, code) for place, order in enumerate(eligible) for code in order.placed.categories),
    )
    db.executemany(
        "INSERT INTO credit VALUES (?, ?, ?)", ((c.customer_key, micros(c.at), c.value.minor) for c in given)
    )
    _run(db, PAST)
    began = time.perf_counter()
    _run(db, THRESHOLDS)
    thresholds = time.perf_counter() - began
    return {row[0]: row[1:] for row in db.execute(TAGS, {"year": YEAR})}, thresholds


def _run(db: sqlite3.Connection, script: str) -> None:
    for statement in script.split(";\n"):
        if statement.strip():
            db.execute(statement, {"year": YEAR} if ":year" in statement else {})


def _row(order: Recorded, place: int) -> tuple[str | int | None, ...]:
    placed, at = order.placed, micros(order.placed.at)
    moments = (order.promised_at, order.delivered_at, order.cancelled_at)
    return (
        placed.source_order_id, placed.customer_key, at, order.value.minor,
        *(None if moment is None else micros(moment) for moment in moments),
        placed.at.year, at - at % DAY, place,
    )  # fmt: skip


def engine(orders: list[Recorded], given: list[Credit]) -> Tags:
    """The tags by the engine, order by order."""
    brand = StreamBrand(time_zone=ZoneInfo("UTC"), policy=OccasionPolicy())
    tags = {}
    for told in replay(orders, given, brand, tuple(discover(occasions).values())):
        held = {match.occasion for match in told.matches}
        facts, least = told.facts, told.facts.threshold.minor
        numbers = (facts.n_prior, facts.nth_this_year, facts.spend_365, -1 if least is None else least)
        tags[told.order.placed.source_order_id] = (*(int(code in held) for code in FLAGS), *numbers)
    return tags


def generate(folder: Path, count: int = 12_000) -> tuple[Path, Path]:
    """A made-up shop's two years: a few customers who order often, many who order once."""
    rng = random.Random(1)
    start = datetime(2024, 1, 1, tzinfo=UTC)
    orders, given = folder / "orders.csv", folder / "credits.csv"
    with orders.open("w", newline="") as a, given.open("w", newline="") as b:
        write_order, write_credit = csv.writer(a).writerow, csv.writer(b).writerow
        write_order(
            [
                "order_id",
                "customer_id",
                "placed_at",
                "value_minor",
                "promised_at",
                "delivered_at",
                "cancelled_at",
                "categories",
            ]
        )
        write_credit(["customer_id", "at", "value_minor"])
        for number in range(count):
            at = start + timedelta(minutes=rng.randrange(700 * 24 * 60))
            customer = int(4_000 * rng.random() ** 2)
            promised = at + timedelta(days=3)
            delivered = promised + timedelta(hours=rng.choice([-30, -20, -10, -5, 20]))
            cancelled = at + timedelta(hours=9) if rng.random() < 0.02 else ""
            codes = "|".join(
                rng.sample(["MUG", "BAG", "CARD", "PRINT", "BOOK", "LAMP", "TOY", "CLOCK"], rng.randint(1, 4))
            )
            write_order(
                [number, customer, at, rng.randrange(100, 30_000), promised, delivered, cancelled, codes]
            )
            if rng.random() < 0.2:
                write_credit([customer, at + timedelta(days=9), -rng.randrange(100, 3_000)])
    return orders, given


def measure(orders_file: Path, credits_file: Path, rounds: int) -> None:
    """Print the table."""
    console = Console()
    seconds: dict[str, list[float]] = {"engine": [], "batch": [], "thresholds": []}
    cpu: dict[str, list[float]] = {"engine": [], "batch": []}
    differences = 0
    for _ in range(rounds):
        began, busy = time.perf_counter(), time.process_time()
        orders, given = read_orders(orders_file), read_credits(credits_file)
        read, read_cpu = time.perf_counter() - began, time.process_time() - busy
        began, busy = time.perf_counter(), time.process_time()
        by_engine = engine(orders, given)
        seconds["engine"].append(read + time.perf_counter() - began)
        cpu["engine"].append(read_cpu + time.process_time() - busy)
        began, busy = time.perf_counter(), time.process_time()
        by_batch, thresholds = batch(orders, given)
        seconds["batch"].append(read + time.perf_counter() - began)
        cpu["batch"].append(read_cpu + time.process_time() - busy)
        seconds["thresholds"].append(thresholds)
        differences = sum(by_engine[name] != tags for name, tags in by_batch.items())
    console.print(describe())
    table = Table(title=f"{len(orders):,} orders, {differences} differences, median of {rounds}")
    for heading in ("", "seconds", "orders a second", "engine is … times this"):
        table.add_column(heading, justify="right" if heading else "left")
    middle = {name: statistics.median(taken) for name, taken in seconds.items()}
    rows = {
        "engine, order by order": middle["engine"],
        "batch SQL": middle["batch"],
        "batch SQL without its thresholds": middle["batch"] - middle["thresholds"],
    }
    for name, taken in rows.items():
        table.add_row(name, f"{taken:.2f}", f"{len(orders) / taken:,.0f}", f"{middle['engine'] / taken:.2f}")
    console.print(table)
    for clock, taken_by in (("clock", seconds), ("CPU", cpu)):
        ratio = statistics.median(
            ours / theirs for ours, theirs in zip(taken_by["engine"], taken_by["batch"], strict=True)
        )
        verdict = "kept" if ratio <= MOST_TIMES and not differences else "MISSED"
        console.print(
            f"by {clock}: {ratio:.2f} times the batch, at most {MOST_TIMES:g}, no difference: {verdict}"
        )


def main() -> None:
    """Read the arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    if len(arguments.files) not in {0, 2}:
        parser.error("name an orders file and a credits file, or none")
    with tempfile.TemporaryDirectory() as folder:
        orders, given = arguments.files or generate(Path(folder))
        measure(orders, given, arguments.rounds)


if __name__ == "__main__":
    main()
