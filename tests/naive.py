"""A second, deliberately naive reading of the occasions' definitions, to hold the engine against.

Pure Python, and sharing nothing with `app`: every order looks through all of its customer's orders again,
and every day through all orders, in the words of the definitions. Whoever changes a definition
changes it here and there, each from the text.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from fractions import Fraction

YEAR = timedelta(hours=365 * 24)


@dataclass(frozen=True, kw_only=True)
class Purchase:
    """An order as a person would write it down."""

    id: str
    customer: str | None
    at: datetime
    value: int = 1000
    currency: str = "EUR"
    promised: datetime | None = None
    shipped: datetime | None = None
    delivered: datetime | None = None
    cancelled: datetime | None = None
    categories: frozenset[str] = frozenset()
    sale: bool = True
    revised: tuple[tuple[datetime, datetime], ...] = ()
    """Later promises: when each was said, and what it promised."""
    reprinted: datetime | None = None
    complained: datetime | None = None
    settled: datetime | None = None
    """When the complaint was closed."""
    gift: bool = False
    country: str | None = None
    received: datetime | None = None
    """When its job came in, where that was later."""


@dataclass(frozen=True, kw_only=True)
class Refund:
    """Money given back."""

    customer: str
    at: datetime
    value: int
    currency: str = "EUR"


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a customer told of themselves: a birthday (month and day), or a day and what it was."""

    customer: str
    at: datetime
    birthday: tuple[int, int] | None = None
    story: tuple[date, str] | None = None


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What a brand sets."""

    zone: tzinfo = UTC
    currency: str = "EUR"
    milestones: tuple[int, ...] = (23,)
    milestones_ever: tuple[int, ...] = (10, 25, 50, 100)
    lead_days: int = 0
    season_days: int = 14
    strict: bool = False
    percentile: Fraction = Fraction(9, 10)
    population: int = 50
    same: tuple[frozenset[str], ...] = ()
    """Sets of customers that are one person."""
    told: tuple[Told, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Tags:
    """What one order is tagged with."""

    occasions: frozenset[str]
    n_prior: int
    nth_year: int
    spend: int
    threshold: int | None
    population: int
    open_complaint: bool = False


def tags(orders: Sequence[Purchase], refunds: Sequence[Refund], rules: Rules) -> dict[str, Tags]:
    """The tags of every order by id."""
    of_person: dict[object, list[Purchase]] = {}
    of_day: dict[date, tuple[int | None, int]] = {}
    for order in orders:
        if order.customer is not None:
            of_person.setdefault(person(order.customer, rules), []).append(order)
    found = {}
    for order in orders:
        day = local_day(order.at, rules)
        if day not in of_day:
            of_day[day] = threshold(order.at, orders, refunds, rules)
        own = [] if order.customer is None else of_person[person(order.customer, rules)]
        found[order.id] = tags_of(order, own, refunds, of_day[day], rules)
    return found


def tags_of(
    order: Purchase,
    own: Sequence[Purchase],
    refunds: Sequence[Refund],
    least: tuple[int | None, int],
    rules: Rules,
) -> Tags:
    """The tags of one order, from all of its customer's orders and the threshold of its day."""
    prior = counted_before(order, own)
    nth = 1 + sum(year(p.at, rules) == year(order.at, rules) for p in prior)
    net = sum(p.value for p in prior if p.at >= order.at - YEAR and p.currency == rules.currency)
    for refund in refunds:
        mine = order.customer is not None and person(refund.customer, rules) == person(order.customer, rules)
        if mine and refund.currency == rules.currency and order.at - YEAR <= refund.at < order.at:
            net += refund.value
    found = set()
    if eligible(order):
        found |= by_itself(order, rules)
        if order.customer is not None:
            found |= by_history(order, prior, rules) | by_the_day(order, prior, rules)
            if nth in rules.milestones and least[0] is not None and net >= least[0]:
                found.add("high_value_nth")
    return Tags(
        occasions=frozenset(found),
        n_prior=len(prior),
        nth_year=nth,
        spend=net,
        threshold=least[0],
        population=least[1],
        open_complaint=any(
            p.complained and complained(p, order.at) and not settled(p, order.at) for p in own
        ),
    )


def by_itself(order: Purchase, rules: Rules) -> set[str]:
    """The occasions of the order at hand, whoever ordered."""
    found = set()
    if order.gift:
        found.add("gift")
    if late(order, order.received or order.at):
        found.add("running_late")
    today = local_day(order.at, rules)
    ahead = [today + timedelta(days=n) for n in range(rules.season_days + 1)]
    if any(is_kept(day, order.country) for day in ahead):
        found.add("season")
    return found


def by_history(order: Purchase, prior: list[Purchase], rules: Rules) -> set[str]:
    """The occasions that P(o) alone decides, each in the words of its definition."""
    found = set()
    if len(prior) + 1 in rules.milestones_ever:
        found.add("milestone")
    if not prior:
        return found | {"first"}
    if len(prior) == 1:
        found.add("first_repeat")
    last = prior[-1]
    if order.at > last.at + YEAR:
        found.add("win_back")
    never = [all(category not in p.categories for p in prior) for category in order.categories]
    if never and (all(never) if rules.strict else any(never)):
        found.add("new_category")
    if late(last, order.at):
        found.add("after_delay")
    if last.reprinted is not None and last.reprinted <= order.at:
        found.add("after_reprint")
    if complained(last, order.at) and settled(last, order.at):
        found.add("after_complaint")
    return found


