"""The customer complained about the order before this one, and the complaint was settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.domain.facts import Facts, PreviousOrder
from app.domain.occasion import Example, Match, OccasionKind

_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class AfterComplaint:
    """A complaint about the last counted order was opened, and closed, as known at this one's moment.

    While one is open no card goes out at all; that is for selection to say.
    """

    code: str = "after_complaint"
    title: str = "After a complaint"
    kind: OccasionKind = OccasionKind.RECOVERY
    rank: int = 14
    needs_complete_history: bool = False
    slots: frozenset[str] = frozenset()
    again_after: timedelta = timedelta(0)

    def match(self, facts: Facts) -> Match | None:
        """The match with its reason, or None where the occasion does not hold."""
        previous = facts.previous
        if not facts.countable or previous is None:
            return None
        opened, closed = previous.complaint_opened_at, previous.complaint_closed_at
        if opened is None or closed is None:
            return None
        return Match(
            occasion=self.code,
            reason=f"the complaint of {opened:%Y-%m-%d} on the last order was settled on {closed:%Y-%m-%d}",
        )

    @property
    def examples(self) -> tuple[Example, ...]:
        """Worked examples."""
        opened, closed = _AT - timedelta(days=6), _AT - timedelta(days=2)
        return (
            Example(says="opened and settled", facts=_facts(opened, closed), holds=True),
            Example(says="opened and not settled yet", facts=_facts(opened, None), holds=False),
            Example(says="no complaint", facts=_facts(None, None), holds=False),
            Example(says="no order before this one", facts=_facts(opened, closed, n_prior=0), holds=False),
        )


def _facts(opened: datetime | None, closed: datetime | None, n_prior: int = 1) -> Facts:
    previous = PreviousOrder(
        placed_at=_AT - timedelta(days=10), complaint_opened_at=opened, complaint_closed_at=closed
    )
    return Facts(
        at=_AT,
        currency="EUR",
        known_customer=True,
        eligible=True,
        history_complete=True,
        n_prior=n_prior,
        previous=previous if n_prior else None,
    )


PLUGIN = AfterComplaint()
