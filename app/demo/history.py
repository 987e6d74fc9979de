"""Three years of orders before today, with customers ready for every occasion.

Most customers are background: they order when they like, and make the high-value threshold mean something.
A few have a part to play: their past is written so that their next order is a certain occasion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from app.demo.people import Person, meet
from app.domain.brand import Brand

YEARS = 3
BACKGROUND_CUSTOMERS = 300
CAST_SIZE = {
    "first": 4,
    "first_repeat": 3,
    "win_back": 2,
    "high_value_nth": 1,
    "new_category": 3,
    "after_delay": 3,
    "regular": 4,
}
"""How many customers of each part there are; together 20 orders a brand."""

_DAY = timedelta(days=1)
_LATE = 0.05
_CANCELLED = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One manufacturing job of a demo order. The price is in minor units a piece."""

    sku: str
    quantity: int
    unit_price: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoWish:
    """A photo item: what the picture is printed on, and what is said beside it."""

    product: str
    picture: str
    caption: str
    name: str
    on_card: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOrder:
    """An order before any format has written it down."""

    brand: str
    number: str
    person: Person | None
    placed_at: datetime
    currency: str
    lines: tuple[Line, ...]
    promised_at: datetime | None = None
    delivered_at: datetime | None = None
    cancelled_at: datetime | None = None
    gift_to: str | None = None
    supplied_insert: bool = False
    photo: PhotoWish | None = None

    @property
    def value(self) -> int:
        """Its value in minor units."""
        return sum(line.quantity * line.unit_price for line in self.lines)


class Writer:
    """Writes one brand's orders, numbered as they come."""

    def __init__(self, brand: Brand, now: datetime, seed: int) -> None:
        self.brand = brand
        self.now = now
        self.random = Random(f"{seed} {brand.code}")  # noqa: S311 -- made-up data, no secret
        self.prefixes = sorted(brand.categories)
        self._customers = 0
        self._orders = 0

    def person(self) -> Person:
        """A customer who was not there before."""
        self._customers += 1
        return meet(self.random, self._customers, self.brand.languages)

    def line(self, prefix: str, price: int | None = None) -> Line:
        """A job in the category of a SKU prefix."""
        sku = f"{prefix.rstrip('-')}-{self.random.randrange(100, 999)}"
        return Line(
            sku=sku,
            quantity=self.random.choice((1, 1, 1, 2, 3)),
            unit_price=price or self.random.randrange(590, 6490, 50),
        )

    def order(
        self,
        person: Person | None,
        placed_at: datetime,
        prefixes: tuple[str, ...],
        *,
        late: bool = False,
        price: int | None = None,
    ) -> DemoOrder:
        """A past order: promised in three days and, unless `late`, delivered in time."""
        self._orders += 1
        promised_at = placed_at + 3 * _DAY
        delivered_at = placed_at + (6 if late else 2) * _DAY
        return DemoOrder(
            brand=self.brand.code,
            number=f"{self.brand.key}{100_000 + self._orders}",
            person=person,
            placed_at=placed_at,
            currency=self.brand.currency,
            lines=tuple(self.line(prefix, price) for prefix in prefixes),
            promised_at=promised_at,
            delivered_at=delivered_at if delivered_at < self.now else None,
        )


def write_history(writer: Writer) -> tuple[list[DemoOrder], dict[str, list[Person]]]:
    """The brand's past orders in the order they were placed, and the cast by part."""
    orders = list(_background(writer))
    cast: dict[str, list[Person]] = {}
    for part, size in CAST_SIZE.items():
        for _ in range(size):
            person = writer.person()
            cast.setdefault(part, []).append(person)
            orders.extend(_PASTS[part](writer, person))
    orders.sort(key=lambda order: (order.placed_at, order.number))
    return orders, cast


def _background(writer: Writer) -> Iterator[DemoOrder]:
    start = writer.now - YEARS * 365 * _DAY
    for _ in range(BACKGROUND_CUSTOMERS):
        person = writer.person()
        for _ in range(min(12, 1 + int(writer.random.expovariate(0.28)))):
            placed_at = start + writer.random.random() * (writer.now - 8 * _DAY - start)
            prefixes = tuple(writer.random.sample(writer.prefixes, writer.random.choice((1, 1, 1, 2))))
            order = writer.order(person, placed_at, prefixes, late=writer.random.random() < _LATE)
            yield _cancelled(order) if writer.random.random() < _CANCELLED else order


def _cancelled(order: DemoOrder) -> DemoOrder:
    return DemoOrder(
        brand=order.brand,
        number=order.number,
        person=order.person,
        placed_at=order.placed_at,
        currency=order.currency,
        lines=order.lines,
        cancelled_at=order.placed_at + timedelta(hours=5),
    )


def _nothing(_writer: Writer, _person: Person) -> list[DemoOrder]:
    return []


def _one_order(writer: Writer, person: Person) -> list[DemoOrder]:
    days = writer.random.randrange(30, 200)
    return [writer.order(person, writer.now - days * _DAY, (writer.prefixes[0],))]


def _long_ago(writer: Writer, person: Person) -> list[DemoOrder]:
    last = writer.random.randrange(400, 700)
    return [
        writer.order(person, writer.now - (last + gap) * _DAY, (writer.prefixes[0],)) for gap in (0, 60, 140)
    ]


def _twenty_two_this_year(writer: Writer, person: Person) -> list[DemoOrder]:
    local = writer.now.astimezone(writer.brand.time_zone)
    start = local.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    step = (writer.now - start) * 0.95 / 22
    return [
        writer.order(person, start + (i + 0.5) * step, tuple(writer.prefixes), price=4900) for i in range(22)
    ]


def _one_category(writer: Writer, person: Person) -> list[DemoOrder]:
    return [writer.order(person, writer.now - days * _DAY, (writer.prefixes[0],)) for days in (250, 140, 45)]


def _late_last_time(writer: Writer, person: Person) -> list[DemoOrder]:
    return [
        writer.order(person, writer.now - 160 * _DAY, (writer.prefixes[0],)),
        writer.order(person, writer.now - 24 * _DAY, (writer.prefixes[0],)),
        writer.order(person, writer.now - 12 * _DAY, (writer.prefixes[0],), late=True),
    ]


_PASTS: dict[str, Callable[[Writer, Person], list[DemoOrder]]] = {
    "first": _nothing,
    "first_repeat": _one_order,
    "win_back": _long_ago,
    "high_value_nth": _twenty_two_this_year,
    "new_category": _one_category,
    "after_delay": _late_last_time,
    "regular": _one_category,
}
