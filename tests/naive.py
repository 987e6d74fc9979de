"""A second, deliberately naive reading of the occasions' definitions, to hold the engine against.

Pure Python, and sharing nothing with `app`: every order looks through all of its customer's orders again,
and every day through all orders, in the words of the definitions. Whoever changes a definition
changes it here and there, each from the text.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from fractions import Fraction
from functools import cached_property

YEAR = timedelta(hours=365 * 24)


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What was said of an order afterwards, in one of nine words: shipped, cancelled, complaint_opened, …"""

    what: str
    at: datetime
    id: str
    promise: datetime | None = None
    value: int = 0
    """Of what was credited: below zero."""
    currency: str = "EUR"
    parcel: str | None = None
    about: str = ""
    """Which complaint."""


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
    parcels: frozenset[str] = frozenset()
    """What its jobs go into, each a parcel of its own, where its jobs are known."""
    heard: tuple[Heard, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Refund:
    """Money given back."""

    customer: str
    at: datetime
    value: int
    currency: str = "EUR"


@dataclass(frozen=True, kw_only=True)
class Told:
    """What became known of a customer: opted_out, birthday_given (month, day), story_told (a day, what) …"""

    customer: str
    at: datetime
    what: str
    id: str = ""
    birthday: tuple[int, int] | None = None
    story: tuple[date, str] | None = None
    story_id: str = ""
    into: str | None = None
    """Whom they were merged into."""


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

    @cached_property
    def people(self) -> dict[str, frozenset[str]]:
        """Each customer who has other names, with all of them."""
        return {name: one for one in self.same for name in one}

    @cached_property
    def told_of(self) -> dict[object, list[Told]]:
        """What became known, by person, in the order of its moments."""
        found: dict[object, list[Told]] = {}
        for one in sorted(self.told, key=lambda one: (one.at, one.id)):
            found.setdefault(person(one.customer, self), []).append(one)
        return found


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
    opted_out: bool = False
    bereaved: bool = False
    erased: bool = False


def tags(orders: Sequence[Purchase], refunds: Sequence[Refund], rules: Rules) -> dict[str, Tags]:
    """The tags of every order by id."""
    refunds = [*refunds, *given_back(orders)]
    of_person: dict[object, list[Purchase]] = {}
    given_to: dict[object, list[Refund]] = {}
    of_day: dict[date, tuple[int | None, int]] = {}
    for order in orders:
        if order.customer is not None:
            of_person.setdefault(person(order.customer, rules), []).append(order)
    for refund in refunds:
        given_to.setdefault(person(refund.customer, rules), []).append(refund)
    found = {}
    for order in orders:
        day = local_day(order.at, rules)
        if day not in of_day:
            of_day[day] = threshold(order.at, orders, refunds, rules)
        me = None if order.customer is None else person(order.customer, rules)
        own, back = of_person.get(me, []), given_to.get(me, [])
        found[order.id] = tags_of(order, own if me else [], back if me else [], of_day[day], rules)
    return found


def tags_of(
    order: Purchase,
    own: Sequence[Purchase],
    refunds: Sequence[Refund],
    least: tuple[int | None, int],
    rules: Rules,
) -> Tags:
    """The tags of one order, from all orders and refunds of its customer and the threshold of its day."""
    prior = counted_before(order, own)
    nth = 1 + sum(year(p.at, rules) == year(order.at, rules) for p in prior)
    net = sum(p.value for p in prior if p.at >= order.at - YEAR and p.currency == rules.currency)
    for refund in refunds:
        if refund.currency == rules.currency and order.at - YEAR <= refund.at < order.at:
            net += refund.value
    found = set()
    if eligible(order):
        found |= by_itself(order, rules)
        if order.customer is not None:
            found |= by_history(order, prior, rules) | by_the_day(order, prior, rules)
            if nth in rules.milestones and least[0] is not None and net >= least[0]:
                found.add("high_value_nth")
    known = told_to(order, rules)
    return Tags(
        occasions=frozenset(found),
        n_prior=len(prior),
        nth_year=nth,
        spend=net,
        threshold=least[0],
        population=least[1],
        open_complaint=any(complaints(p, order.at)[0] for p in own),
        opted_out=holds(known, "opted_out", "opted_in"),
        bereaved=holds(known, "bereavement_set", "bereavement_cleared"),
        erased=any(one.what == "erased" for one in known),
    )


def given_back(orders: Iterable[Purchase]) -> Iterator[Refund]:
    """What was credited for orders; nobody is credited for a guest's."""
    for order in orders:
        for one in order.heard:
            if one.what == "credited" and order.customer is not None:
                yield Refund(customer=order.customer, at=one.at, value=one.value, currency=one.currency)


def told_to(order: Purchase, rules: Rules) -> list[Told]:
    """What was known of the order's customer at its moment, the latest last."""
    if order.customer is None:
        return []
    return [one for one in rules.told_of.get(person(order.customer, rules), []) if one.at <= order.at]


def holds(known: Sequence[Told], yes: str, no: str) -> bool:
    """Whether one was said, and the other not since, nor at the same moment."""
    said = [one.at for one in known if one.what == yes]
    unsaid = [one.at for one in known if one.what == no]
    return bool(said) and (not unsaid or max(unsaid) < max(said))


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
    if heard(last, "reprinted", order.at):
        found.add("after_reprint")
    if complaints(last, order.at)[1]:
        found.add("after_complaint")
    return found


def by_the_day(order: Purchase, prior: list[Purchase], rules: Rules) -> set[str]:
    """The occasions of a day of the year, as known at the order's moment."""
    found = set()
    today = local_day(order.at, rules)
    days = [today + timedelta(days=n) for n in range(rules.lead_days + 1)]
    if prior and any(comes_round(local_day(prior[0].at, rules), day) for day in days):
        found.add("customer_anniversary")
    told = told_to(order, rules)
    gone = max((one.at for one in told if one.what == "erased"), default=None)
    told = [one for one in told if gone is None or one.at > gone]
    birthdays = [one.birthday for one in told if one.birthday is not None]
    if birthdays and holds(told, "birthday_given", "birthday_withdrawn"):
        found |= {"birthday" for day in days if is_day(*birthdays[-1], day)}
    for story in {one.story_id for one in told if one.story}:
        of_it = [one for one in told if one.story_id == story]
        on, about = [one.story for one in of_it if one.story][-1]
        if holds(of_it, "story_told", "story_withdrawn") and about != "farewell":
            found |= {"story_anniversary" for day in days if comes_round(on, day)}
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
        and not cancelled(p, order.at)
    ]
    return sorted(prior, key=lambda p: (p.at, p.id.encode()))


