"""A generated population: thousands of customers, what is said of them, and in which order it comes in."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests import naive
from tests.naive import Heard, Purchase, Rules, Tags, Told

HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=365)
ZONE = ZoneInfo("America/New_York")
RULES = Rules(zone=ZONE, milestones=(2, 3, 5), milestones_ever=(3, 6), population=50)
START = datetime(2023, 11, 1, tzinfo=UTC)
MOMENTS = [
    *(START + 17 * day * DAY + timedelta(hours=9) for day in range(44)),
    datetime(2024, 2, 29, 12, tzinfo=UTC),
    datetime(2025, 2, 28, 12, tzinfo=UTC),
    datetime(2024, 12, 31, 23, 30, tzinfo=UTC),  # still the old year in New York …
    datetime(2025, 1, 1, 5, tzinfo=UTC),  # … and the first moment of the new one
    datetime(2024, 3, 10, 7, tzinfo=UTC),  # clocks go forward
    datetime(2024, 11, 3, 6, tzinfo=UTC),  # and back
]
CATEGORIES = ["mug", "print", "book", "card", "bag"]
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class About:
    """Something said of the order of this id, which may not have come yet."""

    order: str
    heard: Heard


Arrival = Purchase | About | Told


def arrivals(customers: int, seed: int) -> list[Arrival]:
    """All that was ever said, shuffled; a tenth of it comes twice."""
    rng = random.Random(seed)
    found = [one for number in range(customers) for one in customer(number, rng)]
    found += rng.sample(found, len(found) // 10)
    rng.shuffle(found)
    return found


def customer(number: int, rng: random.Random) -> Iterator[Arrival]:
    """One customer's orders, what became of them, and what became known of the customer."""
    key = f"id:{number}" if rng.random() < 0.8 else f"mail:{number}"
    at, days = rng.choice(MOMENTS), []
    for nth in range(min(int(rng.expovariate(0.6)) + 1, 7)):
        order = purchase(f"{number * 7919 % 10_007}-{nth}", key, at, rng)
        yield order
        days.append(at.date())
        for one in afterwards(order, rng):
            yield About(order.id, one)
        step = rng.choice([timedelta(0), HOUR, YEAR, YEAR + SECOND])
        at = at + step if at in MOMENTS else rng.choice(MOMENTS)
    yield from known(key, number, days, rng)


def purchase(name: str, key: str, at: datetime, rng: random.Random) -> Purchase:
    """An order; what it says itself it may say of moments that have not come."""
    promised = at + 3 * DAY if rng.random() < 0.5 else None
    return Purchase(
        id=name,
        customer=key if rng.random() < 0.97 else None,
        at=at,
        value=rng.choice([0, 1, 1000, 2500, 2501, 9000, 40_000]),
        currency=rng.choice(["EUR"] * 9 + ["USD"]),
        promised=promised,
        delivered=at + rng.choice([2, 3, 5]) * DAY if rng.random() < 0.2 else None,
        cancelled=at + rng.choice([timedelta(0), HOUR, 20 * DAY]) if rng.random() < 0.04 else None,
        categories=frozenset(rng.sample(CATEGORIES, rng.randint(0, 2))),
        sale=rng.random() < 0.97,
        gift=rng.random() < 0.05,
        country=rng.choice([None, "DE", "US"]),
        received=at + rng.choice([timedelta(0), HOUR, 4 * DAY]) if promised else None,
    )


def afterwards(order: Purchase, rng: random.Random) -> Iterator[Heard]:
    """What is heard of an order; a sender's clock may run ahead of the shop's, so some of it from before."""
    for number, what in enumerate(_WHATS):
        if rng.random() < (0.15 if what in ("shipped", "delivered") else 0.07):
            after = rng.choice([-HOUR, timedelta(0), HOUR, DAY, 4 * DAY, 17 * DAY, 40 * DAY, YEAR])
            yield Heard(
                what=what,
                at=order.at + after,
                id=f"e{number}",
                promise=order.at + rng.choice([2, 9]) * DAY if what.startswith("promise") else None,
                value=-rng.randrange(1, 3000) if what == "credited" else 0,
                currency=rng.choice(["EUR", "EUR", "USD"]),
                parcel=rng.choice([None, "A", "B"]) if what in ("shipped", "delivered") else None,
                about=rng.choice(["", "second"]) if what.startswith("complaint") else "",
            )


_WHATS = (
    "promised", "promise_revised", "shipped", "shipped", "delivered", "delivered", "cancelled", "cancelled",
    "credited", "credited", "reprinted", "complaint_opened", "complaint_opened", "complaint_closed",
    "complaint_closed",
)  # fmt: skip


