"""How long a sender waits: orders posted over HTTP to the real service, with synchronous=FULL.

Each post is accepted, tagged on the customer's past, its card selected, and its task enqueued, in one
durable transaction, before the answer leaves. Formats are posted in turn, so that drift of the machine hits
all alike. The cards are drawn by another process (`tipin work`) unless `--draw` is given.

    python benchmarks/accept_and_tag.py [--posts 600] [--history 5000] [--draw]
"""

from __future__ import annotations

import argparse
import base64
import hmac
import json
import os
import random
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from app.domain.access import Caller, Role, new_api_key
from app.domain.format import HookSecret
from app.domain.money import Money
from app.domain.past import Placed, Recorded
from app.settings import Settings
from app.wiring import build
from benchmarks.machine import describe

CUSTOMERS = 700
SKUS = ("PB-A4-40", "PR-13x18", "CA-A3", "WA-50x70")
CATEGORIES = ("photo-books", "prints", "calendars", "wall-art")
BRAND, SECRET = "fernweh", "benchmark-secret"
NOW = datetime.now(UTC)
Post = Callable[[int], httpx.Response]


def main() -> None:
    """Set up, post, print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--posts", type=int, default=600)
    arguments.add_argument("--history", type=int, default=5_000)
    arguments.add_argument("--port", type=int, default=0)
    arguments.add_argument("--draw", action="store_true", help="draw the cards in the same process")
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="tipin-benchmark-") as folder:
        key = set_up(Path(folder), chosen.history)
        with service(Path(folder), chosen.port or free_port(), draw=chosen.draw) as (url, pid):
            posts = senders(httpx.Client(base_url=url), key)
            measure(posts, 60)  # warm-up
            before = cpu_seconds(pid)
            times = measure(posts, chosen.posts)
            cpu = (cpu_seconds(pid) - before) / sum(map(len, times.values())) * 1000
    print(f"{describe()}; SQLite WAL, synchronous=FULL; {chosen.history:,} orders of history")
    print(f"{'format':<10}{'posts':>7}{'p50 ms':>9}{'p95 ms':>9}{'max ms':>9}")
    for name, taken in times.items():
        print(
            f"{name:<10}{len(taken):>7}{statistics.median(taken):>9.1f}"
            f"{statistics.quantiles(taken, n=20)[-1]:>9.1f}{max(taken):>9.1f}"
        )
    print(f"the service's own CPU time: {cpu:.1f} ms a post; the rest is disk and other load")


def set_up(folder: Path, orders: int) -> str:
    """A database with a history; an API key."""
    services = build(Settings(data_dir=folder))
    chance = random.Random(23)
    key = new_api_key()
    with services.store.transaction() as tx:
        tx.access.add_key(key, Caller(name="benchmark", role=Role.PLANT), made_at=NOW)
        for code in ("siteflow", "shopify"):
            tx.access.set_hook_secret(BRAND, code, HookSecret(token="t", secret=SECRET))
        past = [historic(number, chance) for number in range(orders)]
        tx.recording.orders(BRAND, past, source="csv", at=NOW)
    services.store.close()
    return key


def historic(number: int, chance: random.Random) -> Recorded:
    """One order of the last three years."""
    return Recorded(
        placed=Placed(
            source_order_id=f"H-{number}",
            customer_key=f"id:{chance.randrange(CUSTOMERS)}",
            at=NOW - timedelta(days=1 + chance.random() * 3 * 365),
            eligible=True,
            categories=frozenset({chance.choice(CATEGORIES)}),
        ),
        value=Money(chance.randrange(900, 20_000), "EUR"),
    )


@contextmanager
def service(folder: Path, port: int, *, draw: bool) -> Iterator[tuple[str, int]]:
    """`tipin serve` as its own process, ready; its address and process id."""
    url = f"http://127.0.0.1:{port}"
    chosen = {"TIPIN_DATA_DIR": str(folder), "TIPIN_MIN_FREE_BYTES": "1", "TIPIN_WORK": str(draw)}
    environment = os.environ | chosen
    command = [sys.executable, "-c", "from app.cli import app; app()", "serve", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(300):
                try:
                    if httpx.get(f"{url}/readyz").is_success:
                        break
                except httpx.TransportError:
                    time.sleep(0.1)
            yield url, process.pid
        finally:
            process.terminate()


def cpu_seconds(pid: int) -> float:
    """CPU time that a process has used (proc(5): fields 14 and 15 of `stat`)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def senders(client: httpx.Client, key: str) -> dict[str, Post]:
    """One way to post order number so-and-so in each format."""
    bearer = {"Authorization": f"Bearer {key}"}

    def native(number: int) -> httpx.Response:
        return client.post("/v1/orders", content=json.dumps(native_body(number)).encode(), headers=bearer)

    def siteflow(number: int) -> httpx.Response:
        path, stamp = f"/hooks/siteflow/{BRAND}", datetime.now(UTC).isoformat()
        signature = hmac.new(SECRET.encode(), f"POST {path} {stamp}".encode(), "sha256").hexdigest()
        signed = {"x-oneflow-authorization": f"t:{signature}", "x-oneflow-date": stamp}
        return client.post(
            path,
            content=json.dumps(siteflow_body(number)).encode(),
            headers=bearer | signed | {"x-oneflow-algorithm": "SHA256"},
        )

    def shopify(number: int) -> httpx.Response:
        body = json.dumps(shopify_body(number)).encode()
        mac = base64.b64encode(hmac.digest(SECRET.encode(), body, "sha256")).decode()
        signed = {"X-Shopify-Hmac-Sha256": mac, "X-Shopify-Topic": "orders/create"}
        return client.post(f"/hooks/shopify/{BRAND}", content=body, headers=signed)

    return {"native": native, "siteflow": siteflow, "shopify": shopify}


