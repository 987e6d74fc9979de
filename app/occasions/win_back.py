"""The customer's first order in over a year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.domain.calendar import TRAILING_YEAR, months_between
from app.domain.english import plural
from app.domain.facts import Facts, PreviousOrder
from app.domain.occasion import Example, Match, OccasionKind

_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
_MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class WinBack:
    """More than 365 × 24 hours lie between the last counted order and this one."""

    code: str = "win_back"
    title: str = "First order in over a year"
    kind: OccasionKind = OccasionKind.MOMENT
    rank: int = 40
    needs_complete_history: bool = True
    again_after: timedelta = timedelta(0)
    slots: frozenset[str] = frozenset(
        {"days_since_last", "months_since_last", "years_since_last", "n_orders"}
    )

    def match(self, facts: Facts) -> Match | None:
        """The match with its reason, or None where the occasion does not hold."""
        if not facts.countable or facts.previous is None:
            return None
        last = facts.previous.placed_at
        if facts.at <= last + TRAILING_YEAR:
            return None
        days = (facts.at - last).days
        months = months_between(last, facts.at)
        return Match(
            occasion=self.code,
            reason=f"first order in {plural(days, 'day')}; the last was on {last:%Y-%m-%d}",
            slots={
                "days_since_last": days,
                "months_since_last": months,
                # Over 365 days can be a day short of a year on the calendar; it still is "a year" to people.
                "years_since_last": max(months // _MONTHS_A_YEAR, 1),
                "n_orders": facts.nth_ever,
            },
        )

    @property
    def examples(self) -> tuple[Example, ...]:
        """Worked examples."""
        year = timedelta(days=365)
        return (
            Example(says="365 days and a second", facts=_facts(year + timedelta(seconds=1)), holds=True),
            Example(says="exactly 365 days", facts=_facts(year), holds=False),
            Example(says="a month", facts=_facts(timedelta(days=30)), holds=False),
            Example(says="no order before this one", facts=_facts(None), holds=False),
        )


def _facts(since_last: timedelta | None) -> Facts:
    return Facts(
        at=_AT,
        currency="EUR",
        known_customer=True,
        eligible=True,
        history_complete=True,
        n_prior=0 if since_last is None else 3,
        previous=None if since_last is None else PreviousOrder(placed_at=_AT - since_last),
    )


PLUGIN = WinBack()
