from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest

from app.domain.english import amount, ordinal, plural, span
from app.domain.percentile import percentile_disc


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th"), (21, "21st"),
     (23, "23rd"), (111, "111th"), (1_001, "1,001st")],
)  # fmt: skip
def test_ordinals(number: int, said: str) -> None:
    assert ordinal(number) == said


@pytest.mark.parametrize(
    ("minor", "currency", "said"),
    [
        (534_100, "GBP", "£5,341.00"),
        (-295, "EUR", "−€2.95"),
        (500, "JPY", "¥500"),
        (12_500, "KWD", "12.500 KWD"),
    ],
)
def test_amounts(minor: int, currency: str, said: str) -> None:
    assert amount(minor, currency) == said


def test_plurals_and_spans() -> None:
    assert [plural(n, "day") for n in (0, 1, 2_000)] == ["0 days", "1 day", "2,000 days"]
    assert span(timedelta(days=1, hours=5)) == "1 day"
    assert span(timedelta(hours=5)) == "5 hours"
    assert span(timedelta(minutes=1)) == "1 minute"
    assert span(timedelta(seconds=2)) == "2 seconds"


@pytest.mark.parametrize(
    ("count", "place"), [(1, 1), (2, 2), (9, 9), (10, 9), (11, 10), (20, 18), (50, 45), (100, 90)]
)
def test_the_percentile_is_a_value_that_occurs(count: int, place: int) -> None:
    assert percentile_disc(range(count, 0, -1), Fraction("0.9")) == place


def test_the_percentiles_ends() -> None:
    assert percentile_disc([], Fraction("0.9")) is None
    assert percentile_disc([5, 7], Fraction(0)) == 5
    assert percentile_disc([5, 7], Fraction(1)) == 7
