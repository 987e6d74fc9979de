"""What selection decided for an order, with every reason: one card, or none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.occasion import Match


class Outcome(StrEnum):
    """What became of one occasion that held."""

    CHOSEN = "chosen"
    OUTRANKED = "outranked"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Considered:
    """One occasion that held, and what selection did with it and why."""

    match: Match
    outcome: Outcome
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One card (`match`, `template`, `variant`, `language` set) or none (all four None).

    `reason` is one sentence for people. `policy_version` names the rules that decided.
    """

    match: Match | None
    template: str | None
    variant: str | None
    language: str | None
    reason: str
    considered: tuple[Considered, ...]
    policy_version: str

    @property
    def has_card(self) -> bool:
        """Whether a card was chosen."""
        return self.match is not None
