"""The day on which the customer first ordered, some years ago."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from app.domain.calendar import anniversary
from app.domain.english import plural
from app.domain.facts import Facts
from app.domain.occasion import Example, Match, OccasionKind

_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class CustomerAnniversary:
    """This order's day is an anniversary of the first counted order's, both in the brand's time zone."""

    code: str = "customer_anniversary"
    title: str = "Anniversary of the first order"
    kind: OccasionKind = OccasionKind.MOMENT
    rank: int = 54
    needs_complete_history: bool = True
    slots: frozenset[str] = frozenset({"years_together"})
    again_after: timedelta = timedelta(days=300)

    def match(self, facts: Facts) -> Match | None:
        """The match with its reason, or None where the occasion does not hold."""
        since, today = facts.customer_since, facts.local_day
        if not facts.countable or since is None or today is None:
            return None
        years = anniversary(since, today, facts.lead_days)
        if years is None:
            return None
        return Match(
            occasion=self.code,
            reason=f"{plural(years, 'year')} since the first order on {since:%Y-%m-%d}",
            slots={"years_together": years},
        )

    @property
    def examples(self) -> tuple[Example, ...]:
        """Worked examples."""
        first, leap = date(2023, 3, 2), date(2024, 2, 29)
        return (
            Example(says="three years to the day", facts=_facts(first, date(2026, 3, 2)), holds=True),
            Example(says="a day early", facts=_facts(first, date(2026, 3, 1)), holds=False),
            Example(
                says="a day early, kept a week ahead", facts=_facts(first, date(2026, 3, 1), 7), holds=True
            ),
            Example(says="a day late", facts=_facts(first, date(2026, 3, 3), 7), holds=False),
            Example(says="the first day itself", facts=_facts(first, first), holds=False),
            Example(says="29 February, on the 28th", facts=_facts(leap, date(2025, 2, 28)), holds=True),
            Example(says="29 February, on 1 March", facts=_facts(leap, date(2025, 3, 1)), holds=False),
            Example(
                says="29 February, on the 28th of a leap year",
                facts=_facts(leap, date(2028, 2, 28)),
                holds=False,
            ),
            Example(says="no order before this one", facts=_facts(None, date(2026, 3, 2)), holds=False),
        )


def _facts(since: date | None, today: date, lead_days: int = 0) -> Facts:
    return Facts(
        at=_AT,
        currency="EUR",
        known_customer=True,
        eligible=True,
        history_complete=True,
        n_prior=0 if since is None else 3,
        customer_since=since,
        local_day=today,
        lead_days=lead_days,
    )


PLUGIN = CustomerAnniversary()
