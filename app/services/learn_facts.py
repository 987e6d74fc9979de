"""What is known of an order's customer at its moment: the ledger asked, the facts derived."""

from __future__ import annotations

from typing import Protocol
from zoneinfo import ZoneInfo

from app.domain.calendar import day_start, year_start
from app.domain.derive import derive_facts
from app.domain.facts import Facts, Threshold
from app.domain.occasion import Match, Occasion
from app.domain.past import Past, Placed
from app.domain.policy import OccasionPolicy
from app.store.database import Transaction


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


def learn_facts(tx: Transaction, brand: Tenant, placed: Placed, threshold: Threshold) -> tuple[Facts, Past]:
    """The order's facts, and the past that they come from."""
    new_year = year_start(placed.at, brand.time_zone)
    past = tx.history.past(brand.code, placed, currency=brand.currency, new_year=new_year)
    return derive_facts(placed, past, threshold, brand.policy, brand.currency), past


def find_matches(occasions: tuple[Occasion, ...], facts: Facts) -> tuple[Match, ...]:
    """The occasions that hold, in the order given."""
    return tuple([match for occasion in occasions if (match := occasion.match(facts)) is not None])
