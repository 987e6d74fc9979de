"""A generated order stream: a shop's years, and customers on every edge of the definitions."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.naive import Purchase, Refund, Rules, Told

HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=365)
ZONE = ZoneInfo("America/New_York")
LEAP, FIRST = date(2024, 2, 29), datetime(2024, 3, 4, tzinfo=ZONE)
TOLD = (
    Told(customer="id:tie", at=FIRST.astimezone(UTC), what="birthday_given", birthday=(9, 2)),
    Told(customer="id:year", at=FIRST.astimezone(UTC), what="birthday_given", birthday=(9, 3)),
    Told(customer="id:over a year", at=FIRST.astimezone(UTC), what="birthday_given", birthday=(9, 1)),
    Told(customer="id:leap", at=FIRST.astimezone(UTC), what="birthday_given", birthday=(2, 29)),
    Told(customer="id:leap story", at=FIRST.astimezone(UTC), what="story_told", story=(LEAP, "wedding")),
    Told(customer="id:tie", at=FIRST.astimezone(UTC), what="story_told", story=(date(2023, 9, 3), "reunion")),
    Told(customer="id:grief", at=FIRST.astimezone(UTC), what="story_told", story=(LEAP, "farewell")),
    Told(
        customer="id:due",
        at=datetime(2024, 9, 3, 16, tzinfo=UTC),
        what="story_told",
        story=(date(2023, 9, 3), "journey"),
    ),
    Told(
        customer="id:told late",
        at=datetime(2024, 9, 2, 16, 0, 1, tzinfo=UTC),
        what="birthday_given",
        birthday=(9, 2),
    ),
)
RULES = Rules(zone=ZONE, milestones=(2, 5), milestones_ever=(3, 6), population=20, told=TOLD)
START = datetime(2023, 6, 1, tzinfo=UTC)
CATEGORIES = ["mug", "print", "book", "card", "bag"]


def shop(seed: int) -> tuple[list[Purchase], list[Refund]]:
    """A shop's two and a half years: 30 customers, delays, cancellations, refunds."""
    rng = random.Random(seed)
    orders, given_back = [], []
    for n in range(150):
        at = START + timedelta(days=22 * rng.randrange(40), minutes=15 * rng.randrange(96))
        customer, promised = f"id:{min(int(rng.expovariate(0.08)), 29)}", at + 3 * DAY
        orders.append(
            Purchase(
                id=f"{n * 7919 % 1000}",
                customer=customer,
                at=at,
                value=rng.randrange(100, 20_000),
                promised=promised,
                delivered=promised + rng.choice([-DAY, -HOUR, HOUR, 5 * DAY]),
                cancelled=rng.choice([None] * 9 + [at, at + HOUR, at + 30 * DAY]),
                categories=frozenset(rng.sample(CATEGORIES, rng.randint(1, 3))),
            )
        )
        if rng.random() < 0.1:
            refund = Refund(customer=customer, at=at + 10 * DAY, value=-rng.randrange(100, 5_000))
            given_back.append(refund)
    return orders, given_back


def leap_days() -> list[Purchase]:
    """Orders of what falls on 29 February, in a common year and in a leap year."""
    found = []
    for name in ("leap", "leap story", "grief"):
        on = datetime(2024, 2, 29, 12, tzinfo=ZONE)
        for number, at in enumerate(
            [
                on,
                on.replace(year=2025, day=28),
                on.replace(year=2025, month=3, day=1),
                on.replace(year=2028, day=28),
                on.replace(year=2028),
            ]
        ):
            found.append(Purchase(id=f"{name}-{number}", customer=f"id:{name}", at=at.astimezone(UTC)))
    return found


