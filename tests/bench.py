"""A packing bench over a real database: orders whose cards are at the press, and what is scanned."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from app.domain.access import Caller, Role
from app.domain.bench import Verdict
from app.domain.bench_code import bench_code
from app.domain.customer import Customer
from app.domain.ids import job_id, order_id
from app.domain.insert import Insert, InsertState
from app.domain.item import Item
from app.domain.money import Money
from app.domain.order import Job, Order
from app.registry.brands import load_brands
from app.registry.places import BRANDS as BRANDS_FOLDER
from app.services.bench_desk import BenchDesk
from app.services.bench_health import BenchHealth
from app.services.brands_in_force import BrandsInForce
from app.services.match_at_bench import MatchAtBench, Outcome, Scanned
from app.services.recognise_scan import RecogniseScan
from app.services.reprint_piece import ReprintPiece
from app.services.tell_bench import TellBench
from app.store.database import Store, Transaction
from app.store.orders import StoredOrder
from tests.cards import card

NOW = datetime.fromisoformat("2025-11-03T12:00:00+00:00")
SECRET = b"a bench's own secret"
BRAND, OTHER_BRAND = "fernweh", "maple-row"
BRANDS = load_brands(BRANDS_FOLDER)
PACKER = Caller(name="Mina", role=Role.OPERATOR)


class Clock:
    """Stands still until it is moved on."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        """The moment it stands at."""
        return self.at


@dataclass
class Started:
    """A task queue that writes down which cards were to be made."""

    made: list[str] = field(default_factory=list)

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
        self.made.append(job_id)

    def make_item(
        self, tx: Transaction, item: Item, *, attempt: int = 0, delay: timedelta | None = None
    ) -> None:
        """Write the item down."""
        assert (attempt, delay) == (0, None)
        assert tx.items.get(item.record, item.number) == item
        self.made.append(item.key)

    def tell_sender(self, tx: Transaction, delivery_id: str) -> None:
        """Nobody is told."""


def open_bench(store: Store) -> Bench:
    """A bench over a store with its tables."""
    brands, clock, queue = BrandsInForce(BRANDS), Clock(), Started()
    recognise = RecogniseScan(brands=brands, secret=SECRET)
    desk = BenchDesk(
        recognise=recognise,
        match=MatchAtBench(store=store, recognise=recognise, secret=SECRET, clock=clock),
        tell=TellBench({}),
        reprint=ReprintPiece(store=store, brands=brands, queue=queue, secret=SECRET, clock=clock),
        health=BenchHealth(store=store, recognise=recognise, clock=clock),
    )
    return Bench(store, desk, clock, queue)


@dataclass
class Bench:
    """The bench, and what a test does at it."""

    store: Store
    desk: BenchDesk
    clock: Clock
    queue: Started
    scans: int = 0

    def scan(
        self, piece: str, parcel: str, *, scan_id: str = "", who: Caller = PACKER, brand: str = ""
    ) -> Outcome:
        """Scan a piece and a parcel at bench 1."""
        self.scans += 1
        scanned = Scanned(
            id=scan_id or f"scan-{self.scans}", piece=piece, parcel=parcel, station="bench-1", brand=brand
        )
        return self.desk.match.scan(scanned, who)

    def verdict(self, piece: str, parcel: str) -> Verdict:
        """What the bench says to them."""
        return self.scan(piece, parcel).scan.verdict

    def state(self, record: str) -> InsertState:
        """Where a card stands."""
        with self.store.reading() as tx:
            return tx.inserts.get(record).state

    def put(self, number: str, *, state: InsertState = InsertState.ACCEPTED, **changes: Any) -> str:
        """An order with a card in a state; returns the card's record."""
        with self.store.transaction() as tx:
            return put_order(tx, number, state=state, **changes)


def put_order(
    tx: Transaction,
    number: str,
    *,
    state: InsertState = InsertState.ACCEPTED,
    brand: str = BRAND,
    jobs: tuple[Job, ...] = (),
    parcel: str | None = None,
    generation: int = 0,
    carries: bool = True,
    name: str = "",
    needed_by: datetime | None = None,
) -> str:
    """The same within a transaction. Without `carries` the order gets no card."""
    order = Order(
        brand=brand,
        source="native",
        source_order_id=number,
        placed_at=NOW,
        value=Money(4200, "EUR"),
        customer=Customer(e_mail=f"{number}@example.org", given_name="Ada"),
        jobs=jobs or (Job(source_item_id="1", sku="MUG"),),
        number=name,
        parcel=parcel,
    )
    stored = StoredOrder(
        id=order_id(brand, number),
        order=order,
        customer_key=None,
        received_at=NOW,
        needed_by=needed_by or NOW + timedelta(hours=4),
    )
    tx.orders.add(stored, content=number)
    if carries:
        put_card(tx, stored, 0, state=state, generation=generation)
    return stored.job_ids[0]


def put_card(
    tx: Transaction, stored: StoredOrder, position: int, *, state: InsertState, generation: int = 0
) -> None:
    """The card that a job of an order carries."""
    record = stored.job_ids[position]
    tx.inserts.plan(
        Insert(
            job_id=record,
            order_id=stored.id,
            brand=stored.order.brand,
            customer_key=None,
            occasion="first",
            template="hearth",
            variant="first-1",
            language="en",
            target="press",
            planned_at=NOW,
            needed_by=stored.needed_by,
            generation=generation,
            state=state,
            further=position > 0,
            card=card(id=f"{record}-{generation}", bench_code=code(record, generation, stored.order.brand)),
            pdf_sha256="ab" * 32,
        )
    )


def code(record: str, generation: int = 0, brand: str = BRAND, component: int = 0) -> str:
    """What is printed on a piece."""
    return bench_code(SECRET, BRANDS[brand].key, record, generation, component)


def record_of(number: str, item: str = "1", brand: str = BRAND) -> str:
    """The record of an order, or another of its jobs."""
    return job_id(brand, number, item)
