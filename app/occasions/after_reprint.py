"""The order before this one had to be made again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.domain.facts import Facts, PreviousOrder
from app.domain.occasion import Example, Match, OccasionKind

_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class AfterReprint:
    """The last counted order was made again, in whole or in part, as known at this one's moment."""

    code: str = "after_reprint"
    title: str = "After a reprint"
    kind: OccasionKind = OccasionKind.RECOVERY
    rank: int = 12
    needs_complete_history: bool = False
    slots: frozenset[str] = frozenset()
    again_after: timedelta = timedelta(0)

    def match(self, facts: Facts) -> Match | None:
        """The match with its reason, or None where the occasion does not hold."""
        previous = facts.previous
        if not facts.countable or previous is None or previous.reprinted_at is None:
            return None
        return Match(
            occasion=self.code,
            reason=f"the last order was made again on {previous.reprinted_at:%Y-%m-%d}",
        )

    @property
    def examples(self) -> tuple[Example, ...]:
        """Worked examples."""
        return (
            Example(says="the last order was made again", facts=_facts(_previous(_AT)), holds=True),
            Example(says="the last order was right at once", facts=_facts(_previous(None)), holds=False),
            Example(says="no order before this one", facts=_facts(None), holds=False),
        )


def _previous(reprinted: datetime | None) -> PreviousOrder:
    return PreviousOrder(placed_at=_AT - timedelta(days=10), reprinted_at=reprinted)


def _facts(previous: PreviousOrder | None) -> Facts:
    return Facts(
        at=_AT,
        currency="EUR",
        known_customer=True,
        eligible=True,
        history_complete=True,
        n_prior=0 if previous is None else 1,
        previous=previous,
    )


PLUGIN = AfterReprint()
