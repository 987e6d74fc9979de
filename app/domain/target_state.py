"""How a target stands with the plant: open or not by an operator's word, up or down by its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.backoff import pause
from app.domain.ticket import Condition

_FIRST_PAUSE = timedelta(seconds=2)
_LONGEST_PAUSE = timedelta(minutes=5)


class Gate(StrEnum):
    """What an operator lets through."""

    OPEN = "open"
    PAUSED = "paused"
    """Nothing goes out; everything waits."""
    DRAINING = "draining"
    """What was ready before goes out; what comes later waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetState:
    """A target as it stands.

    `trouble` is why nothing can be handed over, empty where something can; `failures` counts the tries since
    it last took something. `turn` numbers its background task, so that an older one that still waits knows
    that it is not wanted any more; `look_at` is when the latest looks. `condition` is what it last said of
    itself, at `seen_at`.
    """

    name: str
    gate: Gate = Gate.OPEN
    gate_by: str = ""
    gate_at: datetime | None = None
    trouble: str = ""
    failures: int = 0
    turn: int = 0
    look_at: datetime | None = None
    condition: Condition = field(default_factory=Condition)
    seen_at: datetime | None = None

    def lets(self, ready_at: datetime | None) -> bool:
        """Whether what was ready at that time may go out."""
        if self.trouble or self.gate is Gate.PAUSED:
            return False
        if self.gate is Gate.DRAINING:
            return self.gate_at is not None and ready_at is not None and ready_at <= self.gate_at
        return True

    @property
    def why_not(self) -> str:
        """Why something waits that it does not let out."""
        return self.trouble or f"the target is {self.gate}"

    def pause(self) -> timedelta:
        """How long to leave it alone after the failure that came just now."""
        return pause(self.name, self.failures, first=_FIRST_PAUSE, longest=_LONGEST_PAUSE)
