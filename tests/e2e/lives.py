"""What kill tests share: a plant whose service dies and lives, its press and sender, and what must hold."""

from __future__ import annotations

import base64
import hashlib
import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import httpx

from app.domain.access import Caller, Role, new_api_key
from app.domain.call_back import DeliveryState, Endpoint
from app.domain.gang_sheet import SheetState
from app.domain.insert import InsertState
from app.settings import Settings
from app.store.database import Store
from app.wire.webhooks import new_secret
from app.wiring import open_store
from tests.listener import Listener

BRAND = "fernweh"
PATIENCE = 300.0


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


class Plant:
    """A plant with a press folder and a sender who posts until it is answered. Its service comes and goes."""

    def __init__(
        self,
        folder: Path,
        database: str,
        listener: Listener,
        *,
        photos: Mapping[int, bytes] | None = None,
        gang: dict[str, Any] | None = None,
    ) -> None:
        """Take what it works with.

        Args:
            folder: of its own.
            database: a database setting.
            listener: the sender's.
            photos: inside the orders of their numbers, as photo items beside the cards.
            gang: how the press wants its sheets; None: it takes single cards.
        """
        self.photos = dict(photos or {})
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.press_folder = folder / "press"
        self.press_folder.mkdir()
        self.data = folder / "data"
        options = {"folder": str(self.press_folder)}
        targets = [{"name": "hot-folder", "driver": "hot_folder", "options": options, "gang": gang}]
        self.environment = {
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
        self._client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=30, trust_env=False)
        self.answers: dict[str, bytes] = {}
        self.posted: set[int] = set()

    def post(self, number: int) -> httpx.Response | None:
        """Post an order; None where the service is not there."""
        self.posted.add(number)
        try:
            answer = self._client.post(
                "/v1/orders",
                json=order(number, self.photos.get(number)),
                headers={"Authorization": f"Bearer {self.key}"},
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
            states = {state for _, state in tx.health.inserts_by_state()}
            states |= {item.state for order_id in self._with_items() for item in tx.items.of_order(order_id)}
            waiting = [
                each.state
                for body in self.answers.values()
                for each in tx.deliveries.of_order(json.loads(body)["id"])
                if each.state is not DeliveryState.DELIVERED
            ]
            told = sum(len(tx.deliveries.of_order(json.loads(body)["id"])) for body in self.answers.values())
        return states <= {InsertState.ACCEPTED} and not waiting and told == len(self.answers) + self.items

    @property
    def items(self) -> int:
        """How many photo items were ordered."""
        return len(self._with_items())

    def _with_items(self) -> list[str]:
        """The ids of the orders that have a photo item."""
        names = {f"K-{number}" for number in self.photos} & self.answers.keys()
        return [json.loads(self.answers[name])["id"] for name in names]

    def close(self) -> None:
        """End it."""
        self._client.close()
        self.store.close()


def order(number: int, photo: bytes | None = None) -> dict[str, Any]:
    """A native order of a new customer; every fifth one of a guest, who gets no card."""
    job: dict[str, Any] = {"id": "1", "sku": "PB-A4-40"}
    if photo is not None:
        data = base64.b64encode(photo).decode()
        job["photo"] = {"data": data, "product": "latte-foam", "consent": True}
    placed = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
    return {
        "brand": BRAND,
        "id": f"K-{number}",
        "placed_at": placed.isoformat(),
        "value": {"minor": 4590, "currency": "EUR"},
        "customer": {} if number % 5 == 4 else {"id": f"c-{number}", "given_name": "Jonna", "language": "de"},
        "jobs": [job],
    }


def until(holds: Callable[[], object], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def check(plant: Plant, press: Press, listener: Listener) -> None:
    """Every accepted order: one card in the folder and one logical call-back, none lost, none twice.

    The service is up, and nobody kills it any more.
    """
    _finish(plant)
    until(lambda: len(press.taken) == _cards(plant.store) + plant.items, "a piece is missing")
    assert set(press.taken.values()) == {1}
    assert len(listener.told) == len(plant.answers) + plant.items
    assert all(len(bodies) == 1 for bodies in listener.bodies.values())
    kinds = Counter(listener.told.values())
    assert kinds["item.ready"] == plant.items
    assert kinds["insert.ready"] == len(press.taken) - plant.items
    assert kinds["insert.none"] == sum(int(name[2:]) % 5 == 4 for name in plant.answers)
    assert [path.name for path in plant.press_folder.iterdir()] == []
    # Every run of a card gave the same bytes: another file would have been stored beside the first.
    stored = {path.name for path in (plant.data / "artifacts").rglob("*.pdf")}
    assert stored == {f"{sha256[2:]}.pdf" for sha256 in press.files.values()}


def check_sheets(plant: Plant, press: Press, listener: Listener) -> None:
    """Every accepted order: its card on one sheet, each sheet in the folder once; one logical call-back.

    The service is up, and nobody kills it any more.
    """
    _finish(plant)
    with plant.store.reading() as tx:
        sheets = tx.gang_sheets.page(scope=BRAND, state=None, limit=1000)
    until(lambda: len(press.taken) == len(sheets), "a sheet is missing")
    assert {sheet.state for sheet in sheets} == {SheetState.ACCEPTED}
    assert press.taken == dict.fromkeys((sheet.id for sheet in sheets), 1)
    places = [place for sheet in sheets for place in sheet.places]
    assert not any(place.left_out for place in places)
    on_sheets = Counter(place.record for place in places)
    assert set(on_sheets.values()) == {1}, on_sheets
    assert len(places) == _cards(plant.store)
    assert all(len(bodies) == 1 for bodies in listener.bodies.values())
    assert Counter(listener.told.values())["insert.ready"] == len(places)


def _finish(plant: Plant) -> None:
    """The sender repeats what was not answered, and all else too, until nothing is left to do."""
    for number in sorted(plant.posted):
        until(lambda n=number: plant.post(n), "an order is not answered")  # type: ignore[misc]
    until(plant.done, "not everything was done after the last start")


def _cards(store: Store) -> int:
    with store.reading() as tx:
        return sum(tx.health.inserts_by_state().values())
