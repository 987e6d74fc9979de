"""Tags a whole order stream as if each order had just come in: the same history, facts and occasions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from app.domain.calendar import day_start
from app.domain.facts import Facts, Threshold
from app.domain.occasion import Match, Occasion
from app.domain.past import Credit, Recorded
from app.domain.policy import OccasionPolicy
from app.services.learn_facts import find_matches, learn_facts, threshold_of
from app.services.order_stream import STREAM_CURRENCY
from app.store.database import Store, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamBrand:
    """Whose stream it is."""

    time_zone: ZoneInfo
    policy: OccasionPolicy
    code: str = "stream"
    currency: str = STREAM_CURRENCY


@dataclass(frozen=True, slots=True, kw_only=True)
class Retold:
    """One order of the stream, and what it would have been tagged with."""

    order: Recorded
    facts: Facts
    matches: tuple[Match, ...]


def replay(
    orders: Sequence[Recorded], given: Sequence[Credit], brand: StreamBrand, occasions: tuple[Occasion, ...]
) -> Iterator[Retold]:
    """Every order, by (placed_at, order id bytewise), as known at its own moment.

    The whole stream is loaded into an empty ledger in memory first (about 0.3 GB for a million orders); what
    comes after an order's moment is then as invisible to it as the definitions ask.
    """
    store = Store("sqlite://")
    store.create()
    try:
        with store.transaction() as tx:
            tx.recording.orders(brand.code, orders, source="stream", at=datetime.now(UTC))
            tx.recording.credits(brand.code, given)
            yield from _retell(tx, orders, brand, occasions)
    finally:
        store.close()


def _retell(
    tx: Transaction, orders: Sequence[Recorded], brand: StreamBrand, occasions: tuple[Occasion, ...]
) -> Iterator[Retold]:
    # No truth arrives while a stream is replayed, so a day's threshold is asked for once.
    of_day: tuple[datetime, Threshold] | None = None
    for order in sorted(orders, key=_moment_and_id):
        placed = order.placed
        day = day_start(placed.at, brand.time_zone)
        if of_day is None or of_day[0] != day:
            of_day = day, threshold_of(tx, brand, placed)
        facts, _past = learn_facts(tx, brand, placed, of_day[1])
        yield Retold(order=order, facts=facts, matches=find_matches(occasions, facts))


def _moment_and_id(order: Recorded) -> tuple[datetime, bytes]:
    return order.placed.at, order.placed.source_order_id.encode()
