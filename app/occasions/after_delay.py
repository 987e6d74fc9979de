"""The order before this one came late, or is late still."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.domain.english import span
from app.domain.facts import Facts, PreviousOrder
from app.domain.occasion import Example, Match, OccasionKind

_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class AfterDelay:
    """The last counted order arrived after its promise, or is out and past it, as known at this one's moment.

    The latest promise that the ledger holds is the one that counts.
    """

    code: str = "after_delay"
    title: str = "After a late order"
    kind: OccasionKind = OccasionKind.RECOVERY
    rank: int = 10
    needs_complete_history: bool = False
    again_after: timedelta = timedelta(0)
    slots: frozenset[str] = frozenset()

    def match(self, facts: Facts) -> Match | None:
        """The match with its reason, or None where the occasion does not hold."""
        previous = facts.previous
        if not facts.countable or previous is None or previous.promised_at is None:
            return None
        delay = previous.delay(facts.at)
        if delay is None:
            return None
        came = "came" if previous.arrived_at else "has not come and is"
        reason = (
            f"the last order {came} {span(delay)} late; it was promised for {previous.promised_at:%Y-%m-%d}"
        )
        return Match(occasion=self.code, reason=reason)

    @property
    def examples(self) -> tuple[Example, ...]:
        """Worked examples."""
        day, hour = timedelta(days=1), timedelta(hours=1)
        promise = _AT - 3 * day
        return (
            Example(says="delivered a day late", facts=_facts(promise, promise + day), holds=True),
            Example(says="undelivered, a minute past its promise", facts=_facts(_AT - hour / 60), holds=True),
            Example(says="delivered on the promise", facts=_facts(promise, promise), holds=False),
            Example(says="undelivered, due this very moment", facts=_facts(_AT), holds=False),
            Example(says="not yet due", facts=_facts(_AT + day), holds=False),
            Example(says="no promise", facts=_facts(None, promise + day), holds=False),
            Example(
                says="shipped by its date, no word of delivery", facts=_shipped(promise - hour), holds=False
            ),
            Example(says="shipped after its date", facts=_shipped(promise + hour), holds=True),
            Example(says="no order before this one", facts=_about(None), holds=False),
        )


def _facts(promised: datetime | None, delivered: datetime | None = None) -> Facts:
    placed = _AT - timedelta(days=10)
    return _about(PreviousOrder(placed_at=placed, promised_at=promised, delivered_at=delivered))


def _shipped(shipped: datetime) -> Facts:
    placed, promised = _AT - timedelta(days=10), _AT - timedelta(days=3)
    return _about(PreviousOrder(placed_at=placed, promised_at=promised, shipped_at=shipped))


def _about(previous: PreviousOrder | None) -> Facts:
    return Facts(
        at=_AT,
        currency="EUR",
        known_customer=True,
        eligible=True,
        history_complete=True,
        n_prior=0 if previous is None else 1,
        previous=previous,
    )


PLUGIN = AfterDelay()
