"""Days and years as a brand's time zone draws them, and the trailing year that no zone touches."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

TRAILING_YEAR = timedelta(days=365)
"""365 × 24 hours: a length of time, not a date a year ago, so leap years and DST do not move it."""


def day_start(at: datetime, zone: ZoneInfo) -> datetime:
    """The first moment, in UTC, of the day in `zone` that holds `at`.

    Where midnight is skipped by a change to summer time the day starts at the change; where it happens twice,
    at the first (`fold=0` means both).
    """
    return _midnight(at.astimezone(zone).date(), zone)


def year_start(at: datetime, zone: ZoneInfo) -> datetime:
    """The first moment, in UTC, of the calendar year in `zone` that holds `at`."""
    return _midnight(date(at.astimezone(zone).year, 1, 1), zone)


@lru_cache(maxsize=4096)
def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def months_between(earlier: datetime, later: datetime) -> int:
    """Whole calendar months, in UTC; 31 January to 28 February is none."""
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    unfinished = (later.day, later.timetz()) < (earlier.day, earlier.timetz())
    return months - unfinished
