"""The intake over a real database and real formats; background tasks are only written down."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response

from app.domain.access import Caller, Role, new_api_key
from app.domain.component import Component
from app.domain.format import HookSecret
from app.domain.gang_sheet import GangSheet
from app.domain.history_import import HistoryImport, Progress
from app.domain.insert import InsertState
from app.domain.item import Item
from app.formats import native, shopify, siteflow
from app.registry.mappings import ready_mappings
from app.services.announce import Announce
from app.services.desk import Services
from app.services.links import Links
from app.services.plan_insert import PlanInsert
from app.settings import Settings
from app.store.database import Transaction
from app.web.application import create_app
from app.wiring import Designs, open_designs, open_desk, open_importer, open_store
from tests.databases import lay_out

NOW = datetime(2025, 11, 3, 9, 0, tzinfo=UTC)
_SECRET = bytes(range(32))
TOKEN, SITEFLOW_SECRET, SHOPIFY_SECRET = "shop", "site-flow-secret", "shopify-secret"


class StoppedClock:
    """Tells the time it is set to."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        """The moment it stands at."""
        return self.at

    def advance(self, by: timedelta) -> None:
        """Move on."""
        self.at += by


@dataclass
class WrittenQueue:
    """A task queue that writes down what was started."""

    inserts: list[str] = field(default_factory=list)
    tellings: list[str] = field(default_factory=list)
    imports: list[tuple[str, int]] = field(default_factory=list)
    handings: list[str] = field(default_factory=list)
    tendings: list[str] = field(default_factory=list)
    items: list[tuple[str, int, int]] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)

    def make_insert(
        self,
        tx: Transaction,
        job_id: str,
        *,
        priority: int,
        wake: str = "",  # noqa: ARG002 - the port's own
        delay: timedelta | None = None,  # noqa: ARG002 - as above
    ) -> None:
        """Write the job down."""
        assert tx.inserts.get(job_id).priority == priority
        self.inserts.append(job_id)

    def make_item(
        self, tx: Transaction, item: Item, *, attempt: int = 0, delay: timedelta | None = None
    ) -> None:
        """Write the item down."""
        assert (attempt, delay) == (0, None)
        assert tx.items.get(item.record, item.number).revision == item.revision
        self.items.append((item.record, item.number, item.revision))

    def import_history(self, tx: Transaction, import_id: str, *, turn: int) -> None:
        """Write the import down."""
        assert tx.history_imports.get(import_id).id == import_id
        self.imports.append((import_id, turn))

    def hand_over(
        self, tx: Transaction, component: Component, *, first: bool = False, delay: timedelta | None = None
    ) -> None:
        """Number the try, and write the component down."""
        assert (tx.components.by_key(component.key).state, delay) == (InsertState.READY, None)
        tries = tx.components.next_try(component)
        if tries is not None:
            self.handings.append(f"{component.name} {tries}{' first' if first else ''}")

    def follow_up(
        self, tx: Transaction, component: Component, *, attempt: int, delay: timedelta | None = None
    ) -> None:
        """Nothing is handed over here, so nothing is followed."""
        raise AssertionError((tx, component, attempt, delay))

    def tend(self, tx: Transaction, target: str, *, turn: int, delay: timedelta | None = None) -> None:
        """Write the target down."""
        assert (tx.targets.get(target).turn, delay) == (turn, None)
        self.tendings.append(target)

    def close_sheet(
        self, tx: Transaction, sheet: GangSheet, *, look: int = 0, delay: timedelta | None = None
    ) -> None:
        """No piece becomes ready here, so no sheet is opened."""
        raise AssertionError((tx, sheet, look, delay))

    def hand_over_sheet(self, tx: Transaction, sheet: GangSheet, *, delay: timedelta | None = None) -> None:
        """Write the sheet down."""
        assert tx.gang_sheets.get(sheet.brand, sheet.id).tries == sheet.tries
        assert delay is None
        self.sheets.append(f"{sheet.id} {sheet.tries}")

    def follow_sheet(
        self, tx: Transaction, sheet: GangSheet, *, attempt: int, delay: timedelta | None = None
    ) -> None:
        """Nothing is handed over here, so nothing is followed."""
        raise AssertionError((tx, sheet, attempt, delay))

    def tell_sender(self, tx: Transaction, delivery_id: str) -> None:
        """Write the call-back down."""
        assert tx.deliveries.get(delivery_id).id == delivery_id
        self.tellings.append(delivery_id)


@dataclass
class Reception:
    """A running application with a key of the plant's, and what its senders send."""

    services: Services
    client: TestClient
    clock: StoppedClock
    queue: WrittenQueue
    key: str

    def add_key(self, role: Role = Role.PLANT, brand: str = "") -> str:
        """Another API key."""
        key = new_api_key()
        with self.services.store.transaction() as tx:
            tx.access.add_key(key, Caller(name=role, role=role, brand=brand), made_at=NOW)
        return key

    def get(self, path: str, **headers: str) -> Response:
        """GET as the plant."""
        return self.client.get(path, headers={"Authorization": f"Bearer {self.key}"} | headers)

    def post(self, body: bytes | Mapping[str, Any], **headers: str) -> Response:
        """Post a native order as the plant."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"} | headers
        return self.client.post("/v1/orders", content=content, headers=sent)

    def post_siteflow(
        self, body: bytes, *, stamp: str | None = None, secret: str = SITEFLOW_SECRET
    ) -> Response:
        """Post a Site Flow order as its client would."""
        path = "/hooks/siteflow/maple-row/api/order"
        stamp = stamp or self.clock.now().isoformat()
        signature = hmac.new(secret.encode(), f"POST {path} {stamp}".encode(), "sha256").hexdigest()
        headers = {
            "x-oneflow-authorization": f"{TOKEN}:{signature}",
            "x-oneflow-date": stamp,
            "x-oneflow-algorithm": "SHA256",
        }
        return self.client.post(path, content=body, headers=headers, auth=("siteflow", self.key))

    def post_shopify(
        self, body: bytes, *, topic: str = "orders/create", secret: str = SHOPIFY_SECRET
    ) -> Response:
        """Post a webhook as Shopify would."""
        mac = base64.b64encode(hmac.digest(secret.encode(), body, "sha256")).decode()
        headers = {"X-Shopify-Hmac-Sha256": mac, "X-Shopify-Topic": topic}
        return self.client.post("/hooks/shopify/fernweh", content=body, headers=headers)

    def import_history(
        self,
        *orders: Mapping[str, Any],
        on_progress: Callable[[Progress], bool | None] = lambda _: None,
        mapping: str = "tipin-json",
        brand: str = "fernweh",
    ) -> HistoryImport:
        """Import orders of the past, each as the native format says it."""
        services = self.services
        importer = open_importer(
            services.settings, designs=_designs(), store=services.store, clock=services.clock
        )
        folder = services.settings.data_dir
        text = "".join(json.dumps(order) + "\n" for order in orders)
        file = folder / f"{hashlib.sha256(text.encode()).hexdigest()}.jsonl"
        file.write_text(text)
        with services.store.reading() as tx:
            whose = services.brands(tx, brand)
        how = ready_mappings()[mapping]
        one = importer.begin(whose, file, how)
        return importer.run(one, whose, how, file, folder / "rejects", on_progress=on_progress)

    def counts(self) -> dict[str, int]:
        """How many rows there are of whatever an order leaves behind."""
        tables = ("orders", "jobs", "customers", "tags", "inserts", "deliveries", "idempotency_keys")
        with self.services.store.engine.connect() as connection:
            return {
                name: connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one()
                for name in tables
            }

    def letters(self) -> list[dict[str, Any]]:
        """The dead letters that wait."""
        found: list[dict[str, Any]] = self.get("/v1/dead-letters").json()["dead_letters"]
        return found


def _draw_no_lots(folder: Path) -> None:
    """The same secret each time: with a drawn one, a test's customer is in the holdout now and then."""
    folder.mkdir(parents=True, exist_ok=True)
    secret = folder / "secret.key"
    if not secret.exists():
        secret.write_bytes(_SECRET)


