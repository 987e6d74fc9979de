"""What happened to an order, in order of time, as sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.bench import Block
from app.domain.call_back import Delivery, DeliveryState
from app.domain.format import Format
from app.domain.insert import BY_ITSELF, Insert, InsertChange, InsertState
from app.store.order_detail import OrderDetail
from app.web.pages.vocabulary import CLEAR_REASONS, EVENTS, Tone

_MOVES = {
    InsertState.HELD: ("Held", Tone.WAIT),
    InsertState.FAILED: ("Stopped", Tone.STOP),
    InsertState.UNKNOWN: ("Hand-over uncertain", Tone.STOP),
    InsertState.PACKED: ("Packed with the order", Tone.DONE),
    InsertState.CANCELLED: ("Card cancelled", Tone.QUIET),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One thing that happened. `at` is None where only the fact is known, not when."""

    at: datetime | None
    says: str
    detail: str = ""
    tone: Tone = Tone.QUIET


def tell(order: OrderDetail, formats: Mapping[str, Format]) -> tuple[Moment, ...]:
    """Everything that is known to have happened, oldest first; what has no time stands last."""
    format_ = formats.get(order.source)
    moments = [
        *_arrival(order, format_.title if format_ else order.source),
        *_reports(order),
        *_differences(order),
    ]
    if order.insert:
        moments += [*_card(order.insert), *_moves(order.insert, order.changes)]
    for block in order.blocks:
        moments += _block(block)
    for delivery in order.deliveries:
        moments += _call_back(delivery)
    timed = sorted((m for m in moments if m.at), key=lambda m: m.at or order.received_at)
    return (*timed, *(m for m in moments if not m.at))


def _arrival(order: OrderDetail, came_as: str) -> Iterator[Moment]:
    yield Moment(at=order.placed_at, says="Placed by the customer")
    yield Moment(at=order.received_at, says=f"Came in as {came_as}")
    if order.tag:
        yield Moment(at=order.tag.decided_at, says="Tagged", detail=order.tag.reason)


def _reports(order: OrderDetail) -> Iterator[Moment]:
    for event in order.events:
        yield Moment(at=event.at, says=EVENTS.get(event.type, event.type))


def _differences(order: OrderDetail) -> Iterator[Moment]:
    """What became known too late for the tag; nothing is printed anew for it."""
    for diff in order.diffs:
        cause = EVENTS.get(diff.cause.kind, diff.cause.kind)
        as_tagged = diff.after == diff.tagged
        yield Moment(
            at=diff.found_at,
            says="Would be tagged as it was again" if as_tagged else "Would now be tagged otherwise",
            detail=f"{cause} ({diff.cause.id}): {diff.reason}",
            tone=Tone.QUIET if as_tagged else Tone.WAIT,
        )


def _card(insert: Insert) -> Iterator[Moment]:
    yield Moment(at=insert.planned_at, says="Card planned", tone=Tone.MOVE)
    if insert.ready_at:
        yield Moment(at=insert.ready_at, says="Card drawn, preflight passed", tone=Tone.MOVE)
    if insert.accepted_at:
        yield Moment(
            at=insert.accepted_at,
            says=f"Handed over to {insert.target}",
            detail=insert.target_reference,
            tone=Tone.DONE,
        )


def _moves(insert: Insert, changes: Sequence[InsertChange]) -> Iterator[Moment]:
    """Where it left the straight way, and by whose hand."""
    for change in changes:
        by = "" if change.who == BY_ITSELF else f" by {change.who}"
        if (change.before, change.after) == (InsertState.HELD, InsertState.CANCELLED):
            yield Moment(at=change.at, says=f"Released{by}", detail=change.reason, tone=Tone.QUIET)
        elif change.after in _MOVES:
            says, tone = _MOVES[change.after]
            yield Moment(at=change.at, says=f"{says}{by}", detail=change.reason, tone=tone)
        elif change.after is InsertState.PLANNED and change.before is not None:
            says = f"Print no. {change.generation + 1} asked for{by}"
            yield Moment(at=change.at, says=says, detail=change.reason, tone=Tone.MOVE)
        elif change.before is InsertState.PACKED:
            yield Moment(at=change.at, says=f"Taken out again{by}", detail=change.reason, tone=Tone.WAIT)
        elif change.before is InsertState.HELD:
            yield Moment(at=change.at, says=f"Released{by}", detail=change.reason, tone=Tone.MOVE)
    if insert.state in _MOVES and all(change.after is not insert.state for change in changes):
        says, tone = _MOVES[insert.state]  # it came there before moves were written down
        yield Moment(at=None, says=says, detail=insert.reason, tone=tone)


def _block(block: Block) -> Iterator[Moment]:
    """A wrong piece at the packing bench, and who cleared the parcel."""
    yield Moment(
        at=block.at,
        says=f"Blocked at the bench {block.station}",
        detail=f"{block.who} scanned a piece of {block.record} with it",
        tone=Tone.STOP,
    )
    if block.cleared_at and block.reason:
        why = f"{CLEAR_REASONS[block.reason]}: {block.note}".removesuffix(": ")
        yield Moment(at=block.cleared_at, says=f"Cleared by {block.cleared_by}", detail=why, tone=Tone.DONE)


def _call_back(delivery: Delivery) -> Iterator[Moment]:
    if delivery.delivered_at:
        yield Moment(at=delivery.delivered_at, says="Sender told", tone=Tone.DONE)
    elif delivery.state is DeliveryState.GIVEN_UP:
        last = delivery.last_error or f"answered {delivery.last_status}"
        detail = f"{delivery.attempts} tries; the last one: {last}"
        yield Moment(at=None, says="Sender could not be told", detail=detail, tone=Tone.STOP)