def after_trouble(noon: datetime) -> list[Purchase]:
    """Orders before which something went wrong, or is just about to, and orders that are late themselves."""
    instant = timedelta(microseconds=1)
    troubles: dict[str, Purchase] = {}

    def trouble(name: str, **what: Any) -> None:
        troubles[name] = Purchase(id=name, customer=f"id:{name}", at=noon - 9 * DAY, **what)

    trouble("remade", reprinted=noon)
    trouble("remade later", reprinted=noon + instant)
    trouble("settled", complained=noon - DAY, settled=noon)
    trouble("settled later", complained=noon - DAY, settled=noon + instant)
    trouble("put off", promised=noon - DAY, revised=((noon - 2 * DAY, noon + DAY),))
    trouble("put off later", promised=noon - DAY, revised=((noon + instant, noon + DAY),))
    trouble("brought forward", promised=noon + DAY, revised=((noon, noon - HOUR),))
    trouble("shipped late", promised=noon - 2 * DAY, shipped=noon - DAY)
    trouble("shipped in time", promised=noon - 2 * DAY, shipped=noon - 2 * DAY)
    then = [Purchase(id=f"{name}-2", customer=f"id:{name}", at=noon) for name in troubles]
    late = [
        Purchase(id="late", customer=None, at=noon, promised=noon + DAY, received=noon + DAY + instant),
        Purchase(id="on the dot", customer=None, at=noon, promised=noon + DAY, received=noon + DAY),
        Purchase(
            id="put off in time",
            customer=None,
            at=noon,
            promised=noon + DAY,
            received=noon + 2 * DAY,
            revised=((noon + HOUR, noon + 3 * DAY),),
        ),
    ]
    return [*troubles.values(), *then, *late]


def boundaries() -> tuple[list[Purchase], list[Refund]]:
    """Customers who stand exactly on every edge that a definition has."""
    noon = datetime(2024, 9, 2, 16, tzinfo=UTC)
    midnight = datetime(2024, 9, 2, tzinfo=ZONE).astimezone(UTC)
    new_year = datetime(2024, 1, 1, tzinfo=ZONE).astimezone(UTC)

    def two(name: str, first: datetime, then: datetime, cancelled: datetime | None = None) -> list[Purchase]:
        before = Purchase(id=f"{name}-1", customer=f"id:{name}", at=first, cancelled=cancelled)
        return [before, Purchase(id=f"{name}-2", customer=f"id:{name}", at=then)]

    orders = [
        *two("tie", noon, noon),
        *two("year", noon - YEAR, noon),
        *two("over a year", noon - YEAR - timedelta(seconds=1), noon),
        *two("cancelled that moment", noon - DAY, noon, cancelled=noon),
        *two("cancelled just after", noon - DAY, noon, cancelled=noon + timedelta(microseconds=1)),
        *two("new year", new_year, new_year + DAY),
        *two("old year", new_year - HOUR, new_year + HOUR),
        *two("at midnight", midnight, noon),
        *two("a year before midnight", midnight - YEAR, noon),
        *two("cancelled at midnight", midnight - DAY, noon, cancelled=midnight),
        *two("refunded", noon - 30 * DAY, noon),
        *two("refunded a year ago", noon - YEAR, noon),
        *leap_days(),
        *after_trouble(noon),
        *two("told late", noon - DAY, noon),
        Purchase(id="free", customer="id:free", at=noon - DAY, value=0),
        Purchase(id="not free", customer="id:free", at=noon),
        *two("same day", datetime(2023, 9, 2, 3, 59, tzinfo=UTC), noon - DAY),
        *two("a year on", datetime(2023, 9, 2, 4, tzinfo=UTC), noon),
        Purchase(id="gift", customer=None, at=noon, gift=True),
        Purchase(id="advent", customer=None, at=datetime(2024, 12, 11, 5, tzinfo=UTC), country="DE"),
        Purchase(id="too early", customer=None, at=datetime(2024, 12, 11, 4, tzinfo=UTC), country="DE"),
        Purchase(id="due", customer="id:due", at=noon - DAY, promised=noon, delivered=noon),
        Purchase(id="due-2", customer="id:due", at=noon + DAY),
        Purchase(id="not yet", customer="id:not yet", at=noon - DAY, promised=noon - HOUR, delivered=noon),
        Purchase(id="not yet-2", customer="id:not yet", at=noon),
    ]
    given_back = [
        Refund(customer="id:refunded", at=noon, value=-300),
        Refund(customer="id:refunded a year ago", at=noon - YEAR, value=-500),
        Refund(customer="id:at midnight", at=midnight, value=-1),
    ]
    return orders, given_back


_shop, _boundaries = shop(23), boundaries()
ORDERS = [*_shop[0], *_boundaries[0]]
REFUNDS = [*_shop[1], *_boundaries[1]]
