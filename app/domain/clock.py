"""Time as the rest of tipin sees it: aware, UTC, and handed in rather than looked up."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time. Tests hand in their own."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)


def to_utc(moment: datetime) -> datetime:
    """The same moment in UTC.

    Raises:
        ValueError: `moment` has no time zone; guessing one would move orders between days.
    """
    if moment.tzinfo is None:
        raise ValueError("a time without a time zone names no moment")
    return moment.astimezone(UTC)
