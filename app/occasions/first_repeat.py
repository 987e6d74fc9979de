"""The customer came back: their second order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.domain.english import plural
from app.domain.facts import Facts, PreviousOrder
from app.domain.occasion import Example, Match, OccasionKind

_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class FirstRepeat:
    """Exactly one counted order comes before this one."""

    code: str = "first_repeat"
    title: str = "Second order"
    kind: OccasionKind = OccasionKind.MOMENT
    rank: int = 60
    needs_complete_history: bool = True
    again_after: timedelta = timedelta.max
    slots: frozenset[str] = frozenset({"n_orders", "days_since_last"})

    def match(self, facts: Facts) -> Match | None:
        """The match with its reason, or None where the occasion does not hold."""
        if not facts.countable or facts.n_prior != 1 or facts.previous is None:
            return None
        days = (facts.at - facts.previous.placed_at).days
        return Match(
            occasion=self.code,
            reason=f"second order, {plural(days, 'day')} after the first",
            slots={"n_orders": facts.nth_ever, "days_since_last": days},
        )

    @property
    def examples(self) -> tuple[Example, ...]:
        """Worked examples."""
        return (
            Example(says="one order before this one", facts=_facts(1), holds=True),
            Example(says="no order before this one", facts=_facts(0), holds=False),
            Example(says="two orders before this one", facts=_facts(2), holds=False),
        )


def _facts(n_prior: int) -> Facts:
    return Facts(
        at=_AT,
        currency="EUR",
        known_customer=True,
        eligible=True,
        history_complete=True,
        n_prior=n_prior,
        previous=PreviousOrder(placed_at=_AT - timedelta(days=40)) if n_prior else None,
    )


PLUGIN = FirstRepeat()
