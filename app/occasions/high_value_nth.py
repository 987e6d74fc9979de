"""A milestone order of the year by one of the brand's best customers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.domain.english import amount, ordinal
from app.domain.facts import Facts, Threshold
from app.domain.occasion import Example, Match, OccasionKind

_AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class HighValueNth:
    """The nth order of the calendar year is a milestone, and the trailing net spend is at least T(day)."""

    code: str = "high_value_nth"
    title: str = "Milestone of the year, high-value customer"
    kind: OccasionKind = OccasionKind.MOMENT
    rank: int = 30
    needs_complete_history: bool = False
    again_after: timedelta = timedelta(0)
    slots: frozenset[str] = frozenset({"nth_year", "n_orders"})

    def match(self, facts: Facts) -> Match | None:
        """The match with its reason, or None where the occasion does not hold."""
        least = facts.threshold.minor
        if not facts.countable or facts.nth_this_year not in facts.milestones:
            return None
        if least is None or facts.spend_365 < least:
            return None
        spent = amount(facts.spend_365, facts.currency)
        return Match(
            occasion=self.code,
            reason=f"{ordinal(facts.nth_this_year)} order this year; spent {spent} in the last 365 days, "
            f"at least {amount(least, facts.currency)}",
            slots={"nth_year": facts.nth_this_year, "n_orders": facts.nth_ever},
        )

    @property
    def examples(self) -> tuple[Example, ...]:
        """Worked examples."""
        return (
            Example(says="the 23rd, well above", facts=_facts(23, 534_100), holds=True),
            Example(says="the 23rd, exactly at the threshold", facts=_facts(23, 122_565), holds=True),
            Example(says="the 23rd, a penny below", facts=_facts(23, 122_564), holds=False),
            Example(says="the 22nd", facts=_facts(22, 534_100), holds=False),
            Example(says="the 24th", facts=_facts(24, 534_100), holds=False),
            Example(says="too few customers for a threshold", facts=_facts(23, 534_100, None), holds=False),
        )


def _facts(nth: int, spent: int, least: int | None = 122_565) -> Facts:
    return Facts(
        at=_AT,
        currency="GBP",
        known_customer=True,
        eligible=True,
        history_complete=True,
        n_prior=nth + 4,
        nth_this_year=nth,
        spend_365=spent,
        threshold=Threshold(minor=least, population=49 if least is None else 812),
    )


PLUGIN = HighValueNth()
