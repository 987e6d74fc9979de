"""The durable flow: how soon an accepted order is a card in the hot folder, and how many a second.

    .venv/bin/python -m benchmarks.flow [ORDERS]

Real engine, preflight, hot folder and DBOS over a SQLite file with full durability, in one process. Latency
runs from the end of intake to the ticket in the hot folder, one order at a time. Throughput is that of a
batch which was taken before the worker began.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from app.formats import native
from app.services.accept_order import Accepted
from app.services.desk import Services
from app.settings import Settings
from app.store.dead_letters import Received
from app.wiring import build
from benchmarks.machine import describe


def take(services: Services, number: int) -> str:
    """Take one order of a new customer; its first job's id."""
    body = native.EXAMPLE | {"id": f"B-{number}", "customer": {"id": f"c-{number}", "given_name": "Jonna"}}
    del body["promised_at"], body["needed_by"]
    content = json.dumps(body).encode()
    received = Received(
        brand="fernweh", source="native", body=content, received_at=datetime.now(UTC), headers={}
    )
    accepted = services.receive(received)
    assert isinstance(accepted, Accepted)
    with services.store.reading() as tx:
        (insert,) = tx.inserts.of_order(accepted.order_id)
    return insert.job_id


def wait(holds: Callable[[], bool]) -> float:
    """Seconds until it holds."""
    begin = time.perf_counter()
    while not holds():
        time.sleep(0.002)
    return time.perf_counter() - begin


def main() -> None:
    """Print the table."""
    orders = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory(prefix="tipin-flow-") as folder:
        services = build(Settings(data_dir=Path(folder), min_free_bytes=1))
        (worker,) = services.background
        press = Path(folder) / "hot-folder"
        batch = [take(services, number) for number in range(orders)]
        begin = time.process_time()
        worker.start()
        seconds = wait(lambda: len(list(press.glob("[!.]*.json"))) == len(batch))
        cpu = time.process_time() - begin
        latencies = []
        for number in range(orders, orders + 40):
            job = take(services, number)
            latencies.append(wait((press / f"{job}-0.json").exists) * 1000)
        begin, idle = time.process_time(), time.perf_counter()
        time.sleep(3)
        load = (time.process_time() - begin) / (time.perf_counter() - idle)
        worker.stop()
        services.store.close()
    print(describe())
    print(f"{'accepted to hot folder, ms':<34}{'p50':>8}{'p95':>8}")
    p95 = statistics.quantiles(latencies, n=20)[-1]
    print(f"{f'{len(latencies)} orders one by one':<34}{statistics.median(latencies):>8.0f}{p95:>8.0f}")
    each = cpu / orders * 1000
    rate = orders / seconds
    print(f"{f'{orders} orders that waited':<34}{rate:>8.1f} a second, {each:.1f} ms CPU each")
    print(f"{'idle worker':<34}{load:>8.1%} of one core")


if __name__ == "__main__":
    main()
