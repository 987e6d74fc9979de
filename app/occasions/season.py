"""A day that the order's country keeps is near, such as Christmas, the new year or Eid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from app.domain.facts import Facts, Season
from app.domain.occasion import Example, Match, OccasionKind

_AT = datetime(2026, 12, 11, 9, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SeasonOccasion:
    """The facts name a season: the next kept day of the order's country, near enough for the brand.

    It rests on the calendar alone, so it holds for guests too.
    """

    code: str = "season"
    title: str = "Season"
    kind: OccasionKind = OccasionKind.SOFT
    rank: int = 90
    needs_complete_history: bool = False
    slots: frozenset[str] = frozenset({"season"})
    again_after: timedelta = timedelta(days=60)

    def match(self, facts: Facts) -> Match | None:
        """The match with its reason, or None where the occasion does not hold."""
        season = facts.season
        if not facts.eligible or season is None:
            return None
        return Match(
            occasion=self.code,
            reason=f"{season.code.replace('_', ' ')} on {season.day:%Y-%m-%d}",
            slots={"season": season.code},
        )

    @property
    def examples(self) -> tuple[Example, ...]:
        """Worked examples."""
        christmas = Season(code="christmas", day=date(2026, 12, 25))
        return (
            Example(says="two weeks before Christmas", facts=_facts(christmas), holds=True),
            Example(says="a guest's", facts=_facts(christmas, known_customer=False), holds=True),
            Example(says="no kept day is near", facts=_facts(None), holds=False),
        )


def _facts(season: Season | None, *, known_customer: bool = True) -> Facts:
    return Facts(
        at=_AT,
        currency="EUR",
        known_customer=known_customer,
        eligible=True,
        history_complete=True,
        n_prior=3,
        season=season,
    )


PLUGIN = SeasonOccasion()
