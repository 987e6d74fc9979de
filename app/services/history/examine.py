"""Tries a mapping on a history file without keeping anything: what would be understood, and what refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.brand import Brand
from app.domain.english import plural
from app.domain.history_mapping import HistoryMapping
from app.domain.money import Money
from app.services.history.read_orders import FileOrder, read_orders
from app.services.history.understand import Understanding, Understood
from app.wire.tables.table import Table

EXAMPLES = 8
_MOST_COUNTED = 100_000
"""Customers or categories that are told apart; the memory stays small."""
_PROGRESS_EVERY = 1_000
_SUSPICIOUS_SHARE = 0.2
_ENOUGH_TO_SUSPECT = 50
_MOST_NAMED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One order as it would be understood. The customer is told by a number, not by name."""

    line: int
    order_id: str
    placed_at: datetime
    value: Money
    customer: str
    kind: str
    categories: tuple[str, ...]
    events: tuple[tuple[str, datetime], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedExample:
    """One order that would be refused, and why."""

    line: int
    why: str


@dataclass(slots=True)
class Examined:
    """What a file would become."""

    described: str
    orders: int = 0
    skipped: int = 0
    rejected: int = 0
    whole: bool = True
    """Whether the file was read to its end."""
    reasons: Counter[str] = field(default_factory=Counter)
    examples: list[Example] = field(default_factory=list)
    refused: list[RefusedExample] = field(default_factory=list)
    currencies: Counter[str] = field(default_factory=Counter)
    guests: int = 0
    first: datetime | None = None
    last: datetime | None = None
    notes: list[str] = field(default_factory=list)
    """What a person should know before the import."""


class Examination:
    """One look at a file."""

    def __init__(self, described: str, brand: Brand) -> None:
        self.found = Examined(described=described)
        self._brand = brand
        self._codes = frozenset(brand.categories.values()).union(*brand.category_names.values())
        self._customers: Counter[str] = Counter()
        self._strange: Counter[str] = Counter()

    def add(self, order: FileOrder) -> None:
        """Count an order of the file."""
        line = order.rows[0].line
        if order.reason:
            self.found.rejected += 1
            self.found.reasons[order.reason] += 1
            if len(self.found.refused) < EXAMPLES:
                self.found.refused.append(RefusedExample(line=line, why=order.why))
        elif order.understood is None:
            self.found.skipped += 1
        else:
            self._add_understood(line, order.understood)

    def end(self) -> Examined:
        """What was found, with what a person should know."""
        self.found.notes += list(self._notes())
        return self.found

    def _add_understood(self, line: int, understood: Understood) -> None:
        found, entry = self.found, understood.entry
        found.orders += 1
        found.first = min(found.first or entry.placed_at, entry.placed_at)
        found.last = max(found.last or entry.placed_at, entry.placed_at)
        found.currencies[entry.currency] += 1
        if entry.customer_key is None:
            found.guests += 1
        elif entry.customer_key in self._customers or len(self._customers) < _MOST_COUNTED:
            self._customers[entry.customer_key] += 1
        for category in entry.categories - self._codes:
            if category in self._strange or len(self._strange) < _MOST_COUNTED:
                self._strange[category] += 1
        if len(found.examples) < EXAMPLES:
            found.examples.append(self._example(line, understood))

    def _example(self, line: int, understood: Understood) -> Example:
        entry = understood.entry
        key = entry.customer_key
        names = ("promised_at", "shipped_at", "delivered_at", "cancelled_at")
        events = [
            (name.removesuffix("_at"), at) for name in names if (at := getattr(entry, name)) is not None
        ]
        if understood.credit is not None:
            events.append((f"credited {understood.credit.value}", understood.credit.at))
        return Example(
            line=line,
            order_id=entry.source_order_id,
            placed_at=entry.placed_at,
            value=Money(entry.value_minor, entry.currency),
            customer="guest" if key is None else f"customer {list(self._customers).index(key) + 1}",
            kind=entry.kind.value,
            categories=tuple(sorted(entry.categories)),
            events=tuple(events),
        )

    def _notes(self) -> list[str]:
        found = self.found
        notes: list[str] = []
        if self._customers and found.orders >= _ENOUGH_TO_SUSPECT:
            _, most = self._customers.most_common(1)[0]
            if most > _SUSPICIOUS_SHARE * found.orders:
                notes.append(
                    f"one customer has {most:,} of {found.orders:,} orders: do many share that account? "
                    "Name its id under guests"
                )
        if found.guests > _SUSPICIOUS_SHARE * max(1, found.orders):
            notes.append(f"{plural(found.guests, 'order')} name no customer and will tell nothing of anybody")
        if self._strange and self._codes:
            said = ", ".join(name for name, _ in self._strange.most_common(_MOST_NAMED))
            notes.append(f"the brand has no such categories: {said}. Give each its code under [categories]")
        others = {code: n for code, n in found.currencies.items() if code != self._brand.currency}
        if others:
            said = ", ".join(f"{n:,} in {code}" for code, n in others.items())
            notes.append(
                f"{said}: they count as orders, but not as money, which is in {self._brand.currency}"
            )
        return notes


def examine(
    table: Table,
    mapping: HistoryMapping,
    brand: Brand,
    understand: Understanding,
    *,
    most: int | None = None,
    on_progress: Callable[[], None] = lambda: None,
) -> Examined:
    """Read a freshly opened file by a mapping, and keep nothing.

    Args:
        table: the file.
        mapping: how it is read.
        brand: whose orders they are.
        understand: the mapping compiled.
        most: orders to look at; all without it.
        on_progress: called every thousand orders.

    Raises:
        HistoryUnreadable: it cannot be read to its end.
    """
    examination = Examination(table.described, brand)
    for number, order in enumerate(read_orders(table, mapping, understand), 1):
        examination.add(order)
        if number % _PROGRESS_EVERY == 0:
            on_progress()
        if number == most:
            examination.found.whole = False
            break
    return examination.end()