def known(key: str, number: int, days: list[date], rng: random.Random) -> Iterator[Told]:
    """What becomes known of a customer; who is merged is so into an earlier one, so that no circle closes."""

    def told(what: str, after: timedelta | None = None, **said: object) -> Told:
        at = rng.choice(MOMENTS) + rng.choice([timedelta(0), HOUR]) if after is None else START + after
        return Told(customer=key, at=at, what=what, id=f"{what} {rng.randrange(10**9)}", **said)  # type: ignore[arg-type]

    for yes, no in (("opted_out", "opted_in"), ("bereavement_set", "bereavement_cleared")):
        if rng.random() < 0.06:
            yield from (told(rng.choice([yes, yes, no])) for _ in range(rng.randint(1, 3)))
    for _ in range(2):
        if number > 9 and rng.random() < 0.05:
            yield told("merged", into=f"id:{rng.randrange(number)}")
            if rng.random() < 0.4:
                yield told("unmerged")
    if rng.random() < 0.01:
        yield told("erased")
    elif rng.random() < 0.3:
        day = rng.choice(days)
        yield told("birthday_given", birthday=(day.month, day.day))
        yield told("story_told", story=(date(2023, day.month, min(day.day, 28)), "wedding"), story_id="a")
        if rng.random() < 0.5:
            yield told(rng.choice(["birthday_withdrawn", "story_withdrawn"]), story_id="a")


class World:
    """What has been heard so far, in the order in which it came: the reference's own ledger."""

    def __init__(self) -> None:
        """Nothing is known."""
        self._orders: dict[str, Purchase] = {}
        self._of: dict[str, list[str]] = {}
        self._heard: dict[str, dict[str, Heard]] = {}
        self._told: dict[str, dict[str, Told]] = {}
        self._into: dict[str, str] = {}

    def knows(self, name: str) -> bool:
        """Whether this order has come."""
        return name in self._orders

    def take(self, arrival: Arrival) -> None:
        """Hear one thing more, or once more."""
        if isinstance(arrival, About):
            of_order = self._heard.setdefault(arrival.order, {})
            if arrival.heard.id not in of_order:
                of_order[arrival.heard.id] = arrival.heard
                self._bring_up(arrival.order)
        elif isinstance(arrival, Purchase):
            if arrival.id not in self._orders:
                self._place(arrival)
        elif arrival.id not in self._told.setdefault(arrival.customer, {}):
            self._told[arrival.customer][arrival.id] = arrival
            self._follow(arrival)

    def _bring_up(self, name: str) -> None:
        if name in self._orders:
            self._orders[name] = replace(self._orders[name], heard=tuple(self._heard.get(name, {}).values()))

    def _place(self, order: Purchase) -> None:
        self._orders[order.id] = order
        self._bring_up(order.id)
        if order.customer is not None:
            self._of.setdefault(order.customer, []).append(order.id)

    def _follow(self, told: Told) -> None:
        key = told.customer
        if told.what in ("merged", "unmerged"):
            said = sorted(self._told[key].values(), key=lambda one: (one.at, one.id))
            merges = [one for one in said if one.what == "merged"]
            self._into.pop(key, None)
            if naive.holds(said, "merged", "unmerged"):
                self._into[key] = merges[-1].into or ""
        if told.what == "erased":
            self._erase(key)

    def _erase(self, key: str) -> None:
        """An erasure is an act: what is here by then is nobody's any more; what comes later stays."""
        gone = self.person(key)
        for one in gone:
            self._into.pop(one, None)
            for order in self._of.pop(one, []):
                self._place(replace(self._orders[order], customer=f"nobody, once {key}"))
            said = self._told.get(one, {})
            for name in [
                name for name, told in said.items() if told.what in ("birthday_given", "story_told")
            ]:
                said[name] = replace(said[name], birthday=None, story=None)

    def person(self, key: str) -> frozenset[str]:
        """Every key that stands for the same person."""
        found = {key}
        while True:
            into = {self._into[one] for one in found if one in self._into}
            more = into | {one for one, other in self._into.items() if other in found}
            if more <= found:
                return frozenset(found)
            found |= more

    def order(self, name: str) -> Purchase:
        """An order under the key that it has now, with what was heard of it."""
        return self._orders[name]

    def orders(self) -> list[Purchase]:
        """Every order."""
        return list(self._orders.values())

    def rules(self) -> Rules:
        """The brand's, with what is known of its customers."""
        people = {self.person(key) for link in self._into.items() for key in link}
        told = tuple(one for of_one in self._told.values() for one in of_one.values())
        return replace(RULES, same=tuple(people), told=told)

    def least(self, at: datetime) -> tuple[int | None, int]:
        """T of the day of a moment, and of how many customers it is."""
        orders = self.orders()
        return naive.threshold(at, orders, list(naive.given_back(orders)), self.rules())

    def tags(self, name: str, least: tuple[int | None, int] = (None, 0)) -> Tags:
        """What one order is tagged with by what is here now, and T of its day."""
        order = self.order(name)
        keys = frozenset[str]() if order.customer is None else self.person(order.customer)
        own = [self.order(one) for key in keys for one in self._of.get(key, [])]
        told = tuple(one for key in keys for one in self._told.get(key, {}).values())
        rules = replace(RULES, same=(keys,), told=told)
        return naive.tags_of(order, own, list(naive.given_back(own)), least, rules)
