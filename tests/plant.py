"""A small plant: the real flow over a real database, with a renderer whose files cost nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import text

from app.domain.call_back import Delivery, Endpoint
from app.domain.card import Card, card_document
from app.domain.customer import Customer
from app.domain.decision import Decision
from app.domain.facts import Facts
from app.domain.ids import order_id
from app.domain.insert import Insert
from app.domain.money import Money
from app.domain.occasion import Match
from app.domain.order import Job, Order
from app.domain.template import CardTemplate
from app.domain.ticket import Target
from app.errors import PreflightFailed
from app.flow.queue import HAND_OVER, SCHEMA
from app.registry.brands import load_brands
from app.registry.cards import load_cards
from app.registry.places import PROFILES
from app.registry.profiles import load_profiles
from app.services.hand_over import HandOver
from app.settings import GangSettings, Settings, TargetSettings
from app.store.artifacts import ArtifactStore
from app.store.database import Store, Transaction
from app.store.migrate import migrate
from app.store.orders import StoredOrder
from app.store.tags import Tag
from app.wire.webhooks import new_secret
from app.wiring import Designs, Flow, open_artifacts, open_flow, open_products
from tests.databases import lay_out

DATA = Path(__file__).parent / "data"
BRAND = replace(load_brands(DATA / "brands")["acorn"], target="press")
TEMPLATE = load_cards(DATA / "cards")["plain"]


@dataclass
class Report:
    """A preflight's report."""

    passed: bool = True

    def require_passed(self) -> None:
        if not self.passed:
            raise PreflightFailed("boxes: the trim is not inside the bleed")

    def document(self) -> dict[str, Any]:
        return {"passed": self.passed}


@dataclass
class PlainRenderer:
    """Writes the card's document where a real one draws it. `before` runs first, and may raise."""

    before: Callable[[Card], None] = field(default=lambda _card: None)

    def render(
        self, template: CardTemplate, card: Card, signature: bytes | None, photo: bytes | None = None
    ) -> bytes:
        self.before(card)
        lengths = len(signature or b""), len(photo or b"")
        lines = repr((template.name, sorted(card_document(card).items()), lengths))
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
        order, now = order_of(number), self.clock.now()
        stored = StoredOrder(
            id=order_id(order.brand, order.source_order_id),
            order=order,
            customer_key="id:7",
            received_at=now,
            needed_by=now + timedelta(hours=4),
        )
        with self.store.transaction() as tx:
            self.put(tx, stored, decision or DECISION, now)
        return stored.job_ids[0]

    def put(self, tx: Transaction, stored: StoredOrder, decision: Decision, now: datetime) -> None:
        """Store an order with its tag, and plan its insert."""
        order = stored.order
        tx.orders.add(stored, content="sha256")
        facts = Facts(
            at=now, currency="EUR", known_customer=True, eligible=True, history_complete=True, n_prior=22
        )
        tx.tags.add(stored.id, order.brand, Tag(facts=facts, decision=decision, decided_at=now))
        self.flow.plan(tx, stored, decision, brand=BRAND, now=now)

    def run(self, task: str, *ids: str | int) -> None:
        """Run a task here and now, without a worker."""
        self.flow.tasks[task].run(*ids)

    def hand_over(self, key: str) -> None:
        """Make the one try to hand a component over that is wanted now."""
        with self.store.reading() as tx:
            component = tx.components.by_key(key)
        self.run(HAND_OVER, key, component.generation, component.tries)

    def give_up(self, task: str, *ids: str | int) -> None:
        """What happens where a task cannot be run."""
        self.flow.tasks[task].give_up(*ids)

    def queued(self) -> dict[str, Queued]:
        """Every task that was started, by its id."""
        books = "" if self.store.engine.dialect.name == "sqlite" else f"{SCHEMA}."
        with self.store.reading() as tx:
            rows = tx.session.execute(
                text(
                    "SELECT workflow_uuid, status, queue_name, queue_partition_key, priority, "
                    "application_version, delay_until_epoch_ms, i.inputs "
                    f"FROM {books}workflow_status s JOIN {books}workflow_input i USING (workflow_uuid)"
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
    folder: Path,
    *,
    database: str = "",
    renderer: PlainRenderer | None = None,
    gang: GangSettings | None = None,
    a_minute: int | None = None,
    at_once: int | None = None,
    **settings: Any,
) -> Plant:
    """A plant in a folder, with a hot folder `press` and a target `shelf` to pull from."""
    press = folder / "press"
    press.mkdir(parents=True, exist_ok=True)
    config = Settings(
        data_dir=folder / "data",
        database_url=database,
        private_hosts=frozenset({"127.0.0.1"}),
        targets=(
            TargetSettings(
                name="press",
                driver="hot_folder",
                options={"folder": str(press)},
                gang=None if gang is None else gang.model_dump(),
                a_minute=a_minute,
                at_once=at_once,
            ),
            TargetSettings(name="shelf", driver="pull"),
        ),
        **settings,
    )
    clock, renderer = Hands(), renderer or PlainRenderer()
    if not database:
        config.data_dir.mkdir(parents=True, exist_ok=True)
        lay_out(config.data_dir)
    store = Store(config.database)
    migrate(store)
    designs = Designs(
        brands={BRAND.code: BRAND},
        templates={TEMPLATE.name: TEMPLATE},
        profiles=load_profiles(PROFILES),
        occasions={},
        products=open_products(config),
    )
    flow = open_flow(
        config, designs=designs, store=store, clock=clock, renderer=renderer, check=lambda *_, **__: Report()
    )
    flow.queue.prepare()
    hand_over = flow.tasks[HAND_OVER].run
    assert isinstance(hand_over, HandOver)
    assert isinstance(hand_over._targets, dict)
    return Plant(store, open_artifacts(config), flow, hand_over._targets, renderer, press, clock)


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


DECISION = Decision(
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