def by_the_day(order: Purchase, prior: list[Purchase], rules: Rules) -> set[str]:
    """The occasions of a day of the year, as known at the order's moment."""
    found = set()
    today = local_day(order.at, rules)
    days = [today + timedelta(days=n) for n in range(rules.lead_days + 1)]
    me = person(order.customer or "", rules)
    told = sorted(
        (one for one in rules.told if one.at <= order.at and person(one.customer, rules) == me),
        key=lambda one: one.at,
    )
    if prior and any(comes_round(local_day(prior[0].at, rules), day) for day in days):
        found.add("customer_anniversary")
    birthdays = [one.birthday for one in told if one.birthday is not None]
    if birthdays and any(is_day(*birthdays[-1], day) for day in days):
        found.add("birthday")
    glad = [on for on, about in (one.story for one in told if one.story) if about != "farewell"]
    if any(comes_round(on, day) for on in glad for day in days):
        found.add("story_anniversary")
    return found


def is_day(month: int, day: int, date_: date) -> bool:
    """Whether a day of the year falls on a date; what is on 29 February falls on the 28th in common years."""
    common = date_.year % 4 != 0 or (date_.year % 100 == 0 and date_.year % 400 != 0)
    return (date_.month, date_.day) == ((2, 28) if (month, day) == (2, 29) and common else (month, day))


def comes_round(on: date, date_: date) -> bool:
    """Whether a date is an anniversary of another."""
    return date_.year > on.year and is_day(on.month, on.day, date_)


def is_kept(day: date, country: str | None) -> bool:
    """Whether a country keeps a day: what Germany and the United States do, from their statute books."""
    if country not in ("DE", "US"):
        return False
    if (day.month, day.day) in ((12, 25), (1, 1)):
        return True
    if country == "US":  # the fourth Thursday in November
        return day.month == 11 and day.weekday() == 3 and 22 <= day.day <= 28
    return day == EASTER.get(day.year)


EASTER = {
    day.year: day
    for day in (
        date(2018, 4, 1), date(2019, 4, 21), date(2020, 4, 12), date(2021, 4, 4), date(2022, 4, 17),
        date(2023, 4, 9), date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2027, 3, 28),
        date(2028, 4, 16), date(2029, 4, 1), date(2030, 4, 21), date(2031, 4, 13),
    )
}  # fmt: skip
"""From an almanac."""


def eligible(order: Purchase) -> bool:
    """A sale of something."""
    return order.sale and order.value > 0


def counted_before(order: Purchase, own: Sequence[Purchase]) -> list[Purchase]:
    """P(o) among the customer's orders, oldest first; a guest has none."""
    prior = [
        p
        for p in own
        if eligible(p)
        and (p.at, p.id.encode()) < (order.at, order.id.encode())
        and (p.cancelled is None or p.cancelled > order.at)
    ]
    return sorted(prior, key=lambda p: (p.at, p.id.encode()))


def late(order: Purchase, at: datetime) -> bool:
    """Whether it was late as known at a moment; where no delivery is known, shipping stands for it."""
    promised = order.promised
    for said, promise in sorted(order.revised):
        if said <= at:
            promised = promise
    if promised is None:
        return False
    for arrived in (order.delivered, order.shipped):
        if arrived is not None and arrived <= at:
            return arrived > promised
    return at > promised


def complained(order: Purchase, at: datetime) -> bool:
    """Whether a complaint about it had been opened."""
    return order.complained is not None and order.complained <= at


def settled(order: Purchase, at: datetime) -> bool:
    """Whether the complaint about it had been closed."""
    return order.settled is not None and order.settled <= at


def threshold(
    at: datetime, orders: Sequence[Purchase], refunds: Sequence[Refund], rules: Rules
) -> tuple[int | None, int]:
    """T(day) of the day, in the brand's zone, of a moment; and of how many customers it is."""
    local = at.astimezone(rules.zone)
    end = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(UTC)
    start = end - YEAR
    spent: dict[object, int] = {}
    for p in orders:
        counts = eligible(p) and (p.cancelled is None or p.cancelled > end)
        if p.customer is not None and counts and start <= p.at < end:
            who = person(p.customer, rules)
            spent[who] = spent.get(who, 0) + (p.value if p.currency == rules.currency else 0)
    for r in refunds:
        who = person(r.customer, rules)
        if who in spent and r.currency == rules.currency and start <= r.at < end:
            spent[who] += r.value
    if len(spent) < max(rules.population, 1):
        return None, len(spent)
    ranked = sorted(spent.values())
    return ranked[math.ceil(len(ranked) * rules.percentile) - 1], len(ranked)


def person(customer: str, rules: Rules) -> object:
    """Who a customer key stands for."""
    return next((one for one in rules.same if customer in one), customer)


def year(at: datetime, rules: Rules) -> int:
    """The calendar year where the brand is."""
    return at.astimezone(rules.zone).year


def local_day(at: datetime, rules: Rules) -> date:
    """The day where the brand is."""
    return at.astimezone(rules.zone).date()
