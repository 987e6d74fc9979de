"""How fast past orders come in, and how much memory it takes: `python -m benchmarks.import_history`.

Writes a file of made-up orders as a shop's export would have them, and imports it with the code of
`tipin history import` into a fresh database, SQLite or the PostgreSQL of `--database`. The processor's
seconds are told beside the clock's, since other programs on the machine slow only the latter.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app.registry.mappings import ready_mappings
from app.settings import Settings
from app.wiring import brands_in_force, history_importer
from benchmarks.machine import describe

BRAND = "fernweh"
SKUS = ("PB-A4-40", "PR-13x18", "CAL-A3", "MUG-101", "CV-60x40")
FIRST = datetime(2019, 1, 1, tzinfo=UTC)
_SHOP = ZoneInfo("Europe/Berlin")
_Order = Mapping[str, Any]


def main() -> None:
    """Write, import, print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--orders", type=int, default=100_000)
    arguments.add_argument("--kind", choices=sorted(WRITERS), action="append")
    arguments.add_argument(
        "--database", default="", help="SQLAlchemy URL; else a fresh SQLite file each time"
    )
    chosen = arguments.parse_args()
    print(f"{describe()}; {chosen.orders:,} orders a file")
    heads = ("seconds", "orders/s", "CPU s", "orders/CPU s", "again/s", "peak MB")
    print(f"{'file':<14}{'MB':>7}" + "".join(f"{head:>14}" for head in heads))
    for kind in chosen.kind or sorted(WRITERS):
        with tempfile.TemporaryDirectory(prefix="tipin-benchmark-") as folder:
            print(measure(Path(folder), kind, chosen.orders, chosen.database), flush=True)


def measure(folder: Path, kind: str, count: int, database: str) -> str:
    """One file imported twice; a row of the table."""
    mapping, write, ending = WRITERS[kind]
    file = folder / f"orders.{ending}"
    write(file, orders(count))
    settings = Settings(data_dir=folder / "data", database_url=database)
    importer, brand = history_importer(settings), brands_in_force(settings)[BRAND]
    how = ready_mappings()[mapping]

    def once() -> tuple[float, float, int]:
        clock, cpu = time.perf_counter(), time.process_time()
        one = importer.run(importer.begin(brand, file, how), brand, how, file, folder / "rejects")
        assert one.progress.rejected == 0, one.progress
        return time.perf_counter() - clock, time.process_time() - cpu, one.progress.new

    seconds, cpu, new = once()
    assert new == count, "the database was not empty"
    again, _, new = once()
    assert new == 0, "the second time changed something"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1024 if sys.platform != "darwin" else 1024**2
    )
    size = file.stat().st_size / 1e6
    return (
        f"{kind:<14}{size:>7.1f}{seconds:>14.1f}{count / seconds:>14,.0f}{cpu:>14.1f}{count / cpu:>14,.0f}"
        f"{count / again:>14,.0f}{peak:>14.0f}"
    )


def orders(count: int) -> Iterator[_Order]:
    """Made-up orders of the last years, six a customer, with what became of them."""
    chance = random.Random(23)
    for number in range(count):
        placed = FIRST + timedelta(seconds=number * 6 * 365 * 86_400 // count)
        yield {
            "id": f"F-{number}",
            "placed_at": placed.isoformat(),
            "value": chance.randrange(900, 20_000),
            "customer": f"c-{chance.randrange(1 + count // 6)}",
            "sku": chance.choice(SKUS),
            "promised_at": (placed + timedelta(days=4)).isoformat(),
            "shipped_at": (placed + timedelta(days=2)).isoformat(),
            "delivered_at": (placed + timedelta(days=3, hours=chance.randrange(48))).isoformat(),
        }


def write_json(file: Path, past: Iterator[_Order]) -> None:
    """tipin's own shape, one order a line."""
    with file.open("w", encoding="utf-8") as lines:
        for order in past:
            document = {
                name: order[name] for name in ("id", "placed_at", "promised_at", "shipped_at", "delivered_at")
            }
            document |= {
                "value": {"minor": order["value"], "currency": "EUR"},
                "customer": {"id": order["customer"], "given_name": "Jonna", "language": "de"},
                "jobs": [{"id": "1", "sku": order["sku"], "quantity": 1}],
            }
            lines.write(json.dumps(document) + "\n")


def write_csv(file: Path, past: Iterator[_Order]) -> None:
    """tipin's own CSV."""
    names = ("id", "placed_at", "value_minor", "currency", "customer_id", "skus", "categories", "promised_at",
             "shipped_at", "delivered_at")  # fmt: skip
    with file.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(names)
        for order in past:
            known = {"value_minor": order["value"], "currency": "EUR", "customer_id": order["customer"]}
            row = dict(order) | known | {"skus": order["sku"], "categories": ""}
            writer.writerow([row[name] for name in names])


def write_parquet(file: Path, past: Iterator[_Order]) -> None:
    """The columns of tipin's own CSV, with moments and numbers as such."""
    import duckdb  # noqa: PLC0415 -- an extra, which the other kinds do without

    text = file.with_suffix(".csv")
    write_csv(text, past)
    with duckdb.connect(":memory:") as database:
        database.execute(f"COPY (SELECT * FROM read_csv('{text}')) TO '{file}' (FORMAT parquet)")


def write_shopify(file: Path, past: Iterator[_Order]) -> None:
    """Shopify's export: a row an item, customers by e-mail address."""
    names = ("Name", "Email", "Financial Status", "Fulfilled at", "Currency", "Total", "Created at",
             "Lineitem quantity", "Lineitem name", "Lineitem sku", "Cancelled at",
             "Refunded Amount", "Id")  # fmt: skip
    with file.open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, names)
        writer.writeheader()
        for number, order in enumerate(past, 1):
            whole = {
                "Name": f"#{number}",
                "Email": f"{order['customer']}@example.com",
                "Financial Status": "paid",
                "Fulfilled at": _as_shopify(order["shipped_at"]),
                "Currency": "EUR",
                "Total": f"{order['value'] / 100:.2f}",
                "Created at": _as_shopify(order["placed_at"]),
                "Refunded Amount": "0.00",
                "Id": number,
            }
            item = {"Lineitem quantity": 1, "Lineitem name": "Print", "Lineitem sku": order["sku"]}
            writer.writerow(whole | item)
            if number % 2:
                writer.writerow({"Name": f"#{number}", "Email": whole["Email"]} | item)


def _as_shopify(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone(_SHOP).strftime("%Y-%m-%d %H:%M:%S %z")


WRITERS: dict[str, tuple[str, Callable[[Path, Iterator[_Order]], None], str]] = {
    "csv": ("tipin-csv", write_csv, "csv"),
    "json lines": ("tipin-json", write_json, "jsonl"),
    "parquet": ("tipin-csv", write_parquet, "parquet"),
    "shopify": ("shopify", write_shopify, "csv"),
}
"""Each kind of file: its mapping, what writes it, and the ending of its name."""


if __name__ == "__main__":
    main()
