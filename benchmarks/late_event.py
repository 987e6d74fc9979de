"""How long the answer to a late event takes, where it may change what 100 orders would be tagged with.

One customer of 20,000 imported orders, and 100 orders that came in live and were tagged. Then events of the
customer's first orders come in late, one after the other, over HTTP: each is answered when it is held against
all 100 tags, in the one transaction that records it.

    python -m benchmarks.late_event [--history 20000] [--tagged 100] [--events 7]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from app.domain.access import Caller, Role, new_api_key
from app.domain.money import Money
from app.domain.past import Placed, Recorded
from app.settings import Settings
from app.wiring import open_store
from benchmarks.accept_and_tag import BRAND, CATEGORIES, cpu_seconds, free_port, service
from benchmarks.machine import describe

NOW = datetime.now(UTC)
CUSTOMER = "big"


def main() -> None:
    """Set up, post, print the figures."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--history", type=int, default=20_000)
    arguments.add_argument("--tagged", type=int, default=100)
    arguments.add_argument("--events", type=int, default=7)
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="tipin-benchmark-") as folder:
        key = set_up(Path(folder), chosen.history)
        with service(Path(folder), free_port(), draw=False) as (url, pid):
            client = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=60)
            for number in range(chosen.tagged):
                post(client, "/v1/orders", live(number, chosen.tagged))
            before = cpu_seconds(pid)
            taken = [late(client, number) for number in range(chosen.events)]
            cpu = (cpu_seconds(pid) - before) / chosen.events
    print(f"{describe()}; {chosen.tagged} tagged orders of a customer of {chosen.history:,}")
    print(f"a late event: median {statistics.median(taken):.3f} s, {cpu:.3f} s of CPU")


def set_up(folder: Path, count: int) -> str:
    """A database with the customer's history; an API key."""
    store = open_store(Settings(data_dir=folder))
    key = new_api_key()
    with store.transaction() as tx:
        tx.access.add_key(key, Caller(name="benchmark", role=Role.PLANT), made_at=NOW)
        past = [historic(number, count) for number in range(count)]
        tx.recording.orders(BRAND, past, source="csv", at=NOW)
    store.close()
    return key


def historic(number: int, count: int) -> Recorded:
    """One order of the last three years, the first one first."""
    at = NOW - timedelta(days=30) - timedelta(days=1065) * (count - number) / count
    return Recorded(
        placed=Placed(
            source_order_id=f"H-{number}",
            customer_key=f"id:{CUSTOMER}",
            at=at,
            eligible=True,
            categories=frozenset({CATEGORIES[number % len(CATEGORIES)]}),
        ),
        value=Money(900 + number, "EUR"),
        promised_at=at + timedelta(days=4),
    )


def live(number: int, count: int) -> dict[str, object]:
    """One order of the last days, the first one first."""
    return {
        "brand": BRAND,
        "id": f"L-{number}",
        "placed_at": (NOW - timedelta(days=20) * (count - number) / count).isoformat(),
        "value": {"minor": 2_500, "currency": "EUR"},
        "customer": {"id": CUSTOMER, "given_name": "Jonna", "language": "de"},
        "jobs": [{"id": "1", "sku": "PB-A4-40", "quantity": 1}],
    }


def late(client: httpx.Client, number: int) -> float:
    """Tell that an early order was delivered; seconds to the answer."""
    at = NOW - timedelta(days=900)
    began = time.perf_counter()
    event = {"id": f"E-{number}", "type": "delivered", "at": at.isoformat()}
    post(client, f"/v1/orders/H-{number}/events", {"brand": BRAND, "events": [event]})
    return time.perf_counter() - began


def post(client: httpx.Client, path: str, body: dict[str, object]) -> None:
    """Post a body that is taken."""
    client.post(path, json=body, params={"brand": BRAND}).raise_for_status()


if __name__ == "__main__":
    main()
