"""Days and years as a brand's time zone draws them, and the trailing year that no zone touches."""

from __future__ import annotations

from calendar import isleap
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

TRAILING_YEAR = timedelta(days=365)
"""365 × 24 hours: a length of time, not a date a year ago, so leap years and DST do not move it."""
_LEAP_DAY = (2, 29)


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


def kept_in(month: int, day: int, year: int) -> date:
    """The date on which a day of the year is kept: 29 February on the 28th in common years."""
    if (month, day) == _LEAP_DAY and not isleap(year):
        return date(year, 2, 28)
    return date(year, month, day)


def next_kept(month: int, day: int, today: date) -> date:
    """When a day of the year is kept next: today or later."""
    kept = kept_in(month, day, today.year)
    return kept if kept >= today else kept_in(month, day, today.year + 1)


def anniversary(of: date, today: date, lead_days: int) -> int | None:
    """Which anniversary of a date an order of `today` keeps; None where it keeps none.

    Args:
        of: the date; the day itself is no anniversary of it.
        today: the order's day.
        lead_days: from how many days before the day on.
    """
    kept = next_kept(of.month, of.day, today)
    years = kept.year - of.year
    return years if years > 0 and (kept - today).days <= lead_days else None


def months_between(earlier: datetime, later: datetime) -> int:
    """Whole calendar months, in UTC; 31 January to 28 February is none."""
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    unfinished = (later.day, later.timetz()) < (earlier.day, earlier.timetz())
    return months - unfinished
