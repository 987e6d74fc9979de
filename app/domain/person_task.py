"""What a person should do, because no card can: told on the desk until somebody has done it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PersonTaskKind(StrEnum):
    """What is to be done."""

    WRITE = "write"
    """Write to the customer: trouble came again, and a second card would be worse than silence."""
    NEW_WORDS = "new_words"
    """Write new wordings: a customer has had all that there are for an occasion."""


class PersonTaskState(StrEnum):
    """Where it stands."""

    OPEN = "open"
    DONE = "done"
    """Opened again, where the same is called for again."""
    DISMISSED = "dismissed"
    """Nobody wants to be told again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonTask:
    """One thing to do. `subject` is what it is about: of all that call for the same, one task is made."""

    brand: str
    kind: PersonTaskKind
    subject: str
    order_id: str
    """The latest order that called for it."""
    occasion: str
    reason: str
    made_at: datetime
    last_at: datetime
    id: int = 0
    """0 until it is stored."""
    times: int = 1
    """How often it was called for."""
    state: PersonTaskState = PersonTaskState.OPEN
    closed_at: datetime | None = None
    closed_by: str = ""
