"""The facts that an order was tagged on, as lines for people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.domain.brand import Brand
from app.domain.english import amount, ordinal, plural
from app.domain.facts import Facts
from app.store.order_detail import OrderDetail


@dataclass(frozen=True, slots=True)
class FactLine:
    """One fact: what it is, its value, and what to know to read it."""

    label: str
    value: str | datetime
    note: str = ""


def facts_lines(order: OrderDetail, brand: Brand | None) -> tuple[FactLine, ...]:
    """The facts of the moment the order came, as they were stored with it."""
    return () if order.tag is None else tuple(_lines(order.tag.facts, brand))


def _lines(facts: Facts, brand: Brand | None) -> Iterator[FactLine]:
    if not facts.known_customer:
        yield FactLine("Customer", "Guest", "no id and no e-mail, so no history")
        return
    if not facts.eligible:
        yield FactLine("This order", "Not counted", "only sales above zero count as history")
    yield FactLine("Orders before this one", f"{facts.n_prior:,}")
    yield FactLine("This year", f"{ordinal(facts.nth_this_year)} order", _milestones(facts))
    yield FactLine("Spent in 365 days", amount(facts.spend_365, facts.currency), _threshold(facts))
    yield from _previous(facts)
    if facts.categories:
        new = _named(facts.new_categories, brand)
        yield FactLine("Categories", _named(facts.categories, brand), f"new: {new}" if new else "none new")
    if not facts.history_complete:
        yield FactLine("History", "Incomplete", "occasions that need all of it are left out")


def _milestones(facts: Facts) -> str:
    numbers = ", ".join(str(n) for n in facts.milestones)
    return f"milestones: {numbers}"


def _threshold(facts: Facts) -> str:
    if facts.threshold.minor is None:
        return f"no threshold yet: {plural(facts.threshold.population, 'customer')} to compare"
    return f"high value from {amount(facts.threshold.minor, facts.currency)}"


def _previous(facts: Facts) -> Iterator[FactLine]:
    if facts.previous is None:
        return
    days = (facts.at - facts.previous.placed_at).days
    yield FactLine("Order before", facts.previous.placed_at, f"{plural(days, 'day')} earlier")
    if facts.previous.promised_at:
        yield FactLine("It was promised for", facts.previous.promised_at)
    if facts.previous.delivered_at:
        yield FactLine("It was delivered", facts.previous.delivered_at)
    elif facts.previous.shipped_at:
        yield FactLine("It was shipped", facts.previous.shipped_at, "delivery not reported")


def _named(categories: frozenset[str], brand: Brand | None) -> str:
    names = brand.category_names.get(brand.languages[0], {}) if brand else {}
    return ", ".join(sorted(names.get(code, code) for code in categories))