@cache
def _designs() -> Designs:
    """The built-in designs, read and checked once a process."""
    return open_designs(Settings())


def own_designs() -> Designs:
    """The built-in designs, with brands that a test may change: what it does to them ends with it."""
    return replace(_designs(), brands=dict(_designs().brands))


@contextmanager
def open_reception(folder: Path, **settings: Any) -> Iterator[Reception]:
    """An application on a SQLite file in `folder`."""
    chosen = Settings(data_dir=folder, min_free_bytes=1, **settings)
    _draw_no_lots(folder)
    if not chosen.database_url:
        lay_out(folder)
    clock, queue = StoppedClock(), WrittenQueue()
    plan = PlanInsert(queue=queue, announce=Announce(queue=queue, links=Links(str(chosen.public_url))))
    designs = own_designs() if settings.keys() <= {"database_url"} else open_designs(chosen)
    services = open_desk(
        chosen, designs=designs, store=open_store(chosen), plan=plan, queue=queue, clock=clock
    )
    with services.store.transaction() as tx:
        tx.access.set_hook_secret("maple-row", "siteflow", HookSecret(token=TOKEN, secret=SITEFLOW_SECRET))
        tx.access.set_hook_secret("fernweh", "shopify", HookSecret(secret=SHOPIFY_SECRET))
    with TestClient(create_app(services)) as client:
        reception = Reception(services, client, clock, queue, key="")
        reception.key = reception.add_key()
        yield reception


def native_order(**changed: Any) -> dict[str, Any]:
    """The native format's own example, changed."""
    return native.EXAMPLE | changed


def siteflow_body() -> bytes:
    """The Site Flow format's own example."""
    return siteflow.PLUGIN.samples[0].body


def shopify_body() -> bytes:
    """The Shopify format's own example."""
    return shopify.PLUGIN.samples[0].body