def everything(order: Purchase) -> list[Heard]:
    """All that was said of an order, by itself and since: what it promises itself it does as it is placed."""
    own = [Heard(what="promised", at=order.at, id="", promise=order.promised)] if order.promised else []
    for what, at in (
        ("shipped", order.shipped),
        ("delivered", order.delivered),
        ("cancelled", order.cancelled),
        ("reprinted", order.reprinted),
        ("complaint_opened", order.complained),
        ("complaint_closed", order.settled),
    ):
        if at is not None:
            own.append(Heard(what=what, at=at, id=""))
    revised = [Heard(what="promise_revised", at=at, id="", promise=new) for at, new in order.revised]
    return [*own, *revised, *order.heard]


def heard(order: Purchase, what: str, at: datetime) -> list[Heard]:
    """What had been said of it in one word by a moment."""
    return [one for one in everything(order) if one.what == what and one.at <= at]


def cancelled(order: Purchase, at: datetime) -> bool:
    """Whether it had been cancelled by a moment."""
    said = [one.at for one in order.heard if one.what == "cancelled"]
    return any(one is not None and one <= at for one in (order.cancelled, *said))


def late(order: Purchase, at: datetime) -> bool:
    """Whether it was late as known at a moment; where no delivery is known, shipping stands for it."""
    promises = heard(order, "promised", at) + heard(order, "promise_revised", at)
    if not promises:
        return False
    # Of two of one moment the revision is the later one, then the one whose id is.
    last = max(promises, key=lambda one: (one.at, one.what == "promise_revised", one.id))
    arrived = whole(order, "delivered", at) or whole(order, "shipped", at)
    assert last.promise is not None
    return (arrived or at) > last.promise


def whole(order: Purchase, what: str, at: datetime) -> datetime | None:
    """When the last of its parcels had been shipped, or delivered, as known at a moment."""
    told = [one for one in everything(order) if one.what in ("shipped", "delivered") and one.at <= at]
    parcels = {one.parcel for one in told if one.parcel is not None}
    if parcels & order.parcels:
        parcels |= order.parcels
    came = [one for one in told if one.what == what]
    if not parcels:
        return min((one.at for one in came), default=None)
    when = []
    for parcel in parcels:
        times = [one.at for one in came if one.parcel in (None, parcel)]
        if not times:
            return None
        when.append(min(times))
    return max(when)


def complaints(order: Purchase, at: datetime) -> tuple[bool, bool]:
    """Whether one about it was open at a moment; whether there had been some, and all had been closed."""
    opened, closed = heard(order, "complaint_opened", at), heard(order, "complaint_closed", at)
    left = [one for one in opened if not any(c.about == one.about and c.at >= one.at for c in closed)]
    return bool(left), bool(opened) and not left


def threshold(
    at: datetime, orders: Sequence[Purchase], refunds: Sequence[Refund], rules: Rules
) -> tuple[int | None, int]:
    """T(day) of the day, in the brand's zone, of a moment; and of how many customers it is."""
    local = at.astimezone(rules.zone)
    end = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(UTC)
    start = end - YEAR
    spent: dict[object, int] = {}
    for p in orders:
        if p.customer is not None and start <= p.at < end and eligible(p) and not cancelled(p, end):
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
    return rules.people.get(customer, customer)


def year(at: datetime, rules: Rules) -> int:
    """The calendar year where the brand is."""
    return at.astimezone(rules.zone).year


def local_day(at: datetime, rules: Rules) -> date:
    """The day where the brand is."""
    return at.astimezone(rules.zone).date()
