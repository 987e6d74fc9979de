"""Orders as they stand in the database after intake, tagging and making, written straight to the tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.dialects.sqlite import insert
from sqlmodel import SQLModel

from app.domain.call_back import DeliveryState
from app.domain.decision import Considered, Decision, Outcome
from app.domain.facts import Facts, PreviousOrder, Threshold
from app.domain.ids import job_id, order_id
from app.domain.insert import Degradation, InsertState
from app.domain.occasion import Match
from app.store.database import Transaction
from app.store.documents import decision_document, facts_document
from app.store.tables import CustomerRow, DeliveryRow, InsertRow, JobRow, OrderRow, TagRow

NOW = datetime(2025, 11, 3, 12, 0, tzinfo=UTC)
Rows = dict[type[SQLModel], list[dict[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """An order as a test wants it to stand. `state` None: it gets no card."""

    number: str
    called: str = ""
    """What the customer knows it by, where that differs."""
    brand: str = "fernweh"
    name: str = "Jonna Lindqvist"
    at: datetime = NOW
    state: InsertState | None = InsertState.ACCEPTED
    occasion: str = "first"
    reason: str = "the first order we know of this customer"
    stopped: str = ""
    degradation: Degradation = Degradation.NONE
    pdf: str | None = None
    delivery: DeliveryState = DeliveryState.DELIVERED
    imported: bool = False
    also: tuple[Considered, ...] = ()

    @property
    def order_id(self) -> str:
        """tipin's id of it."""
        return order_id(self.brand, self.number)

    @property
    def job_id(self) -> str:
        """tipin's id of its one job."""
        return job_id(self.brand, self.number, "1")

    @property
    def customer_key(self) -> str | None:
        """The customer's key; None for a guest."""
        return f"id:{self.name}" if self.name else None


def many(count: int, states: Iterable[InsertState | None]) -> tuple[Sent, ...]:
    """Orders one second apart, the newest first, going through the states in turn."""
    wanted = list(states)
    return tuple(
        Sent(number=f"FW-{20_000 + n}", at=NOW - timedelta(seconds=n), state=wanted[n % len(wanted)])
        for n in range(count)
    )


def put(tx: Transaction, orders: Iterable[Sent]) -> None:
    """Write the orders, all rows of a table at once."""
    rows: Rows = defaultdict(list)
    for sent in orders:
        for row in _rows(sent):
            rows[type(row)].append(row.model_dump())
    _write(tx, rows)


def put_many(tx: Transaction, count: int, states: Sequence[InsertState | None]) -> None:
    """As `put(tx, many(count, states))`, by copying one order of each state: building rows is slow."""
    patterns = [{type(row): row.model_dump() for row in _rows(sent)} for sent in many(len(states), states)]
    rows: Rows = defaultdict(list)
    for n, sent in enumerate(many(count, states)):
        own: dict[type[SQLModel], dict[str, Any]] = {
            OrderRow: {"id": sent.order_id, "source_order_id": sent.number, "received_at": sent.at},
            JobRow: {"id": sent.job_id, "order_id": sent.order_id},
            TagRow: {"order_id": sent.order_id},
            InsertRow: {"job_id": sent.job_id, "order_id": sent.order_id},
            DeliveryRow: {"id": f"msg_{sent.job_id}", "order_id": sent.order_id},
        }
        for table, pattern in patterns[n % len(states)].items():
            rows[table].append(pattern | own.get(table, {}))
    _write(tx, rows)


def _write(tx: Transaction, rows: Rows) -> None:
    for table in (CustomerRow, OrderRow, JobRow, TagRow, InsertRow, DeliveryRow):
        if rows[table]:
            columns = SQLModel.metadata.tables[str(table.__tablename__)]
            tx.session.execute(insert(columns).on_conflict_do_nothing(), rows[table])


def _rows(sent: Sent) -> Iterator[SQLModel]:
    if sent.customer_key:
        yield CustomerRow(brand=sent.brand, key=sent.customer_key, display_name=sent.name)
    yield OrderRow(
        id=sent.order_id,
        brand=sent.brand,
        source="native",
        source_order_id=sent.number,
        customer_key=sent.customer_key,
        placed_at=sent.at - timedelta(minutes=2),
        received_at=sent.at,
        value_minor=4590,
        currency="EUR",
        kind="sale",
        eligible=True,
        imported=sent.imported,
        needed_by=sent.at + timedelta(hours=4),
        document={"number": sent.called},
    )
    yield JobRow(
        id=sent.job_id,
        order_id=sent.order_id,
        brand=sent.brand,
        position=0,
        source_item_id="1",
        sku="PB-A4-40",
        quantity=2,
        description="Photo book A4, 40 pages",
        category="photo-book",
        parcel="P-7",
    )
    if not sent.imported:
        yield _tag(sent)
        if sent.state is not None:
            yield _insert(sent, sent.state)
            yield _delivery(sent)


def _tag(sent: Sent) -> TagRow:
    has_card = sent.state is not None
    chosen = Match(occasion=sent.occasion, reason=sent.reason)
    considered = (Considered(match=chosen, outcome=Outcome.CHOSEN, why="the first by priority"), *sent.also)
    decision = Decision(
        match=chosen if has_card else None,
        template="hearth" if has_card else None,
        variant="first-1" if has_card else None,
        language="de" if has_card else None,
        reason=sent.reason,
        considered=considered if has_card else sent.also,
        policy_version="fernweh-1",
    )
    return TagRow(
        order_id=sent.order_id,
        brand=sent.brand,
        occasion=sent.occasion if has_card else None,
        reason=sent.reason,
        decided_at=sent.at,
        facts=facts_document(_facts(sent)),
        decision=decision_document(decision),
        policy_version=decision.policy_version,
    )


def _facts(sent: Sent) -> Facts:
    return Facts(
        at=sent.at,
        currency="EUR",
        known_customer=bool(sent.name),
        eligible=True,
        history_complete=True,
        n_prior=22,
        nth_this_year=23,
        spend_365=61_230,
        threshold=Threshold(minor=48_000, population=412),
        previous=PreviousOrder(
            placed_at=sent.at - timedelta(days=17), delivered_at=sent.at - timedelta(days=12)
        ),
        categories=frozenset({"photo-book", "print"}),
        new_categories=frozenset({"print"}),
    )


def _insert(sent: Sent, state: InsertState) -> InsertRow:
    accepted = state in (InsertState.ACCEPTED, InsertState.PACKED)
    return InsertRow(
        job_id=sent.job_id,
        order_id=sent.order_id,
        brand=sent.brand,
        customer_key=sent.customer_key,
        state=state,
        occasion=sent.occasion,
        template="hearth",
        variant="first-1",
        language="de",
        degradation=sent.degradation,
        reason=sent.stopped,
        pdf_sha256=sent.pdf,
        target="hot-folder",
        target_reference=f"{sent.job_id}-0.pdf" if accepted else "",
        planned_at=sent.at,
        ready_at=sent.at + timedelta(seconds=1) if sent.pdf else None,
        accepted_at=sent.at + timedelta(seconds=2) if accepted else None,
    )


def _delivery(sent: Sent) -> DeliveryRow:
    told = sent.delivery is DeliveryState.DELIVERED
    return DeliveryRow(
        id=f"msg_{sent.job_id}_0_insert_ready",
        brand=sent.brand,
        order_id=sent.order_id,
        body=b"{}",
        state=sent.delivery,
        attempts=1,
        last_status=204 if told else 503,
        last_error="" if told else "the sender answered 503",
        made_at=sent.at,
        delivered_at=sent.at + timedelta(seconds=3) if told else None,
    )