def native_body(number: int) -> dict[str, Any]:
    """An order of two jobs."""
    return {
        "brand": BRAND,
        "id": f"N-{number}",
        "placed_at": datetime.now(UTC).isoformat(),
        "value": {"minor": 4_590, "currency": "EUR"},
        "customer": {"id": str(number % CUSTOMERS), "given_name": "Jonna", "language": "de"},
        "jobs": [{"id": "1", "sku": SKUS[number % 4]}, {"id": "2", "sku": SKUS[0]}],
    }


def siteflow_body(number: int) -> dict[str, Any]:
    """An order of two items."""
    items = [
        {"sourceItemId": str(i), "sku": SKUS[i], "quantity": 1, "unitPrice": 12.5, "shipmentIndex": 0}
        for i in range(2)
    ]
    extra = {"customerId": str(number % CUSTOMERS), "givenName": "Jonna", "currency": "EUR"}
    shipments = [{"shipTo": {"name": "Jonna Lindqvist", "isoCountry": "DE"}, "shipByDate": f"{NOW:%Y-%m-%d}"}]
    order = {"sourceOrderId": f"S-{number}", "items": items, "shipments": shipments, "extraData": extra}
    return {"destination": {"name": "plant"}, "orderData": order}


def shopify_body(number: int) -> dict[str, Any]:
    """An order of two lines."""
    return {
        "id": 10**9 + number,
        "name": f"#{number}",
        "created_at": datetime.now(UTC).isoformat(),
        "currency": "EUR",
        "total_price": "45.90",
        "customer": {"id": number % CUSTOMERS, "first_name": "Jonna", "last_name": "Lindqvist"},
        "line_items": [{"id": i, "sku": SKUS[i], "quantity": 1, "name": "Print"} for i in range(2)],
    }


def measure(posts: dict[str, Post], count: int) -> dict[str, list[float]]:
    """Milliseconds of each post, the formats in turn."""
    times: dict[str, list[float]] = {name: [] for name in posts}
    first = secrets.randbelow(10**8)
    for number in range(first, first + count // len(posts)):
        for name, post in posts.items():
            started = time.perf_counter()
            answer = post(number)
            times[name].append((time.perf_counter() - started) * 1000)
            if answer.status_code != httpx.codes.CREATED:
                raise SystemExit(f"{name}: {answer.status_code} {answer.text}")
    return times


if __name__ == "__main__":
    main()
