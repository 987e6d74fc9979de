"""Rows of a history file as orders of the past, by a mapping that was compiled once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import zip_longest
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.brand import Brand
from app.domain.customer import Claim, Customer
from app.domain.history_mapping import MOMENTS, HistoryMapping
from app.domain.money import Money
from app.domain.order import OrderKind
from app.domain.past import Credit, Placed, Recorded
from app.errors import MappingUnusable
from app.services.history.alike import Alike, AlikeCells
from app.services.history.cells import Fault, Moment, amount, code, moment_reader, text_of, whole
from app.wire.fields import CLOCKS_DIFFER, FARTHEST_PROMISE
from app.wire.tables.table import Cell

_CELLS_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Understood:
    """An order of the past, what was credited for it, and whether its customer wants no cards."""

    recorded: Recorded
    credit: Credit | None
    opted_out: bool
    claim: Claim | None
    """That the e-mail address which it names is its customer's."""

    @property
    def earliest(self) -> datetime:
        """The first moment of which it tells."""
        placed = self.recorded.placed.at
        return placed if self.credit is None else min(placed, self.credit.at)


class Refused(Exception):
    """The rows of an order cannot be understood; with every fault found."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults[0].detail)
        self.faults = tuple(faults)


class Understanding:
    """Reads the rows of one brand's orders. `wanted` are the columns whose cells it is given."""

    def __init__(
        self, mapping: HistoryMapping, brand: Brand, *, secret: bytes, received_at: datetime
    ) -> None:
        """Compile the mapping.

        Args:
            mapping: how the file is read.
            brand: whose orders they are.
            secret: keys the hash of e-mail addresses, the same as at the intake.
            received_at: the present moment.

        Raises:
            MappingUnusable: it lacks what an order needs.
        """
        if mapping.lacks:
            raise MappingUnusable(
                f"the mapping has no column for {', '.join(mapping.lacks)}",
                mend="name the columns under [columns]; --dry-run shows those of the file",
            )
        self.wanted = tuple(dict.fromkeys(mapping.columns.values()))
        place = {column: index for index, column in enumerate(self.wanted)}
        self._at = {name: place[column] for name, column in mapping.columns.items()}
        self._mapping = mapping
        self._brand = brand
        self._secret = secret
        self._alike = AlikeCells(mapping, brand, self._at)
        self._of_row = lru_cache(_CELLS_REMEMBERED)(self._of_item)
        zone = ZoneInfo(mapping.time_zone) if mapping.time_zone else brand.time_zone
        self._moments = {
            name: _reader(name, mapping.date_format(name), zone, received_at)
            for name in MOMENTS
            if name in self._at
        }
        self._group_at = self._at.get("group", self._at["id"])

    def group(self, cells: Sequence[Cell]) -> str:
        """What the rows of one order have in common; empty for a row that continues the one before."""
        return text_of(cells[self._group_at])

    def __call__(self, rows: Sequence[Sequence[Cell]]) -> Understood | None:
        """The order that these rows are; None for what never became one.

        Raises:
            Refused: they cannot be understood.
        """
        said = rows[0] if len(rows) == 1 else _merged(rows)
        try:
            alike = self._alike(said)
            return None if alike is None else self._order(said, rows, alike)
        except Fault as fault:
            raise Refused(self._all_faults(said, fault)) from None

    def _order(self, said: Sequence[Cell], rows: Sequence[Sequence[Cell]], alike: Alike) -> Understood:
        order_id = self._needed(code, said, "id")
        moments = {name: read(said[self._at[name]]) for name, read in self._moments.items()}
        placed_at = moments.pop("placed_at")
        if placed_at is None:
            raise Fault("placed_at", "is empty", "add when the customer ordered")
        credited_at = moments.pop("credited_at", None) or placed_at
        # A day without a time begins before an order of that day was placed.
        moments = {name: at and max(at, placed_at) for name, at in moments.items()}
        kind = alike.kind
        if alike.cancelled and moments.get("cancelled_at") is None:
            moments["cancelled_at"] = placed_at
        value = Money(self._value(said, rows, alike.currency), alike.currency)
        if kind is OrderKind.SALE and value.minor < 0:
            raise Fault("value", "is below zero for a sale", "set its kind to credit_note")
        customer = self._customer(said)
        key = customer.key(self._secret)
        recorded = Recorded(
            placed=Placed(
                source_order_id=order_id,
                customer_key=key,
                at=placed_at,
                eligible=kind is OrderKind.SALE and value.minor > 0,
                categories=self._categories(rows),
                quantity=self._quantity(rows),
                channel=alike.channel,
                country=alike.country,
                gift=alike.gift,
            ),
            value=value,
            kind=kind,
            **moments,
        )
        return Understood(
            recorded=recorded,
            credit=self._credit(said, key, credited_at, value.currency),
            opted_out=alike.opted_out,
            claim=customer.claim(self._secret, at=placed_at, source_order_id=order_id),
        )

    def _all_faults(self, said: Sequence[Cell], first: Fault) -> list[Fault]:
        """The fault that ended the reading, and those of the other moments: told at once, mended at once."""
        found = [first]
        for name, read in self._moments.items():
            try:
                read(said[self._at[name]])
            except Fault as fault:
                if fault.field != first.field:
                    found.append(fault)
        return found

    def _needed(self, read: Callable[[str, Cell], str], said: Sequence[Cell], name: str) -> str:
        found = read(name, said[self._at[name]])
        if not found:
            raise Fault(name, "is empty", "fill it in")
        return found

    def _value(self, said: Sequence[Cell], rows: Sequence[Sequence[Cell]], currency: str) -> int:
        if "value_minor" in self._at:
            return whole("value", said[self._at["value_minor"]])
        decimal = self._mapping.decimal
        if "value" in self._at:
            return amount("value", said[self._at["value"]], currency, decimal)
        if "item_total" in self._at:
            at = self._at["item_total"]
            return sum(
                amount("item_total", each, currency, decimal) for row in rows for each in _members(row[at])
            )
        price, quantity = self._at["item_price"], self._at["item_quantity"]
        return sum(
            amount("item_price", each, currency, decimal) * whole("item_quantity", many)
            for row in rows
            for each, many in zip_longest(_members(row[price]), _members(row[quantity]))
        )

    def _quantity(self, rows: Sequence[Sequence[Cell]]) -> int | None:
        """How many pieces the order had; None where the file does not say. A listed item without is one."""
        if "item_quantity" not in self._at:
            return None
        at = self._at["item_quantity"]
        told = [row[at] for row in rows if text_of(row[at])]
        if not told:
            return None
        return sum(
            whole("item_quantity", 1 if each is None else each) for cell in told for each in _members(cell)
        )

    def _customer(self, said: Sequence[Cell]) -> Customer:
        own = code("customer_id", said[self._at["customer_id"]]) if "customer_id" in self._at else ""
        mail = code("email", said[self._at["email"]]) if "email" in self._at else ""
        if mail and "@" not in mail:
            raise Fault("email", "is no e-mail address", "check which column it is")
        guest = own in self._mapping.guests
        return Customer(id=None if guest else own, e_mail=mail)

    def _credit(self, said: Sequence[Cell], key: str | None, at: datetime, currency: str) -> Credit | None:
        if "credit" not in self._at or key is None or not text_of(said[self._at["credit"]]):
            return None
        given = abs(amount("credit", said[self._at["credit"]], currency, self._mapping.decimal))
        return Credit(customer_key=key, at=at, value=Money(-given, currency)) if given else None

    def _categories(self, rows: Sequence[Sequence[Cell]]) -> frozenset[str]:
        if len(rows) == 1:
            return self._of_row(*self._skus_and_categories(rows[0]))
        return frozenset().union(*(self._of_row(*self._skus_and_categories(row)) for row in rows))

    def _skus_and_categories(self, row: Sequence[Cell]) -> tuple[Cell, Cell]:
        skus, named = self._cell(row, "sku"), self._cell(row, "category")
        # Lists cannot be keys, and the same few cells come again and again.
        return tuple(skus) if isinstance(skus, list) else skus, tuple(named) if isinstance(
            named, list
        ) else named

    def _cell(self, row: Sequence[Cell], name: str) -> Cell:
        return row[self._at[name]] if name in self._at else None

    def _of_item(self, skus: Cell, named: Cell) -> frozenset[str]:
        """The categories that the file names, and by their SKUs those of items for which it names nothing."""
        found: set[str] = set()
        pieces, codes = self._list("sku", skus), self._list("category", named)
        beside = len(pieces) == len(codes)
        for sku, category in zip_longest(pieces, codes):
            if category:
                found.add(self._mapping.categories.get(category, category))
            if sku and not (beside and category) and (known := self._brand.category_of(sku)):
                found.add(known)
        return frozenset(found)

    def _list(self, name: str, cell: Cell) -> list[str]:
        if type(cell) is str:
            return [code(name, part) for part in cell.split(self._mapping.list_mark)]
        return [code(name, member) for member in (cell if isinstance(cell, tuple) else (cell,))]


def _reader(name: str, written: str, zone: ZoneInfo, received_at: datetime) -> Moment:
    promised = name == "promised_at"
    latest = received_at + (FARTHEST_PROMISE if promised else CLOCKS_DIFFER)
    return moment_reader(name, written, zone, latest=latest, ends_day=promised)


def _merged(rows: Sequence[Sequence[Cell]]) -> tuple[Cell, ...]:
    """Of each column the first cell in which something stands."""
    first, *others = rows
    return tuple(
        cell
        if cell is not None and cell != ""
        else next((row[place] for row in others if row[place] not in (None, "")), None)
        for place, cell in enumerate(first)
    )


def _members(cell: Cell) -> list[Any]:
    return cell if isinstance(cell, list) else [cell]
