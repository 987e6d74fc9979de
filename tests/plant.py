"""A small plant: the real flow over a real database, with a renderer whose files cost nothing."""

from __future__ import annotations

import atexit
import hashlib
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import text

from app import targets as drivers
from app.domain.call_back import Delivery, Endpoint
from app.domain.card import Card, card_document
from app.domain.customer import Customer
from app.domain.decision import Decision
from app.domain.ids import job_id, order_id
from app.domain.insert import Addressee, Insert
from app.domain.money import Money
from app.domain.occasion import Match
from app.domain.order import Job, Order
from app.domain.profile import PressProfile
from app.domain.template import CardTemplate
from app.domain.ticket import Target
from app.errors import PreflightFailed
from app.flow.queue import DbosQueue
from app.registry.brands import load_brands
from app.registry.cards import load_cards
from app.registry.places import PROFILES
from app.registry.plugins import discover
from app.registry.profiles import load_profiles
from app.settings import Settings, TargetSettings
from app.store.artifacts import ArtifactStore
from app.store.database import Store, Transaction
from app.store.secret import PlantSecret
from app.store.tables import JobRow, OrderRow
from app.targets import open_targets
from app.wire.webhooks import new_secret
from app.wiring import CardParts, Flow, open_flow

DATA = Path(__file__).parent / "data"
BRAND = replace(load_brands(DATA / "brands")["acorn"], target="press")
TEMPLATE = load_cards(DATA / "cards")["plain"]


@dataclass
class Report:
    """A preflight's report."""

    passed: bool = True
    pages: int = 2

    def require_passed(self) -> None:
        if not self.passed:
            raise PreflightFailed("boxes: the trim is not inside the bleed")

    def document(self) -> dict[str, Any]:
        return {"passed": self.passed}


@dataclass
class PlainRenderer:
    """Writes the card's document where a real one draws it. `before` runs first, and may raise."""

    before: Callable[[Card], None] = field(default=lambda _card: None)

    def render(self, template: CardTemplate, card: Card, signature: bytes | None) -> bytes:
        self.before(card)
        lines = repr((template.name, sorted(card_document(card).items()), len(signature or b"")))
        return b"%PDF-1.6\n" + hashlib.sha256(lines.encode()).hexdigest().encode() * 200


@dataclass
class Hands:
    """The machine's clock, with its hands moved on by `ahead`."""

    ahead: timedelta = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


class Queued(NamedTuple):
    """A task as DBOS keeps it."""

    workflow_uuid: str
    status: str
    queue_name: str
    queue_partition_key: str | None
    priority: int
    application_version: str
    delay_until_epoch_ms: int | None
    inputs: str


@dataclass
class Plant:
    """Everything of it."""

    store: Store
    artifacts: ArtifactStore
    flow: Flow
    targets: dict[str, Target]
    renderer: PlainRenderer
    press: Path
    clock: Hands

    def accept(self, number: int, *, decision: Decision | None = None) -> str:
        """Take one order as intake does, in one transaction; its job's id."""
        order = order_of(number)
        now = self.clock.now()
        chosen = decision or decision_of(number)
        addressee = Addressee(
            brand=order.brand,
            order_id=order_id(order.brand, order.source_order_id),
            source_order_id=order.source_order_id,
            job_id=job_id(order.brand, order.source_order_id, "1"),
        )
        with self.store.transaction() as tx:
            put(tx, order, addressee, now)
            self.flow.plan(tx, addressee, chosen, brand=BRAND, customer_key="id:7", needed_by=None, now=now)
        return addressee.job_id

    def run(self, task: str, *ids: str | int) -> None:
        """Run a task here and now, without a worker."""
        self.flow.worker._tasks[task].run(*ids)

    def give_up(self, task: str, *ids: str | int) -> None:
        """What happens where a task cannot be run."""
        self.flow.worker._tasks[task].give_up(*ids)

    def queued(self) -> dict[str, Queued]:
        """Every task that was started, by its id."""
        with self.store.reading() as tx:
            rows = tx.session.execute(
                text(
                    "SELECT workflow_uuid, status, queue_name, queue_partition_key, priority, "
                    "application_version, delay_until_epoch_ms, i.inputs "
                    "FROM workflow_status s JOIN workflow_input i USING (workflow_uuid)"
                )
            )
            return {row.workflow_uuid: Queued(*row) for row in rows}

    def call_backs(self, job: str) -> tuple[Delivery, ...]:
        """The call-backs of a job's order."""
        with self.store.reading() as tx:
            return tx.deliveries.of_order(tx.inserts.addressee(job).order_id)

    def listen_at(self, url: str) -> str:
        """Set the brand's address; its secret."""
        secret = new_secret()
        with self.store.transaction() as tx:
            tx.deliveries.set_endpoint(Endpoint(brand=BRAND.code, url=url, secret=secret))
        return secret

    def insert(self, job: str) -> Insert:
        """The insert of a job."""
        with self.store.reading() as tx:
            return tx.inserts.get(job)


