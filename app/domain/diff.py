"""What an order would be tagged with, had its customer's past been known as it is now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

NO_CARD = "no card"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """What became known: its kind, such as `cancelled`, and the sender's own id of it."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """A difference that older truth makes. The order's tag and card stay as they are.

    `tagged`, `before` and `after` are occasions, or None for no card: what it was tagged with, what it would
    have been tagged with before this became known, and since.
    """

    brand: str
    order_id: str
    tagged: str | None
    before: str | None
    after: str | None
    reason: str
    """Why it would be that now."""
    cause: Cause
    found_at: datetime

    @property
    def says(self) -> str:
        """What is shown."""
        return f"would now be {self.after or NO_CARD}"
