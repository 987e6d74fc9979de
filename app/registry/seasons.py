"""The days that each country keeps, from the public calendars of the `holidays` library.

The library takes a quarter of a second to load, and a country's year a millisecond. So it is loaded beside
the first orders (`warm_up`) rather than before one of them, and a year is worked out once.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from threading import Thread
from typing import Any

from app.domain.facts import Season
from app.domain.season import SEASONS

_NAMES = {
    name: (code, timedelta(days=offset)) for code, names in SEASONS.items() for name, offset in names.items()
}
_ESTIMATED = " (estimated)"
"""How the library marks days that hang on the sight of the moon."""
_A_FEAST = timedelta(days=15)
"""Days of one name so close together are one feast. One by the moon can still come twice in a year."""
_YEARS_KEPT = 2_000


def next_season(country: str, today: date, within_days: int) -> Season | None:
    """The next day that a country keeps, today or at most so many days ahead; None where there is none.

    Args:
        country: ISO 3166-1 alpha-2; one without a calendar keeps no days.
        today: the day to look from.
        within_days: how far to look; below a year.
    """
    last = today + timedelta(days=within_days)
    for year in range(today.year, last.year + 1):
        for season in _kept_in(country, year):
            if today <= season.day <= last:
                return season
    return None


def warm_up() -> None:
    """Load the library in a thread of its own."""
    year = datetime.now(UTC).year
    Thread(target=_kept_in, args=("US", year), name="seasons", daemon=True).start()


@lru_cache(maxsize=_YEARS_KEPT)
def _kept_in(country: str, year: int) -> tuple[Season, ...]:
    """The days that a country keeps in a year, in their order."""
    kept: dict[str, list[date]] = {}
    for day, code in sorted(_named(country, year)):
        days = kept.setdefault(code, [])
        if not days or day - days[-1] > _A_FEAST:
            days.append(day)
    return tuple(
        Season(code=code, day=day) for day, code in sorted((day, code) for code in kept for day in kept[code])
    )


def _named(country: str, year: int) -> Iterator[tuple[date, str]]:
    for day, names in _calendar(country, year):
        for name in names.split("; "):
            if found := _NAMES.get(name.removesuffix(_ESTIMATED)):
                code, offset = found
                yield day + offset, code


def _calendar(country: str, year: int) -> list[tuple[date, str]]:
    holidays: Any = importlib.import_module("holidays")
    try:
        return sorted(holidays.country_holidays(country, years=year, language="en_US").items())
    except NotImplementedError:
        return []
