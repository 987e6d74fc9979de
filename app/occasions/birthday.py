"""The customer's birthday, where they gave it to be greeted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from app.domain.calendar import next_kept
from app.domain.facts import DayOfYear, Facts
from app.domain.occasion import Example, Match, OccasionKind

_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class BirthdayOccasion:
    """This order's day, in the brand's time zone, is the birthday that the customer gave."""

    code: str = "birthday"
    title: str = "Birthday"
    kind: OccasionKind = OccasionKind.MOMENT
    rank: int = 52
    needs_complete_history: bool = False
    slots: frozenset[str] = frozenset()
    again_after: timedelta = timedelta(days=300)

    def match(self, facts: Facts) -> Match | None:
        """The match with its reason, or None where the occasion does not hold."""
        born, today = facts.birthday, facts.local_day
        if not facts.countable or born is None or today is None:
            return None
        kept = next_kept(born.month, born.day, today)
        if (kept - today).days > facts.lead_days:
            return None
        return Match(occasion=self.code, reason=f"the customer's birthday is kept on {kept:%Y-%m-%d}")

    @property
    def examples(self) -> tuple[Example, ...]:
        """Worked examples."""
        march, leap, new_year = DayOfYear(3, 2), DayOfYear(2, 29), DayOfYear(1, 2)
        return (
            Example(says="on the day", facts=_facts(march, date(2026, 3, 2)), holds=True),
            Example(says="the day before", facts=_facts(march, date(2026, 3, 1)), holds=False),
            Example(
                says="the day before, kept a week ahead", facts=_facts(march, date(2026, 3, 1), 7), holds=True
            ),
            Example(says="the day after", facts=_facts(march, date(2026, 3, 3), 7), holds=False),
            Example(says="29 February, on the 28th", facts=_facts(leap, date(2026, 2, 28)), holds=True),
            Example(says="29 February, in a leap year", facts=_facts(leap, date(2028, 2, 29)), holds=True),
            Example(
                says="29 February, on the 28th of a leap year",
                facts=_facts(leap, date(2028, 2, 28)),
                holds=False,
            ),
            Example(
                says="early in January, kept a week ahead in December",
                facts=_facts(new_year, date(2026, 12, 30), 7),
                holds=True,
            ),
            Example(says="never given", facts=_facts(None, date(2026, 3, 2)), holds=False),
        )


def _facts(born: DayOfYear | None, today: date, lead_days: int = 0) -> Facts:
    return Facts(
        at=_AT,
        currency="EUR",
        known_customer=True,
        eligible=True,
        history_complete=True,
        n_prior=3,
        birthday=born,
        local_day=today,
        lead_days=lead_days,
    )


PLUGIN = BirthdayOccasion()
