"""What senders are answered with, as documented in OpenAPI. Links are absolute."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.domain.insert import Insert, InsertChange, InsertState
from app.domain.item import Item
from app.services.item_answers import ItemAnswer, describe_item
from app.services.links import Links
from app.store.documents import facts_document
from app.store.orders import StoredOrder
from app.store.overview import OrderLine
from app.store.tags import Tag

_PRINTABLE = frozenset(
    {
        InsertState.READY,
        InsertState.HELD,
        InsertState.SUBMITTING,
        InsertState.ACCEPTED,
        InsertState.DONE_BY_DEVICE,
        InsertState.UNKNOWN,
        InsertState.PACKED,
    }
)


class MoneyAnswer(BaseModel):
    """An amount in minor units."""

    minor: int
    currency: str


class JobAnswer(BaseModel):
    """One manufacturing job, by tipin's id and the sender's own."""

    id: str
    source_item_id: str
    sku: str
    quantity: int
    category: str | None
    parcel: str | None
    carries_insert: bool = Field(description="Whether the order's card travels with this job.")
    links: dict[str, str]


class ConsideredAnswer(BaseModel):
    """One occasion that held, and what became of it."""

    occasion: str
    reason: str = Field(description="Why it holds.")
    outcome: str = Field(description="chosen, outranked, suppressed or withheld.")
    why: str = Field(description="Why it was, or was not, the one.")


class TagAnswer(BaseModel):
    """The customer occasion of the order at its moment; it never changes afterwards."""

    occasion: str | None
    reason: str
    facts: dict[str, Any]
    considered: list[ConsideredAnswer]
    policy_version: str
    decided_at: datetime


class CardAnswer(BaseModel):
    """The insert card that was chosen, and where it stands."""

    occasion: str
    template: str
    variant: str
    language: str
    state: str
    degradation: str
    reason: str = Field(description="Why it was let down or stopped; empty otherwise.")
    sign_by_hand: str = Field(description="Why a person should sign it by hand; empty where none need.")
    links: dict[str, str]


class OrderAnswer(BaseModel):
    """An order with its jobs, its tag and its card. `card` is null where `tag.reason` says why."""

    id: str
    brand: str
    source: str
    source_order_id: str
    placed_at: datetime
    received_at: datetime
    needed_by: datetime
    value: MoneyAnswer
    jobs: list[JobAnswer]
    tag: TagAnswer
    card: CardAnswer | None
    further_cards: list[CardAnswer] = Field(
        description="Generic cards of its other parcels or jobs, where the brand gives each one of its own."
    )
    items: list[ItemAnswer] = Field(description="Its photo items.")
    links: dict[str, str]


class OrderSummary(BaseModel):
    """One order of a list."""

    id: str
    brand: str
    source_order_id: str
    received_at: datetime
    occasion: str | None
    reason: str
    state: str = Field(description="Of its card; `no_card` where it gets none.")
    links: dict[str, str]


class OrderPage(BaseModel):
    """Some orders, newest first."""

    orders: list[OrderSummary]


class InsertChangeAnswer(BaseModel):
    """One move of a card."""

    at: datetime
    who: str = Field(description="A person, or `tipin` where it moved by itself.")
    before: str | None = Field(description="The state it left; null where it was planned.")
    after: str
    reason: str
    generation: int


class JobDetailAnswer(JobAnswer):
    """One job with its order's tag and card."""

    order: str = Field(description="tipin's id of its order.")
    needed_by: datetime = Field(description="When it is packed: a card that is later goes without.")
    tag: TagAnswer
    card: CardAnswer | None = Field(description="The one that it carries, or else its order's.")
    items: list[ItemAnswer] = Field(description="The photo items that it is.")
    card_changes: list[InsertChangeAnswer] = Field(description="Every move of that card, oldest first.")


def describe_change(change: InsertChange) -> InsertChangeAnswer:
    """One move of a card."""
    return InsertChangeAnswer(
        at=change.at,
        who=change.who,
        before=change.before,
        after=change.after,
        reason=change.reason,
        generation=change.generation,
    )


def is_printable(insert: Insert) -> bool:
    """Whether its file is there to be fetched."""
    return insert.pdf_sha256 is not None and insert.state in _PRINTABLE


def describe_order(
    stored: StoredOrder, tag: Tag, inserts: Sequence[Insert], items: Sequence[Item], links: Links
) -> OrderAnswer:
    """An order as its sender is told of it."""
    order = stored.order
    return OrderAnswer(
        id=stored.id,
        brand=order.brand,
        source=order.source,
        source_order_id=order.source_order_id,
        placed_at=order.placed_at,
        received_at=stored.received_at,
        needed_by=stored.needed_by,
        value=MoneyAnswer(minor=order.value.minor, currency=order.value.currency),
        jobs=[describe_job(stored, position, inserts, links) for position in range(len(order.jobs))],
        tag=describe_tag(tag),
        card=describe_card(inserts[0], links) if inserts else None,
        further_cards=[describe_card(insert, links) for insert in inserts[1:]],
        items=[describe_item(item, links) for item in items],
        links={"self": links.order(stored.id)},
    )


def describe_line(line: OrderLine, links: Links) -> OrderSummary:
    """An order as a list shows it: nobody's name."""
    return OrderSummary(
        id=line.id,
        brand=line.brand,
        source_order_id=line.source_order_id,
        received_at=line.received_at,
        occasion=line.occasion,
        reason=line.reason,
        state=line.state,
        links={"self": links.order(line.id)},
    )


def insert_of_job(inserts: Sequence[Insert], job_id: str) -> Insert | None:
    """The insert that a job carries, or else that of its order; None where that gets no card."""
    own = next((insert for insert in inserts if insert.job_id == job_id), None)
    return own or next(iter(inserts), None)


def describe_job(stored: StoredOrder, position: int, inserts: Sequence[Insert], links: Links) -> JobAnswer:
    """One job; where another job of the order carries the card, a link says which."""
    job, id_ = stored.order.jobs[position], stored.job_ids[position]
    insert = insert_of_job(inserts, id_)
    addresses = {
        "self": links.job(id_),
        "order": links.order(stored.id),
        "explanation": links.explanation(id_),
    }
    if insert is not None:
        addresses["insert"] = links.insert(insert.job_id)
    return JobAnswer(
        id=id_,
        source_item_id=job.source_item_id,
        sku=job.sku,
        quantity=job.quantity,
        category=job.category,
        parcel=job.parcel,
        carries_insert=insert is not None and insert.job_id == id_,
        links=addresses,
    )


def describe_tag(tag: Tag) -> TagAnswer:
    """A tag with its facts and everything that was considered."""
    return TagAnswer(
        occasion=tag.occasion,
        reason=tag.reason,
        facts=facts_document(tag.facts),
        considered=[
            ConsideredAnswer(
                occasion=one.match.occasion, reason=one.match.reason, outcome=one.outcome, why=one.why
            )
            for one in tag.decision.considered
        ],
        policy_version=tag.decision.policy_version,
        decided_at=tag.decided_at,
    )


def describe_card(insert: Insert, links: Links) -> CardAnswer:
    """A card where it stands now."""
    return CardAnswer(
        occasion=insert.occasion,
        template=insert.template,
        variant=insert.variant,
        language=insert.language,
        state=insert.state,
        degradation=insert.degradation,
        reason=insert.reason,
        sign_by_hand=insert.sign_by_hand,
        links={"pdf": links.insert(insert.job_id), "job": links.job(insert.job_id)},
    )
