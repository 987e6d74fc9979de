"""The engine behind the naive reference's words: stores purchases, and tags them through the real code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app import occasions
from app.domain.event import CustomerEvent, CustomerEventType, OrderEvent, OrderEventType
from app.domain.facts import DatedStory, DayOfYear, Threshold
from app.domain.money import Money
from app.domain.occasion import Occasion
from app.domain.past import Credit, Placed, Recorded
from app.domain.policy import OccasionPolicy
from app.registry.plugins import discover
from app.services.learn_facts import find_matches, learn_facts, threshold_of
from app.services.replay_stream import StreamBrand
from app.store.database import Store, Transaction
from app.store.tables import CustomerRow
from tests.naive import Heard, Purchase, Refund, Rules, Tags, Told

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
OCCASIONS: Mapping[str, Occasion] = discover(occasions)


def brand_of(rules: Rules, code: str = "acorn") -> StreamBrand:
    """The brand that the rules describe."""
    policy = OccasionPolicy(
        milestones=rules.milestones,
        milestones_ever=rules.milestones_ever,
        lead_days=rules.lead_days,
        season_days=rules.season_days,
        strict_new_category=rules.strict,
        threshold_percentile=float(rules.percentile),
        smallest_population=rules.population,
    )
    zone = rules.zone if isinstance(rules.zone, ZoneInfo) else ZoneInfo("UTC")
    return StreamBrand(code=code, time_zone=zone, policy=policy, currency=rules.currency)


def recorded(order: Purchase) -> Recorded:
    """A purchase as the ledger takes it."""
    return Recorded(
        placed=Placed(
            source_order_id=order.id,
            customer_key=order.customer,
            at=order.at.astimezone(UTC),
            eligible=order.sale and order.value > 0,
            categories=order.categories,
            gift=order.gift,
            country=order.country,
            received_at=order.received,
            promised_at=order.promised,
            shipped_at=order.shipped,
            delivered_at=order.delivered,
        ),
        value=Money(order.value, order.currency),
        promised_at=order.promised,
        shipped_at=order.shipped,
        delivered_at=order.delivered,
        cancelled_at=order.cancelled,
    )


def record(tx: Transaction, brand: str, orders: Sequence[Purchase], refunds: Sequence[Refund] = ()) -> None:
    """Store purchases and refunds; what happened to each purchase comes before it or after it."""
    early = orders[::2]
    for order in early:
        record_events(tx, brand, order)
    tx.recording.orders(brand, [recorded(order) for order in orders], source="test", at=NOW)
    for order in orders[1::2]:
        record_events(tx, brand, order)
    tx.recording.credits(
        brand,
        [
            Credit(customer_key=refund.customer, at=refund.at, value=Money(refund.value, refund.currency))
            for refund in refunds
        ],
    )


def record_events(tx: Transaction, brand: str, order: Purchase) -> None:
    """Store what happened to a purchase beyond what it says itself, the last first."""
    events = [
        OrderEvent(type=OrderEventType.PROMISE_REVISED, at=said, promise=promise, source_event_id=f"p{said}")
        for said, promise in order.revised
    ]
    for type_, at in (
        (OrderEventType.REPRINTED, order.reprinted),
        (OrderEventType.COMPLAINT_OPENED, order.complained),
        (OrderEventType.COMPLAINT_CLOSED, order.settled),
    ):
        if at is not None:
            events.append(OrderEvent(type=type_, at=at, source_event_id=type_.value))
    if events:
        tx.order_events.record(brand, order.id, events[::-1], received_at=NOW)


def record_told(tx: Transaction, brand: str, told: Sequence[Told]) -> None:
    """Store what became known of customers, the last first."""
    for one in reversed(told):
        tx.customers.record(brand, one.customer, [customer_event(one)], received_at=NOW)


def order_event(said: Heard) -> OrderEvent:
    """What was said of an order, as the ledger takes it."""
    return OrderEvent(
        type=OrderEventType(said.what),
        at=said.at,
        source_event_id=said.id,
        promise=said.promise,
        credit=Money(said.value, said.currency) if said.what == "credited" else None,
        parcel=said.parcel,
        complaint=said.about,
    )


def customer_event(told: Told) -> CustomerEvent:
    """What became known of a customer, as the ledger takes it."""
    return CustomerEvent(
        type=CustomerEventType(told.what),
        at=told.at,
        source_event_id=told.id or f"{told.what} {told.at}",
        into=told.into,
        birthday=DayOfYear(*told.birthday) if told.birthday else None,
        story=DatedStory(on=told.story[0], about=told.story[1]) if told.story else None,
        story_id=told.story_id,
    )


def merge(tx: Transaction, brand: str, same: Sequence[frozenset[str]]) -> None:
    """Merge customers: each into the next of its set."""
    for keys in same:
        chain = sorted(keys)
        for key, into in zip(chain, [*chain[1:], None], strict=True):
            tx.session.merge(CustomerRow(brand=brand, key=key, canonical_key=into))
    tx.thresholds.older_truth(brand)


def engine_tags(
    tx: Transaction, order: Purchase, brand: StreamBrand, threshold: Threshold | None = None
) -> Tags:
    """What the engine says of one order, in the reference's words; `threshold` where T is known already."""
    placed = recorded(order).placed
    facts, past = learn_facts(tx, brand, placed, threshold or threshold_of(tx, brand, placed))
    return Tags(
        occasions=frozenset(match.occasion for match in find_matches(tuple(OCCASIONS.values()), facts)),
        n_prior=facts.n_prior,
        nth_year=facts.nth_this_year,
        spend=facts.spend_365,
        threshold=facts.threshold.minor,
        population=facts.threshold.population,
        open_complaint=facts.open_complaint,
        opted_out=past.opted_out,
        bereaved=past.standing.bereaved,
        erased=past.standing.erased_at is not None,
    )


@cache
def _empty() -> Store:
    store = Store("sqlite://")
    store.create()
    return store


@contextmanager
def ledger(store: Store | None = None) -> Iterator[Transaction]:
    """A transaction on an empty ledger, undone at the end so that the next one is empty too."""
    with Session((store or _empty()).engine, expire_on_commit=False) as session:
        yield Transaction(session)
        session.rollback()


def tag_all(
    orders: Sequence[Purchase], refunds: Sequence[Refund] = (), rules: Rules | None = None
) -> dict[str, Tags]:
    """What the engine says of every order, all of them stored."""
    rules = rules or Rules()
    brand = brand_of(rules)
    with ledger() as tx:
        record(tx, brand.code, orders, refunds)
        record_told(tx, brand.code, rules.told)
        merge(tx, brand.code, rules.same)
        by_moment = sorted(orders, key=lambda order: (order.at, order.id.encode()))
        return {order.id: engine_tags(tx, order, brand) for order in by_moment}
