"""A rule as selection sees it: an occasion like the plug-ins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from app.domain.calendar import months_between
from app.domain.fact_words import Locale
from app.domain.facts import Facts
from app.domain.occasion import Example, Match, OccasionKind, SlotValue
from app.domain.rule import Rule, facts_asked
from app.domain.rule_compile import Test, compile_tree
from app.domain.rule_sentence import explain

_RANK = 1_000
"""Never looked at: the order of priority names every rule (see `rule_order`)."""
_MONTHS_A_YEAR = 12
SLOTS = frozenset(
    {
        "n_orders",
        "nth_year",
        "days_since_last",
        "months_since_last",
        "years_since_last",
        "years_together",
        "category",
    }
)
"""What a rule's words may be filled with, beyond the slots of every card."""


@dataclass(frozen=True, slots=True)
class RuleOccasion:
    """One version of a rule, compiled."""

    rule: Rule
    locale: Locale
    _test: Test = field(init=False, repr=False)
    _asks_eligible: bool = field(init=False, repr=False)
    needs_complete_history: bool = field(init=False)
    again_after: timedelta = timedelta(0)
    slots: frozenset[str] = SLOTS
    examples: tuple[Example, ...] = ()
    rank: int = _RANK

    def __post_init__(self) -> None:
        """Compile the tree once."""
        asked = facts_asked(self.rule.when)
        object.__setattr__(self, "_test", compile_tree(self.rule.when))
        object.__setattr__(self, "_asks_eligible", any(fact.name == "eligible" for fact in asked))
        object.__setattr__(self, "needs_complete_history", any(fact.whole_history for fact in asked))

    @property
    def code(self) -> str:
        """The same for every version of the rule."""
        return self.rule.code

    @property
    def title(self) -> str:
        """The owner's own."""
        return self.rule.title

    @property
    def kind(self) -> OccasionKind:
        """How selection treats it."""
        return self.rule.kind

    def holds(self, facts: Facts) -> bool:
        """Whether the rule matches: its tree says yes, by its dates, for an order that counts.

        Reprints, tests and orders of no value never match, unless the rule itself asks whether they count.
        """
        counts = facts.eligible or self._asks_eligible
        return counts and self._test(facts) is True and self.rule.covers(facts.at)

    def match(self, facts: Facts) -> Match | None:
        """The match with the verdict of each condition, or None."""
        if not self.holds(facts):
            return None
        reason = f"{self.title}: {explain(self.rule.when, facts, self.locale)}"
        return Match(occasion=self.code, reason=reason, slots=dict(_slots(facts)))


def _slots(facts: Facts) -> Iterator[tuple[str, SlotValue]]:
    if facts.known_customer:
        yield "n_orders", facts.nth_ever
        yield "nth_year", facts.nth_this_year
        if facts.n_prior and facts.new_categories:
            yield "category", min(facts.new_categories)
    if facts.years_a_customer:
        yield "years_together", facts.years_a_customer
    if facts.previous is not None:
        months = months_between(facts.previous.placed_at, facts.at)
        yield "days_since_last", (facts.at - facts.previous.placed_at).days
        if months:
            yield "months_since_last", months
        if months >= _MONTHS_A_YEAR:
            yield "years_since_last", months // _MONTHS_A_YEAR
