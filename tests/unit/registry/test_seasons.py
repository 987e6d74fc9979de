from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.domain.season import SEASONS
from app.registry.seasons import next_season

WEEKS = 14


def on(country: str, today: date, within: int = WEEKS) -> str | None:
    season = next_season(country, today, within)
    return None if season is None else f"{season.code} {season.day}"


@pytest.mark.parametrize(
    ("country", "today", "expected"),
    [
        ("DE", date(2026, 12, 11), "christmas 2026-12-25"),
        ("DE", date(2026, 12, 10), None),
        ("DE", date(2026, 12, 25), "christmas 2026-12-25"),
        ("DE", date(2026, 12, 26), "new_year 2027-01-01"),
        ("GB", date(2026, 4, 1), "easter 2026-04-05"),  # its calendar names Good Friday only
        ("GR", date(2026, 4, 5), "easter 2026-04-12"),  # by the eastern reckoning
        ("US", date(2026, 11, 20), "thanksgiving 2026-11-26"),
        ("JP", date(2026, 11, 20), None),  # Labor Thanksgiving Day is another thing
        ("CN", date(2026, 2, 10), "lunar_new_year 2026-02-17"),
        ("KR", date(2026, 9, 20), "chuseok 2026-09-25"),
        ("IN", date(2026, 11, 1), "diwali 2026-11-08"),
        ("TR", date(2026, 3, 15), "eid_al_fitr 2026-03-20"),
        ("EG", date(2026, 5, 20), "eid_al_adha 2026-05-27"),  # estimated: it hangs on the moon
        ("IR", date(2027, 3, 15), "nowruz 2027-03-21"),
        ("IL", date(2026, 9, 5), "rosh_hashanah 2026-09-12"),
        ("RU", date(2027, 1, 2), "christmas 2027-01-07"),
        ("EG", date(2026, 4, 1), None),  # "Spring Festival" there is no new year
        ("XX", date(2026, 12, 20), None),
    ],
)
def test_next_season(country: str, today: date, expected: str | None) -> None:
    assert on(country, today) == expected


def test_on_the_day_itself_only_where_a_brand_looks_no_further() -> None:
    assert on("DE", date(2026, 12, 25), 0) == "christmas 2026-12-25"
    assert on("DE", date(2026, 12, 24), 0) is None


def test_a_feast_by_the_moon_comes_twice_in_some_years() -> None:
    days = {day for n in range(366) if (day := on("TR", date(2033, 1, 1) + timedelta(days=n), 0))}
    assert {"eid_al_fitr 2033-01-02", "eid_al_fitr 2033-12-23"} <= days


def test_every_season_is_kept_somewhere() -> None:
    kept = set()
    for country in ("DE", "US", "TR", "IN", "CN", "IR", "IL", "KR"):
        for n in range(365):
            if season := next_season(country, date(2027, 1, 1) + timedelta(days=n), 0):
                kept.add(season.code)
    assert kept == SEASONS.keys()
