"""The facts of the moment an order arrives: what the occasions are decided on.

Facts are computed once, when the job arrives, and stored with it; they never change afterwards. What each
of them means, and who may be told of it, stands in `fact_catalogue`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple


class DayOfYear(NamedTuple):
    """A day that comes every year; 29 February falls on the 28th in common years."""

    month: int
    day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedStory:
    """A dated event that the customer gave, such as the wedding that an album was made of."""

    on: date
    about: str
    """What it was, as a code: wedding, birth, journey, …"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """A day that the order's country keeps, as a code such as `christmas`, and when it comes next."""

    code: str
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviousOrder:
    """The customer's last counted order before this one, as known at this order's moment.

    What happened to it later than that moment is None here.
    """

    placed_at: datetime
    promised_at: datetime | None = None
    delivered_at: datetime | None = None
    shipped_at: datetime | None = None
    reprinted_at: datetime | None = None
    """When it was made again, in whole or in part."""
    complaint_opened_at: datetime | None = None
    complaint_closed_at: datetime | None = None

    @property
    def arrived_at(self) -> datetime | None:
        """When it was delivered or, where no delivery is known, shipped.

        A plant that hears nothing after its own door is measured by its ship-by date.
        """
        return self.delivered_at or self.shipped_at

    def delay(self, at: datetime) -> timedelta | None:
        """How long after the promise it came, or is out at `at`; None without a promise or a delay."""
        return lateness(self.promised_at, self.arrived_at or at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """T(day): what a customer must have spent in the trailing 365 days to be high-value.

    `minor` is None while fewer than the smallest population of customers exists.
    """

    minor: int | None
    population: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What was known of the customer at `at`. Counts exclude this order unless said otherwise.

    `known_customer` is False for a guest: then no history-based occasion can hold. Money is in minor
    units of `currency`. None stands for what is not known.
    """

    at: datetime
    currency: str
    known_customer: bool
    eligible: bool
    history_complete: bool
    n_prior: int = 0
    nth_this_year: int = 1
    """1 + prior orders in the same calendar year of the brand's time zone."""
    spend_365: int = 0
    threshold: Threshold = Threshold(minor=None, population=0)
    previous: PreviousOrder | None = None
    categories: frozenset[str] = frozenset()
    new_categories: frozenset[str] = frozenset()
    milestones: tuple[int, ...] = (23,)
    """Orders of the year that the brand celebrates."""
    milestones_ever: tuple[int, ...] = ()
    """Orders ever that the brand celebrates."""
    strict_new_category: bool = False
    """Whether the brand notices a new category only where all of the order's are new."""
    local_day: date | None = None
    """The day of `at` in the brand's time zone."""
    lead_days: int = 0
    """A day of the year is kept by orders from this many days before it, since a parcel travels."""
    customer_since: date | None = None
    """The day, in the brand's time zone, of the first counted order."""
    birthday: DayOfYear | None = None
    """Only where the customer gave it to be greeted."""
    stories: tuple[DatedStory, ...] = ()
    """Those given with counted orders or by the customer whose day is being kept."""
    season: Season | None = None
    """The next day that the order's country keeps, where it is near enough for the brand."""
    gift: bool = False
    """Whether the recipient is somebody else."""
    open_complaint: bool = False
    """Whether a complaint about any of the customer's orders is open."""
    value: int | None = None
    """Of this order; None in another currency than the brand's."""
    quantity: int | None = None
    """Pieces in this order."""
    channel: str | None = None
    country: str | None = None
    """ISO 3166-1 alpha-2."""
    promised_at: datetime | None = None
    """This order's own promise …"""
    received_at: datetime | None = None
    """… when its job came in, as late as that may be …"""
    arrived_at: datetime | None = None
    """… and when it was delivered or shipped, if that was known then."""

    @property
    def countable(self) -> bool:
        """Whether occasions that rest on the customer's history can hold for this order at all."""
        return self.known_customer and self.eligible

    @property
    def nth_ever(self) -> int:
        """Which of the customer's orders this is, counting it."""
        return self.n_prior + 1

    @property
    def days_since_last(self) -> int | None:
        """Whole days since the previous order."""
        return None if self.previous is None else (self.at - self.previous.placed_at).days

    @property
    def years_a_customer(self) -> int | None:
        """Whole years, on the brand's calendar, since the first counted order."""
        if self.local_day is None or self.customer_since is None:
            return None
        since, today = self.customer_since, self.local_day
        return today.year - since.year - ((today.month, today.day) < (since.month, since.day))

    @property
    def days_late(self) -> int | None:
        """Whole days that this order was late by."""
        return None if self.late_by is None else self.late_by.days

    @property
    def late_by(self) -> timedelta | None:
        """How far this very order was behind its promise when its job came in; None where it was not."""
        return lateness(self.promised_at, self.arrived_at or self.received_at or self.at)


def lateness(promised: datetime | None, arrived: datetime) -> timedelta | None:
    """How long after its promise an order arrived; None without a promise or a delay."""
    if promised is None:
        return None
    late = arrived - promised
    return late if late > timedelta(0) else None
