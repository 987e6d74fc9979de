"""A second, deliberately naive reading of the occasions' definitions, to hold the engine against.

Pure Python, quadratic, and sharing nothing with `app`: every order looks through all orders again, in the
words of the definitions. Whoever changes a definition changes it here and there, each from the text.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
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


@dataclass(frozen=True, kw_only=True)
class Refund:
    """Money given back."""

    customer: str
    at: datetime
    value: int
    currency: str = "EUR"


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What a brand sets."""

    zone: tzinfo = UTC
    currency: str = "EUR"
    milestones: tuple[int, ...] = (23,)
    percentile: Fraction = Fraction(9, 10)
    population: int = 50
    same: tuple[frozenset[str], ...] = ()
    """Sets of customers that are one person."""


@dataclass(frozen=True, kw_only=True)
class Tags:
    """What one order is tagged with."""

    occasions: frozenset[str]
    n_prior: int
    nth_year: int
    spend: int
    threshold: int | None
    population: int


def tags(orders: Sequence[Purchase], refunds: Sequence[Refund], rules: Rules) -> dict[str, Tags]:
    """The tags of every order by id."""
    return {order.id: tags_of(order, orders, refunds, rules) for order in orders}


def tags_of(order: Purchase, orders: Sequence[Purchase], refunds: Sequence[Refund], rules: Rules) -> Tags:
    """The tags of one order."""
    least, population = threshold(order.at, orders, refunds, rules)
    prior = counted_before(order, orders, rules)
    nth = 1 + sum(year(p.at, rules) == year(order.at, rules) for p in prior)
    net = sum(p.value for p in prior if p.at >= order.at - YEAR and p.currency == rules.currency)
    for refund in refunds:
        mine = order.customer is not None and person(refund.customer, rules) == person(order.customer, rules)
        if mine and refund.currency == rules.currency and order.at - YEAR <= refund.at < order.at:
            net += refund.value
    found = set()
    if order.customer is not None and eligible(order):
        found = by_history(order, prior)
        if nth in rules.milestones and least is not None and net >= least:
            found.add("high_value_nth")
    return Tags(
        occasions=frozenset(found),
        n_prior=len(prior),
        nth_year=nth,
        spend=net,
        threshold=least,
        population=population,
    )


def by_history(order: Purchase, prior: list[Purchase]) -> set[str]:
    """The occasions that P(o) alone decides, each in the words of its definition."""
    if not prior:
        return {"first"}
    found = set()
    if len(prior) == 1:
        found.add("first_repeat")
    if order.at > prior[-1].at + YEAR:
        found.add("win_back")
    if any(all(category not in p.categories for p in prior) for category in order.categories):
        found.add("new_category")
    if late(prior[-1], order.at):
        found.add("after_delay")
    return found


def eligible(order: Purchase) -> bool:
    """A sale of something."""
    return order.sale and order.value > 0


def counted_before(order: Purchase, orders: Sequence[Purchase], rules: Rules) -> list[Purchase]:
    """P(o), oldest first; a guest has none."""
    if order.customer is None:
        return []
    prior = [
        p
        for p in orders
        if p.customer is not None
        and person(p.customer, rules) == person(order.customer, rules)
        and eligible(p)
        and (p.at, p.id.encode()) < (order.at, order.id.encode())
        and (p.cancelled is None or p.cancelled > order.at)
    ]
    return sorted(prior, key=lambda p: (p.at, p.id.encode()))


def late(order: Purchase, at: datetime) -> bool:
    """Whether it was late as known at a moment; where no delivery is known, shipping stands for it."""
    if order.promised is None:
        return False
    for arrived in (order.delivered, order.shipped):
        if arrived is not None and arrived <= at:
            return arrived > order.promised
    return at > order.promised


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
