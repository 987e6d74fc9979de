"""kill -9 between every two steps and at random: each accepted order ends with one card, one call-back."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import httpx
import pytest

from app.domain.access import Caller, Role, new_api_key
from app.domain.call_back import DeliveryState, Endpoint
from app.domain.insert import InsertState
from app.settings import Settings
from app.store.database import Store
from app.wire.webhooks import new_secret
from app.wiring import open_store
from tests.listener import Listener
from tests.postgres import cluster

ROOT = Path(__file__).parents[2]
BRAND = "fernweh"
PATIENCE = 90.0


class Press:
    """Watches the hot folder and takes each card away as soon as its ticket is there, as a press does."""

    def __init__(self, folder: Path) -> None:
        self.taken: Counter[str] = Counter()
        self.files: dict[str, str] = {}
        self._folder = folder
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        while not self._stopping.wait(0.01):
            for ticket in self._folder.glob("[!.]*.json"):
                self._take(ticket)

    def _take(self, ticket: Path) -> None:
        document = json.loads(ticket.read_bytes())
        pdf = self._folder / document["file"]
        self.files[document["name"]] = hashlib.sha256(pdf.read_bytes()).hexdigest()
        assert self.files[document["name"]] == document["sha256"]
        for path in (pdf, ticket.with_suffix(".xjdf"), ticket):
            path.unlink()
        self.taken[document["name"]] += 1

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()


class Service:
    """The service in a process of its own, life after life, and a sender who posts until it is answered."""

    def __init__(self, folder: Path, database: str, listener: Listener) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.press_folder = folder / "press"
        self.press_folder.mkdir()
        self.data = folder / "data"
        targets = [
            {"name": "hot-folder", "driver": "hot_folder", "options": {"folder": str(self.press_folder)}}
        ]
        environment = {
            "TIPIN_DATA_DIR": str(self.data),
            "TIPIN_DATABASE_URL": database,
            "TIPIN_PORT": str(self.port),
            "TIPIN_TARGETS": json.dumps(targets),
            "TIPIN_PRIVATE_HOSTS": '["127.0.0.1"]',
            "TIPIN_MIN_FREE_BYTES": "1",
        }
        self.store = open_store(Settings(data_dir=self.data, database_url=database))
        self.key, listener.secret = new_api_key(), new_secret()
        with self.store.transaction() as tx:
            caller = Caller(name="plant", role=Role.PLANT, brand=BRAND)
            tx.access.add_key(self.key, caller, made_at=datetime.now(UTC))
            tx.deliveries.set_endpoint(Endpoint(brand=BRAND, url=listener.url, secret=listener.secret))
        self.seen = folder / "seen"
        self._log = (folder / "log").open("wb")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.killable", str(self.seen)],
            cwd=ROOT,
            env=os.environ | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        self._client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=30, trust_env=False)
        self.answers: dict[str, bytes] = {}
        self.posted: set[int] = set()

    @contextmanager
    def life(self, fatal: str = "") -> Iterator[int]:
        """One life, ended by SIGKILL at the spot `fatal`, or else at the end of the block."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{fatal}\n")
        self._process.stdin.flush()
        child = int(self._process.stdout.readline())
        try:
            yield child
        finally:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            assert int(self._process.stdout.readline()) == -signal.SIGKILL

    def post(self, number: int) -> httpx.Response | None:
        """Post an order; None where the service is not there."""
        self.posted.add(number)
        try:
            answer = self._client.post(
                "/v1/orders", json=order(number), headers={"Authorization": f"Bearer {self.key}"}
            )
        except httpx.TransportError:
            return None
        assert answer.status_code in {200, 201}, answer.text
        known = self.answers.setdefault(f"K-{number}", answer.content)
        assert answer.content == known
        return answer

    def done(self) -> bool:
        """Whether nothing is left to do."""
        with self.store.reading() as tx:
            states = tx.health.inserts_by_state()
            waiting = [
                each.state
                for body in self.answers.values()
                for each in tx.deliveries.of_order(json.loads(body)["id"])
                if each.state is not DeliveryState.DELIVERED
            ]
            told = sum(len(tx.deliveries.of_order(json.loads(body)["id"])) for body in self.answers.values())
        only_accepted = set(states) <= {(BRAND, InsertState.ACCEPTED)}
        return only_accepted and not waiting and told == len(self.answers)

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()
        self._client.close()
        self.store.close()
        self._log.close()
        assert self._process.stdout is not None
        self._process.stdout.close()


