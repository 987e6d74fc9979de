"""A dated event that the customer told of comes round: the wedding that an album was made of, a year ago."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from app.domain.calendar import anniversary
from app.domain.english import plural
from app.domain.facts import DatedStory, Facts
from app.domain.occasion import Example, Match, OccasionKind
from app.domain.story import GLAD

_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class StoryAnniversary:
    """This order's day, where the brand is, is an anniversary of a glad story; of several, of the latest."""

    code: str = "story_anniversary"
    title: str = "Anniversary of a story"
    kind: OccasionKind = OccasionKind.MOMENT
    rank: int = 50
    needs_complete_history: bool = False
    slots: frozenset[str] = frozenset({"years_since_story", "story_about"})
    again_after: timedelta = timedelta(days=60)

    def match(self, facts: Facts) -> Match | None:
        """The match with its reason, or None where the occasion does not hold."""
        today = facts.local_day
        if not facts.countable or today is None:
            return None
        kept = [
            (story.on, story.about, years)
            for story in facts.stories
            if story.about in GLAD and (years := anniversary(story.on, today, facts.lead_days)) is not None
        ]
        if not kept:
            return None
        on, about, years = max(kept)
        return Match(
            occasion=self.code,
            reason=f"{plural(years, 'year')} since {about.replace('_', ' ')} on {on:%Y-%m-%d}",
            slots={"years_since_story": years, "story_about": about},
        )

    @property
    def examples(self) -> tuple[Example, ...]:
        """Worked examples."""
        today, lately = date(2026, 6, 14), date(2026, 6, 13)
        wedding, leap = DatedStory(on=date(2025, 6, 14), about="wedding"), date(2024, 2, 29)
        journey = DatedStory(on=date(2021, 6, 14), about="journey")
        farewell = DatedStory(on=date(2025, 6, 14), about="farewell")
        return (
            Example(says="the wedding, a year ago", facts=_facts(today, wedding), holds=True),
            Example(says="two stories of one day", facts=_facts(today, journey, wedding), holds=True),
            Example(says="a day early", facts=_facts(lately, wedding), holds=False),
            Example(
                says="a day early, kept a week ahead", facts=_facts(lately, wedding, lead_days=7), holds=True
            ),
            Example(says="the very day of the wedding", facts=_facts(wedding.on, wedding), holds=False),
            Example(
                says="29 February, on the 28th",
                facts=_facts(date(2025, 2, 28), DatedStory(on=leap, about="birth")),
                holds=True,
            ),
            Example(says="nothing to celebrate", facts=_facts(today, farewell), holds=False),
            Example(says="nothing told", facts=_facts(today), holds=False),
        )


def _facts(today: date, *stories: DatedStory, lead_days: int = 0) -> Facts:
    return Facts(
        at=_AT,
        currency="EUR",
        known_customer=True,
        eligible=True,
        history_complete=True,
        n_prior=3,
        local_day=today,
        lead_days=lead_days,
        stories=stories,
    )


PLUGIN = StoryAnniversary()
