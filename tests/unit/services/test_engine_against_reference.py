"""The engine against the naive reference, on generated histories."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from tests import ledger, naive
from tests.naive import Purchase, Refund, Rules, Told
from tests.shop import ORDERS, REFUNDS, RULES

ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Pacific/Auckland", "America/Sao_Paulo", "Asia/Kolkata"]
HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=365)
# Moments that definitions turn on: leap days, year ends in and off UTC, changes of clocks.
TURNING_POINTS = [
    datetime(2024, 2, 29, 12, tzinfo=UTC),
    datetime(2024, 12, 31, 23, 0, tzinfo=UTC),
    datetime(2025, 1, 1, 0, 0, tzinfo=UTC),
    datetime(2024, 3, 31, 1, 0, tzinfo=UTC),
    datetime(2024, 10, 27, 0, 30, tzinfo=UTC),
    datetime(2025, 12, 31, 22, 59, 59, tzinfo=UTC),
]
OFFSETS = [timedelta(0), timedelta(microseconds=1), timedelta(seconds=1), HOUR, DAY, YEAR, 2 * YEAR]

moments = st.builds(
    lambda point, offset, sign: point + sign * offset,
    st.sampled_from(TURNING_POINTS),
    st.sampled_from(OFFSETS) | st.integers(0, 800 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes)),
    st.sampled_from([-1, 1]),
)
gaps = st.sampled_from([timedelta(0), HOUR, DAY, 3 * DAY, 400 * DAY])


@st.composite
def purchases(draw: st.DrawFn) -> list[Purchase]:
    ids = draw(
        st.lists(st.text("AaZz9é\U0001f600", min_size=1, max_size=4), min_size=1, max_size=14, unique=True)
    )
    return [draw(purchase(name)) for name in ids]


@st.composite
def purchase(draw: st.DrawFn, name: str) -> Purchase:
    at = draw(moments)
    later = st.none() | gaps.map(lambda gap: at + gap)
    said = gaps.map(lambda gap: at + gap + HOUR)
    complained = draw(later)
    return Purchase(
        id=name,
        customer=draw(st.sampled_from(["id:1", "id:2", "mail:3", None])),
        at=at,
        value=draw(st.sampled_from([-5, 0, 1, 1000, 1001, 250_000])),
        currency=draw(st.sampled_from(["EUR", "EUR", "EUR", "USD"])),
        promised=draw(later),
        shipped=draw(later),
        delivered=draw(later),
        cancelled=draw(st.none() | later),
        categories=draw(st.frozensets(st.sampled_from(["mug", "print", "book"]))),
        sale=draw(st.sampled_from([True, True, True, False])),
        revised=draw(st.lists(st.tuples(said, moments), max_size=1).map(tuple)),
        reprinted=draw(later),
        complained=complained,
        settled=None if complained is None else draw(st.none() | gaps.map(lambda gap: complained + gap)),
        gift=draw(st.booleans()),
        country=draw(st.sampled_from([None, "DE", "US"])),
        received=draw(later),
    )


refunds = st.lists(
    st.builds(
        Refund,
        customer=st.sampled_from(["id:1", "id:2", "id:9"]),
        at=moments,
        value=st.sampled_from([-1, -1000, -900_000]),
        currency=st.sampled_from(["EUR", "USD"]),
    ),
    max_size=5,
)
days = st.sampled_from([date(2020, 2, 29), date(2023, 2, 28), date(2019, 12, 31), date(2024, 3, 31)])
birthdays = st.builds(
    Told,
    customer=st.sampled_from(["id:1", "id:2"]),
    at=moments,
    what=st.just("birthday_given"),
    birthday=days.map(lambda day: (day.month, day.day)),
)
stories = st.builds(
    Told,
    customer=st.sampled_from(["id:1", "mail:3"]),
    at=moments,
    what=st.just("story_told"),
    story=st.tuples(days, st.sampled_from(["wedding", "farewell"])),
)
told = st.lists(birthdays | stories, max_size=3, unique_by=lambda one: one.at).map(tuple)
rules = st.builds(
    Rules,
    milestones_ever=st.sampled_from([(2, 3), (1,), (10,)]),
    lead_days=st.sampled_from([0, 0, 1, 9]),
    season_days=st.sampled_from([0, 14, 60]),
    strict=st.booleans(),
    told=told,
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    milestones=st.sampled_from([(1, 2, 3), (2,), (23,)]),
    population=st.integers(1, 4),
    same=st.sampled_from([(), (frozenset({"id:1", "id:2"}),), (frozenset({"id:1", "id:2", "mail:3"}),)]),
)


@settings(max_examples=80, deadline=None)
@given(purchases(), refunds, rules)
def test_engine_and_reference_agree(orders: list[Purchase], given_back: list[Refund], by: Rules) -> None:
    assert ledger.tag_all(orders, given_back, by) == naive.tags(orders, given_back, by)


def test_a_shops_years_agree_and_hold_every_occasion() -> None:
    expected = naive.tags(ORDERS, REFUNDS, RULES)
    assert ledger.tag_all(ORDERS, REFUNDS, RULES) == expected
    assert set().union(*(tags.occasions for tags in expected.values())) == set(ledger.OCCASIONS)
