"""A generated order stream: a shop's years, and customers on every edge of the definitions."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.naive import Purchase, Refund, Rules

HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=365)
ZONE = ZoneInfo("America/New_York")
RULES = Rules(zone=ZONE, milestones=(2, 5), population=20)
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
