"""Rows of a history file as orders of the past, by a mapping that was compiled once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache, partial
from itertools import zip_longest
from typing import Any, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from app.domain.brand import Brand
from app.domain.customer import Claim, id_key, mail_key
from app.domain.history_mapping import MOMENTS, HistoryMapping
from app.domain.money import Money
from app.domain.order import OrderKind
from app.domain.past import Credit, Entry
from app.errors import MappingUnusable
from app.services.history.alike import Alike, AlikeCells
from app.services.history.cells import Fault, Moment, amount, code, quick_moment_reader, text_of, whole
from app.wire.fields import CLOCKS_DIFFER, FARTHEST_PROMISE
from app.wire.tables.table import Cell

_CELLS_REMEMBERED = 10_000
_Values: TypeAlias = Callable[[Sequence[Cell], Sequence[Sequence[Cell]], str], int]


class Understood(NamedTuple):
    """An order of the past, what was credited for it, and whether its customer wants no cards."""

    entry: Entry
    credit: Credit | None
    opted_out: bool
    claim: Claim | None
    """That the e-mail address which it names is its customer's."""

    @property
    def earliest(self) -> datetime:
        """The first moment of which it tells."""
        placed = self.entry.placed_at
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
        self._alike = AlikeCells(mapping, brand, self._at)
        self._of_row = lru_cache(_CELLS_REMEMBERED)(self._of_item)
        self._mail_key = lru_cache(_CELLS_REMEMBERED)(partial(mail_key, secret))
        zone = ZoneInfo(mapping.time_zone) if mapping.time_zone else brand.time_zone
        self._moments = tuple(
            (slot, self._at[name], _reader(name, mapping.date_format(name), zone, received_at))
            for slot, name in enumerate(MOMENTS)
            if name in self._at
        )
        self._value = self._reader_of_values()
        self._sku_at, self._category_at = self._at.get("sku"), self._at.get("category")
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
        placed_at, promised_at, shipped_at, delivered_at, cancelled_at, credited_at = self._read_moments(said)
        if placed_at is None:
            raise Fault("placed_at", "is empty", "add when the customer ordered")
        if alike.cancelled and cancelled_at is None:
            cancelled_at = placed_at
        kind, currency = alike.kind, alike.currency
        minor = self._value(said, rows, currency)
        if kind is OrderKind.SALE and minor < 0:
            raise Fault("value", "is below zero for a sale", "set its kind to credit_note")
        own, mail = self._named(said)
        mail = self._mail_key(mail) if mail else ""
        key = id_key(own) if own else mail or None
        return Understood(
            Entry(
                order_id,
                key,
                placed_at,
                minor,
                currency,
                kind,
                kind is OrderKind.SALE and minor > 0,
                self._categories(rows),
                # A day without a time begins before an order of that day was placed.
                promised_at if promised_at is None or promised_at > placed_at else placed_at,
                shipped_at if shipped_at is None or shipped_at > placed_at else placed_at,
                delivered_at if delivered_at is None or delivered_at > placed_at else placed_at,
                cancelled_at if cancelled_at is None or cancelled_at > placed_at else placed_at,
                alike.channel,
                alike.country,
                alike.gift,
                self._quantity(rows),
            ),
            self._credit(said, key, credited_at or placed_at, currency),
            alike.opted_out,
            Claim(mail=mail, customer=id_key(own), at=placed_at, source_order_id=order_id)
            if own and mail
            else None,
        )

    def _read_moments(self, said: Sequence[Cell]) -> list[datetime | None]:
        """The moments in the order of `MOMENTS`."""
        found: list[datetime | None] = [None] * len(MOMENTS)
        for slot, place, read in self._moments:
            cell = said[place]
            if cell is not None and cell != "":
                found[slot] = read(cell)
        return found

    def _all_faults(self, said: Sequence[Cell], first: Fault) -> list[Fault]:
        """The fault that ended the reading, and those of the other moments: told at once, mended at once."""
        found = [first]
        for _slot, place, read in self._moments:
            try:
                read(said[place])
            except Fault as fault:
                if fault.field != first.field:
                    found.append(fault)
        return found

    def _needed(self, read: Callable[[str, Cell], str], said: Sequence[Cell], name: str) -> str:
        found = read(name, said[self._at[name]])
        if not found:
            raise Fault(name, "is empty", "fill it in")
        return found

    def _reader_of_values(self) -> _Values:
        """A function from the order's row, its rows and its currency to its minor units."""
        at, decimal = self._at, self._mapping.decimal
        if "value_minor" in at:
            minor = at["value_minor"]
            return lambda said, _, __: whole("value", said[minor])
        if "value" in at:
            value = at["value"]
            return lambda said, _, currency: amount("value", said[value], currency, decimal)
        if "item_total" in at:
            total = at["item_total"]
            return lambda _, rows, currency: sum(
                amount("item_total", each, currency, decimal) for row in rows for each in _members(row[total])
            )
        price, quantity = at["item_price"], at["item_quantity"]
        return lambda _, rows, currency: sum(
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

    def _named(self, said: Sequence[Cell]) -> tuple[str, str]:
        """The customer's id and e-mail address, each empty where the row does not say it."""
        own = code("customer_id", said[self._at["customer_id"]]) if "customer_id" in self._at else ""
        mail = code("email", said[self._at["email"]]) if "email" in self._at else ""
        if mail and "@" not in mail:
            raise Fault("email", "is no e-mail address", "check which column it is")
        return "" if own in self._mapping.guests else own, mail

    def _credit(self, said: Sequence[Cell], key: str | None, at: datetime, currency: str) -> Credit | None:
        if "credit" not in self._at or key is None or not text_of(said[self._at["credit"]]):
            return None
        given = abs(amount("credit", said[self._at["credit"]], currency, self._mapping.decimal))
        return Credit(customer_key=key, at=at, value=Money(-given, currency)) if given else None

    def _categories(self, rows: Sequence[Sequence[Cell]]) -> frozenset[str]:
        if len(rows) == 1:
            return self._categories_of(rows[0])
        return frozenset().union(*map(self._categories_of, rows))

    def _categories_of(self, row: Sequence[Cell]) -> frozenset[str]:
        skus = _hashable(None if self._sku_at is None else row[self._sku_at])
        named = _hashable(None if self._category_at is None else row[self._category_at])
        try:
            return self._of_row(skus, named)
        except TypeError:  # an object in JSON where a code should stand
            return self._of_item(skus, named)

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
    return quick_moment_reader(name, written, zone, latest=latest, ends_day=promised)


def _merged(rows: Sequence[Sequence[Cell]]) -> list[Cell]:
    """Of each column the first cell in which something stands."""
    merged = list(rows[0])
    for place, cell in enumerate(merged):
        if cell is None or cell == "":
            merged[place] = next((row[place] for row in rows if row[place] not in (None, "")), None)
    return merged


def _hashable(cell: Cell) -> Cell:
    return tuple(cell) if isinstance(cell, list) else cell


def _members(cell: Cell) -> list[Any]:
    return cell if isinstance(cell, list) else [cell]