def build(
    folder: Path, *, database: str = "", renderer: PlainRenderer | None = None, **settings: Any
) -> Plant:
    """A plant in a folder, with a hot folder `press` and a target `shelf` to pull from."""
    press = folder / "press"
    press.mkdir(parents=True, exist_ok=True)
    config = Settings(
        data_dir=folder / "data",
        database_url=database,
        private_hosts=frozenset({"127.0.0.1"}),
        targets=(
            TargetSettings(name="press", driver="hot_folder", options={"folder": str(press)}),
            TargetSettings(name="shelf", driver="pull"),
        ),
        **settings,
    )
    clock, renderer = Hands(), renderer or PlainRenderer()
    if not database:
        config.data_dir.mkdir()
        shutil.copyfile(_empty_database(), config.data_dir / "tipin.db")
    store = Store(config.database)
    store.create()
    artifacts = ArtifactStore(config.data_dir / "artifacts")
    opened = open_targets(config.targets, discover(drivers), config.data_dir)
    flow = open_flow(
        config,
        store=store,
        artifacts=artifacts,
        secret=PlantSecret(bytes(32)),
        clock=clock,
        cards=CardParts(
            brands={BRAND.code: BRAND},
            templates={TEMPLATE.name: TEMPLATE},
            profiles=load_profiles(PROFILES),
            renderer=renderer,
            preflight=_passes,
        ),
        read=read,
        targets=opened,
    )
    flow.queue.prepare()
    return Plant(store, artifacts, flow, opened, renderer, press, clock)


@cache
def _empty_database() -> Path:
    """A database with every table, made once a process."""
    path = Path(tempfile.mkdtemp(prefix="tipin-")) / "empty.db"
    atexit.register(shutil.rmtree, path.parent)
    store = Store(f"sqlite:///{path}")
    store.create()
    DbosQueue(store).prepare()
    store.close()
    return path


def order_of(number: int) -> Order:
    """Order number so and so."""
    return Order(
        brand=BRAND.code,
        source="native",
        source_order_id=f"A-{number}",
        placed_at=datetime(2026, 3, 1, tzinfo=UTC),
        value=Money(4200, "EUR"),
        customer=Customer(id="7", given_name="Amira"),
        jobs=(Job(source_item_id="1", sku="CAL-A3", category="calendars"),),
    )


def decision_of(_number: int) -> Decision:
    """One card."""
    return Decision(
        match=Match(occasion="high_value_nth", reason="23rd", slots={"nth_year": 23}),
        template=TEMPLATE.name,
        variant="high-value-nth-plain",
        language="en",
        reason="23rd",
        considered=(),
        policy_version="1",
    )


NO_CARD = Decision(
    match=None,
    template=None,
    variant=None,
    language=None,
    reason="no occasion holds",
    considered=(),
    policy_version="1",
)


def put(tx: Transaction, order: Order, addressee: Addressee, now: datetime) -> None:
    """Write the order and its job."""
    tx.session.add(
        OrderRow(
            id=addressee.order_id,
            brand=order.brand,
            source=order.source,
            source_order_id=order.source_order_id,
            placed_at=order.placed_at,
            received_at=now,
            value_minor=order.value.minor,
            currency=order.value.currency,
            kind=order.kind,
            eligible=True,
        )
    )
    tx.session.flush()
    tx.session.add(
        JobRow(
            id=addressee.job_id,
            order_id=addressee.order_id,
            brand=order.brand,
            position=0,
            source_item_id="1",
            sku="CAL-A3",
            quantity=1,
        )
    )
    tx.session.flush()


def read(tx: Transaction, order: str) -> tuple[Order, Decision]:
    """What intake stored of an order."""
    row = tx.session.get(OrderRow, order)
    assert row is not None
    number = int(row.source_order_id.partition("-")[2])
    return order_of(number), decision_of(number)


def _passes(_pdf: bytes, _profile: PressProfile) -> Report:
    return Report()
