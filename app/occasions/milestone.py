"""A round number among all of the customer's orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.domain.english import ordinal
from app.domain.facts import Facts
from app.domain.occasion import Example, Match, OccasionKind

_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Milestone:
    """This counted order is, of all the customer's ever, one of those that the brand celebrates."""

    code: str = "milestone"
    title: str = "Milestone of all time"
    kind: OccasionKind = OccasionKind.MOMENT
    rank: int = 70
    needs_complete_history: bool = True
    slots: frozenset[str] = frozenset({"n_orders"})
    again_after: timedelta = timedelta(days=30)

    def match(self, facts: Facts) -> Match | None:
        """The match with its reason, or None where the occasion does not hold."""
        if not facts.countable or facts.nth_ever not in facts.milestones_ever:
            return None
        return Match(
            occasion=self.code,
            reason=f"{ordinal(facts.nth_ever)} order of all",
            slots={"n_orders": facts.nth_ever},
        )

    @property
    def examples(self) -> tuple[Example, ...]:
        """Worked examples."""
        return (
            Example(says="the 50th", facts=_facts(50), holds=True),
            Example(says="the 49th", facts=_facts(49), holds=False),
            Example(says="the 51st", facts=_facts(51), holds=False),
            Example(says="the 50th, and the brand celebrates none", facts=_facts(50, ()), holds=False),
        )


def _facts(nth: int, celebrated: tuple[int, ...] = (10, 50)) -> Facts:
    return Facts(
        at=_AT,
        currency="EUR",
        known_customer=True,
        eligible=True,
        history_complete=True,
        n_prior=nth - 1,
        milestones_ever=celebrated,
    )


PLUGIN = Milestone()
