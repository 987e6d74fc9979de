"""What an occasion plug-in is, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from app.domain.facts import Facts

SlotValue = str | int
"""What a wording may be filled with. Money and other people's names never are slots."""


RULE_PREFIX = "rule:"
"""What the codes of brands' own rules begin with among the occasions; no plug-in's code holds a colon."""


class OccasionKind(StrEnum):
    """How selection treats an occasion."""

    RECOVERY = "recovery"
    """Something went wrong; the card asks for nothing and is never withheld by the holdout."""
    MOMENT = "moment"
    """Happens once in a while and stands on its own: first, the 23rd, a return."""
    SOFT = "soft"
    """Nice to notice; capped so that a card stays a surprise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An occasion that holds, with the sentence that says why and the facts a card may use."""

    occasion: str
    reason: str
    slots: Mapping[str, SlotValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A worked example: these facts, and whether the occasion holds. Run by the contract test."""

    says: str
    facts: Facts
    holds: bool


class Occasion(Protocol):
    """One occasion. A module in `app/occasions` exposes one as `PLUGIN`."""

    @property
    def code(self) -> str:
        """Stable name, snake_case, equal to the module's name."""
        ...

    @property
    def title(self) -> str:
        """Short name for people."""
        ...

    @property
    def kind(self) -> OccasionKind:
        """How selection treats it."""
        ...

    @property
    def rank(self) -> int:
        """Default priority; the smallest wins. A brand can reorder."""
        ...

    @property
    def needs_complete_history(self) -> bool:
        """Whether it is suppressed until the brand says that its history is complete."""
        ...

    @property
    def again_after(self) -> timedelta:
        """How long after its card a customer may have another of this occasion; `timedelta.max` for never.

        It holds whatever comes late, is split or is merged. Zero for any time.
        """
        ...

    @property
    def slots(self) -> frozenset[str]:
        """Names of the slots that a match fills, beyond those of every card."""
        ...

    @property
    def examples(self) -> tuple[Example, ...]:
        """Worked examples, at least one that holds and one that does not."""
        ...

    def match(self, facts: Facts) -> Match | None:
        """The match with its reason, or None where the occasion does not hold."""
        ...
