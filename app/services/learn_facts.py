"""What is known of an order's customer at its moment: the ledger asked, the facts derived."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol
from zoneinfo import ZoneInfo

from app.domain.calendar import day_start, year_start
from app.domain.derive import derive_facts
from app.domain.facts import Facts, Season, Threshold
from app.domain.fold import OrderState
from app.domain.ids import order_id
from app.domain.occasion import Match, Occasion
from app.domain.past import Past, Placed
from app.domain.policy import OccasionPolicy
from app.registry.seasons import next_season
from app.store.database import Transaction
from app.store.past_walk import PastWalk


class Tenant(Protocol):
    """What the ledger needs to know of a brand; every `Brand` is one."""

    @property
    def code(self) -> str:
        """The brand in every key."""
        ...

    @property
    def time_zone(self) -> ZoneInfo:
        """Where its days and years begin."""
        ...

    @property
    def currency(self) -> str:
        """The one that sums are in."""
        ...

    @property
    def policy(self) -> OccasionPolicy:
        """Its milestones and threshold."""
        ...


def threshold_of(tx: Transaction, brand: Tenant, placed: Placed) -> Threshold:
    """T of the day, in the brand's zone, on which the order was placed."""
    return tx.thresholds.at(brand.code, day_start(placed.at, brand.time_zone), brand.currency, brand.policy)


def learn_facts(
    tx: Transaction, brand: Tenant, placed: Placed, threshold: Threshold, *, walk: PastWalk | None = None
) -> tuple[Facts, Past]:
    """The order's facts, and the past that they come from.

    Args:
        tx: any transaction.
        brand: whose order it is.
        placed: the order.
        threshold: of its day.
        walk: through its customer's past, where several of their orders are asked for in turn.
    """
    placed = _as_it_stood(tx, brand.code, placed)
    new_year = year_start(placed.at, brand.time_zone)
    past = (
        tx.history.past(brand.code, placed, currency=brand.currency, new_year=new_year)
        if walk is None
        else walk.past(placed, new_year=new_year)
    )
    return facts_of(brand, placed, past, threshold), past


def facts_of(brand: Tenant, placed: Placed, past: Past, threshold: Threshold) -> Facts:
    """The facts that an order's past comes to."""
    zone, policy = brand.time_zone, brand.policy
    return derive_facts(
        placed,
        past,
        threshold,
        policy,
        currency=brand.currency,
        zone=zone,
        season=_season_of(placed, zone, policy.season_days),
    )


def _as_it_stood(tx: Transaction, brand: str, placed: Placed) -> Placed:
    """The order as its events told when its job came in: some may have come before it."""
    if placed.received_at is None:
        return placed
    state = tx.order_events.state(brand, order_id(brand, placed.source_order_id), at=placed.received_at)
    if state == OrderState():
        return placed
    return replace(
        placed,
        promised_at=state.promised_at,
        shipped_at=state.shipped_at,
        delivered_at=state.delivered_at,
    )


def _season_of(placed: Placed, zone: ZoneInfo, within_days: int) -> Season | None:
    if placed.country is None:
        return None
    return next_season(placed.country, placed.at.astimezone(zone).date(), within_days)


def find_matches(occasions: tuple[Occasion, ...], facts: Facts) -> tuple[Match, ...]:
    """The occasions that hold, in the order given."""
    return tuple([match for occasion in occasions if (match := occasion.match(facts)) is not None])
