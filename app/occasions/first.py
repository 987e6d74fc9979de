"""The customer's first order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.domain.facts import Facts
from app.domain.occasion import Example, Match, OccasionKind

_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class First:
    """No counted order comes before this one."""

    code: str = "first"
    title: str = "First order"
    kind: OccasionKind = OccasionKind.MOMENT
    rank: int = 20
    needs_complete_history: bool = True
    again_after: timedelta = timedelta.max
    slots: frozenset[str] = frozenset({"n_orders"})

    def match(self, facts: Facts) -> Match | None:
        """The match with its reason, or None where the occasion does not hold."""
        if not facts.countable or facts.n_prior:
            return None
        return Match(
            occasion=self.code,
            reason="first order: no earlier one that counts",
            slots={"n_orders": facts.nth_ever},
        )

    @property
    def examples(self) -> tuple[Example, ...]:
        """Worked examples."""
        return (
            Example(says="no order before this one", facts=_facts(), holds=True),
            Example(says="one order before this one", facts=_facts(n_prior=1), holds=False),
            Example(says="a guest, whose past is unknown", facts=_facts(known_customer=False), holds=False),
            Example(says="a free reprint", facts=_facts(eligible=False), holds=False),
        )


def _facts(*, n_prior: int = 0, known_customer: bool = True, eligible: bool = True) -> Facts:
    return Facts(
        at=_AT,
        currency="EUR",
        known_customer=known_customer,
        eligible=eligible,
        history_complete=True,
        n_prior=n_prior,
    )


PLUGIN = First()
