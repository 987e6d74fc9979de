from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.domain.calendar import TRAILING_YEAR, anniversary, day_start, months_between, year_start

BERLIN = ZoneInfo("Europe/Berlin")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "zone", "starts"),
    [
        ("2026-03-02T12:00", "UTC", "2026-03-02T00:00"),
        ("2026-03-02T23:30", "Europe/Berlin", "2026-03-02T23:00"),
        ("2026-03-02T22:59", "Europe/Berlin", "2026-03-01T23:00"),
        # The clocks go forward at 02:00: the day before starts an hour "later" in UTC than the day after.
        ("2026-03-29T12:00", "Europe/Berlin", "2026-03-28T23:00"),
        ("2026-03-30T12:00", "Europe/Berlin", "2026-03-29T22:00"),
        # Midnight itself is skipped: the day starts at the change.
        ("2018-11-04T15:00", "America/Sao_Paulo", "2018-11-04T03:00"),
        # Midnight happens twice: the day starts at the first.
        ("2025-11-02T12:00", "America/Havana", "2025-11-02T04:00"),
    ],
)
def test_a_day_starts_where_the_brand_is(at: str, zone: str, starts: str) -> None:
    assert day_start(utc(at), ZoneInfo(zone)) == utc(starts)


def test_the_year_turns_in_the_brands_zone() -> None:
    assert year_start(utc("2025-12-31T22:59"), BERLIN) == utc("2024-12-31T23:00")
    assert year_start(utc("2025-12-31T23:00"), BERLIN) == utc("2025-12-31T23:00")


def test_the_trailing_year_is_a_length_not_a_date() -> None:
    assert utc("2024-02-29T12:00") - TRAILING_YEAR == utc("2023-03-01T12:00")
    assert timedelta(hours=365 * 24) == TRAILING_YEAR


@pytest.mark.parametrize(
    ("earlier", "later", "months"),
    [
        ("2025-01-15T10:00", "2026-01-15T10:00", 12),
        ("2025-01-15T10:00", "2026-01-15T09:59", 11),
        ("2025-01-31T00:00", "2025-02-28T23:59", 0),
        ("2024-02-29T12:00", "2025-02-28T12:00", 11),
        ("2024-02-29T12:00", "2025-03-01T12:00", 12),
    ],
)
def test_whole_months(earlier: str, later: str, months: int) -> None:
    assert months_between(utc(earlier), utc(later)) == months


@pytest.mark.parametrize(
    ("of", "today", "lead_days", "expected"),
    [
        (date(2023, 3, 2), date(2026, 3, 2), 0, 3),
        (date(2023, 3, 2), date(2026, 3, 1), 0, None),
        (date(2023, 3, 2), date(2026, 3, 1), 1, 3),
        (date(2023, 3, 2), date(2026, 3, 3), 60, None),
        (date(2026, 3, 2), date(2026, 3, 2), 0, None),  # the day itself
        (date(2026, 3, 9), date(2026, 3, 2), 7, None),  # a day that has not come
        (date(2024, 2, 29), date(2025, 2, 28), 0, 1),
        (date(2024, 2, 29), date(2025, 3, 1), 0, None),
        (date(2024, 2, 29), date(2028, 2, 28), 0, None),
        (date(2024, 2, 29), date(2028, 2, 29), 0, 4),
        (date(2023, 2, 28), date(2024, 2, 29), 0, None),
        (date(2020, 1, 2), date(2025, 12, 30), 3, 6),
        (date(1969, 12, 31), date(2026, 12, 31), 0, 57),
    ],
)
def test_anniversary(of: date, today: date, lead_days: int, expected: int | None) -> None:
    assert anniversary(of, today, lead_days) == expected