def order(number: int) -> dict[str, Any]:
    """A native order of a new customer; every fifth one of a guest, who gets no card."""
    placed = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
    return {
        "brand": BRAND,
        "id": f"K-{number}",
        "placed_at": placed.isoformat(),
        "value": {"minor": 4590, "currency": "EUR"},
        "customer": {} if number % 5 == 4 else {"id": f"c-{number}", "given_name": "Jonna", "language": "de"},
        "jobs": [{"id": "1", "sku": "PB-A4-40"}],
    }


def until(holds: Callable[[], object], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def gone(child: int) -> bool:
    # The parent reaps it at once, so a dead child has no entry.
    return not Path(f"/proc/{child}").exists()


@pytest.fixture(params=["sqlite", "postgresql"])
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Service, Press, Listener]]:
    with Listener() as listener:
        if request.param == "sqlite":
            yield from _scene(tmp_path, "", listener)
        else:
            with cluster() as server, server.database() as url:
                yield from _scene(tmp_path, url, listener)


def _scene(folder: Path, database: str, listener: Listener) -> Iterator[tuple[Service, Press, Listener]]:
    service = Service(folder, database, listener)
    try:
        with Press(service.press_folder) as press:
            yield service, press, listener
    finally:
        service.close()


def check(service: Service, press: Press, listener: Listener) -> None:
    """Every accepted order: one card in the folder and one logical call-back, none lost, none twice."""
    with service.life():
        for number in sorted(service.posted):  # the sender repeats what was not answered, and all else too
            until(lambda n=number: service.post(n), "an order is not answered")  # type: ignore[misc]
        until(service.done, "not everything was done after the last start")
        until(lambda: len(press.taken) == _cards(service.store), "a card is missing")
    assert set(press.taken.values()) == {1}
    assert len(listener.told) == len(service.answers)
    assert all(len(bodies) == 1 for bodies in listener.bodies.values())
    kinds = Counter(listener.told.values())
    assert kinds["insert.ready"] == len(press.taken)
    assert kinds["insert.none"] == sum(int(name[2:]) % 5 == 4 for name in service.answers)
    assert [path.name for path in service.press_folder.iterdir()] == []
    # Every run of a card gave the same bytes: another file would have been stored beside the first.
    stored = {path.name for path in (service.data / "artifacts").rglob("*.pdf")}
    assert stored == {f"{sha256[2:]}.pdf" for sha256 in press.files.values()}


def _cards(store: Store) -> int:
    with store.reading() as tx:
        return sum(tx.health.inserts_by_state().values())


def test_killed_between_every_two_steps(scene: tuple[Service, Press, Listener]) -> None:
    service, press, listener = scene
    with service.life():
        for number in (1, 0):  # the first card of a life also stores the signature; later ones do not
            service.seen.write_bytes(b"")
            until(lambda n=number: service.post(n), "the service did not start")  # type: ignore[misc]
            until(service.done, "the first orders were not done")
            time.sleep(0.5)  # DBOS writes the last outcome after the call-back's own commit
    spots = list(dict.fromkeys(service.seen.read_text().split("\n")))[:-1]
    assert len(spots) > 40
    for number, spot in enumerate(spots, start=1):
        with service.life(spot) as child:
            until(lambda n=number: service.post(n * 5 - 5), f"not up before {spot}")  # type: ignore[misc]
            until(service.done, f"an order was left before {spot}")
            os.kill(child, signal.SIGUSR1)
            service.post(number * 5)  # one with a card, so that every spot is passed
            until(lambda: gone(child), f"it passed {spot} alive")
    check(service, press, listener)
    assert len(press.taken) > len(spots) * 0.8


def test_killed_at_random(scene: tuple[Service, Press, Listener]) -> None:
    service, press, listener = scene
    chance = random.Random(20_260_301)
    left = list(reversed(range(60)))
    while left:
        with service.life() as child:
            until(lambda: service.post(left[-1]), "the service did not start")
            timer = threading.Timer(chance.uniform(0.2, 3.0), os.kill, (child, signal.SIGKILL))
            timer.start()
            while left and not gone(child):
                if service.post(left[-1]) is not None:
                    left.pop()
                    time.sleep(chance.uniform(0, 0.1))
            timer.join()
    check(service, press, listener)
    assert len(service.answers) == 60
