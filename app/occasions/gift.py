"""The order is a gift: its card speaks to the one who unwraps it, not to the one who paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.domain.facts import Facts
from app.domain.occasion import Example, Match, OccasionKind

_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Gift:
    """The recipient is not the buyer.

    It comes before all others, because a gift's card can speak of none of them: they are about the buyer.
    """

    code: str = "gift"
    title: str = "A gift for somebody"
    kind: OccasionKind = OccasionKind.MOMENT
    rank: int = 1
    needs_complete_history: bool = False
    slots: frozenset[str] = frozenset()
    again_after: timedelta = timedelta(0)

    def match(self, facts: Facts) -> Match | None:
        """The match with its reason, or None where the occasion does not hold."""
        if not facts.eligible or not facts.gift:
            return None
        return Match(occasion=self.code, reason="a gift: the recipient is not the buyer")

    @property
    def examples(self) -> tuple[Example, ...]:
        """Worked examples."""
        return (
            Example(says="for somebody else", facts=_facts(), holds=True),
            Example(says="a guest's, for somebody else", facts=_facts(known_customer=False), holds=True),
            Example(says="for the buyer", facts=_facts(gift=False), holds=False),
            Example(says="a free reprint of a gift", facts=_facts(eligible=False), holds=False),
        )


def _facts(*, gift: bool = True, known_customer: bool = True, eligible: bool = True) -> Facts:
    return Facts(
        at=_AT,
        currency="EUR",
        known_customer=known_customer,
        eligible=eligible,
        history_complete=True,
        gift=gift,
        n_prior=5,
    )


PLUGIN = Gift()
