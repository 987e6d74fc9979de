"""The customer tries something that they never ordered before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.domain.facts import Facts
from app.domain.occasion import Example, Match, OccasionKind

_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class NewCategory:
    """Some known category of this order is in none of the counted orders before it, and there are some.

    Where the brand is strict, all of them have to be.
    """

    code: str = "new_category"
    title: str = "Something new"
    kind: OccasionKind = OccasionKind.SOFT
    rank: int = 80
    needs_complete_history: bool = False
    again_after: timedelta = timedelta(0)
    slots: frozenset[str] = frozenset({"category", "n_orders"})

    def match(self, facts: Facts) -> Match | None:
        """The match with its reason, or None where the occasion does not hold."""
        if not facts.countable or not facts.n_prior or not facts.new_categories:
            return None
        if facts.strict_new_category and facts.new_categories != facts.categories:
            return None
        new = sorted(facts.new_categories)
        return Match(
            occasion=self.code,
            reason=f"never ordered before: {', '.join(new)}",
            slots={"category": new[0], "n_orders": facts.nth_ever},
        )

    @property
    def examples(self) -> tuple[Example, ...]:
        """Worked examples."""
        return (
            Example(says="a mug after prints", facts=_facts({"mug"}, {"mug"}), holds=True),
            Example(
                says="prints and a mug after prints", facts=_facts({"mug", "print"}, {"mug"}), holds=True
            ),
            Example(says="prints after prints", facts=_facts({"print"}, set()), holds=False),
            Example(says="a first order, all of it new", facts=_facts({"mug"}, {"mug"}, 0), holds=False),
            Example(says="only an unknown category", facts=_facts(set(), set()), holds=False),
            Example(
                says="strictly: a mug after prints", facts=_facts({"mug"}, {"mug"}, strict=True), holds=True
            ),
            Example(
                says="strictly: prints and a mug after prints",
                facts=_facts({"mug", "print"}, {"mug"}, strict=True),
                holds=False,
            ),
        )


def _facts(categories: set[str], new: set[str], n_prior: int = 2, *, strict: bool = False) -> Facts:
    return Facts(
        at=_AT,
        currency="EUR",
        known_customer=True,
        eligible=True,
        history_complete=True,
        n_prior=n_prior,
        categories=frozenset(categories),
        new_categories=frozenset(new),
        strict_new_category=strict,
    )


PLUGIN = NewCategory()
