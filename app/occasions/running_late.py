"""This very order is past its promise already when its job comes in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.domain.english import span
from app.domain.facts import Facts
from app.domain.occasion import Example, Match, OccasionKind

_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class RunningLate:
    """The promise was before the moment at which the job came in, and nothing had arrived by then in time.

    It rests on this order alone, so it holds for guests too.
    """

    code: str = "running_late"
    title: str = "This order is late"
    kind: OccasionKind = OccasionKind.RECOVERY
    rank: int = 5
    needs_complete_history: bool = False
    slots: frozenset[str] = frozenset()
    again_after: timedelta = timedelta(0)

    def match(self, facts: Facts) -> Match | None:
        """The match with its reason, or None where the occasion does not hold."""
        late, promise = facts.late_by, facts.promised_at
        if not facts.eligible or late is None or promise is None:
            return None
        reason = f"this order is {span(late)} late already; it was promised for {promise:%Y-%m-%d}"
        return Match(occasion=self.code, reason=reason)

    @property
    def examples(self) -> tuple[Example, ...]:
        """Worked examples."""
        second, day = timedelta(seconds=1), timedelta(days=1)
        promise = _AT + 2 * day
        return (
            Example(
                says="came in a second past its promise", facts=_facts(promise, promise + second), holds=True
            ),
            Example(says="came in on its promise", facts=_facts(promise, promise), holds=False),
            Example(says="came in at once", facts=_facts(promise, _AT), holds=False),
            Example(says="no promise", facts=_facts(None, promise + day), holds=False),
            Example(
                says="came in past its promise, but was delivered in time",
                facts=_facts(promise, promise + day, arrived=promise - day),
                holds=False,
            ),
            Example(
                says="a guest's, past its promise",
                facts=_facts(promise, promise + day, known_customer=False),
                holds=True,
            ),
        )


def _facts(
    promised: datetime | None,
    received: datetime,
    *,
    arrived: datetime | None = None,
    known_customer: bool = True,
) -> Facts:
    return Facts(
        at=_AT,
        currency="EUR",
        known_customer=known_customer,
        eligible=True,
        history_complete=True,
        n_prior=5,
        promised_at=promised,
        received_at=received,
        arrived_at=arrived,
    )


PLUGIN = RunningLate()
