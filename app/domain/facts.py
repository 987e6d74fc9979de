"""The facts of the moment an order arrives: what the occasions are decided on.

Facts are computed once, when the job arrives, and stored with it; they never change afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviousOrder:
    """The customer's last counted order before this one, as known at this order's moment.

    What happened to it later than that moment is None here.
    """

    placed_at: datetime
    promised_at: datetime | None = None
    delivered_at: datetime | None = None
    shipped_at: datetime | None = None

    @property
    def arrived_at(self) -> datetime | None:
        """When it was delivered or, where no delivery is known, shipped.

        A plant that hears nothing after its own door is measured by its ship-by date.
        """
        return self.delivered_at or self.shipped_at

    def delay(self, at: datetime) -> timedelta | None:
        """How long after the promise it came, or is out at `at`; None without a promise or a delay."""
        if self.promised_at is None:
            return None
        late = (self.arrived_at or at) - self.promised_at
        return late if late > timedelta(0) else None


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
    units of `currency`.
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

    @property
    def countable(self) -> bool:
        """Whether occasions that rest on the customer's history can hold for this order at all."""
        return self.known_customer and self.eligible

    @property
    def nth_ever(self) -> int:
        """Which of the customer's orders this is, counting it."""
        return self.n_prior + 1
