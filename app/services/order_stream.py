"""Reads an order stream from CSV: orders and credits as exported from a shop or another system.

Either every row is understood, or the file is refused with each bad row's line, fault and mend.
"""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from app.domain.money import Money
from app.domain.past import Credit, Placed, Recorded
from app.errors import MalformedOrder, Violation
from app.services.text_file import opened

_MOST_VIOLATIONS = 20
_PROGRESS_LINES = 1000
_ORDER_COLUMNS = ("order_id", "customer_id", "placed_at", "value_minor")
_CREDIT_COLUMNS = ("customer_id", "at", "value_minor")
_INTEGER_LIMIT = 2**63
STREAM_CURRENCY = "EUR"
"""A stream has one currency, which it does not name; this stands for it."""
CATEGORY_MARK = "|"

_Row = dict[str, str]


def read_orders(path: Path, on_bytes: Callable[[int], None] = lambda _: None) -> list[Recorded]:
    """The orders of a CSV file, plain or gzipped, in its order.

    Columns: order_id, customer_id (empty for a guest), placed_at, value_minor; and, where they are known,
    promised_at, shipped_at, delivered_at, cancelled_at and categories (separated by `|`). Others are passed
    over. A time without a zone is UTC.

    Args:
        path: the file.
        on_bytes: called now and then with how far into the file reading has come.

    Raises:
        MalformedOrder: the file is unreadable, or some of its rows are.
    """
    faults = _Faults(path)
    orders: list[Recorded] = []
    seen: dict[str, int] = {}
    for line, row in _rows(path, _ORDER_COLUMNS, on_bytes):
        try:
            order = _order(row)
            _only_once(order.placed.source_order_id, line, seen)
        except _RowFault as fault:
            faults.add(line, fault)
        else:
            orders.append(order)
    faults.raise_if_any()
    return orders


def read_credits(path: Path) -> list[Credit]:
    """The credits of a CSV file: customer_id, at, value_minor (negative).

    Raises:
        MalformedOrder: the file is unreadable, or some of its rows are.
    """
    faults = _Faults(path)
    found: list[Credit] = []
    for line, row in _rows(path, _CREDIT_COLUMNS, lambda _: None):
        try:
            found.append(_credit(row))
        except _RowFault as fault:
            faults.add(line, fault)
    faults.raise_if_any()
    return found


class _RowFault(Exception):
    def __init__(self, column: str, detail: str, mend: str) -> None:
        super().__init__(detail)
        self.column = column
        self.detail = detail
        self.mend = mend


class _Faults:
    """Gathers what is wrong, row by row, so that one run names it all."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._found: list[Violation] = []
        self._count = 0

    def add(self, line: int, fault: _RowFault) -> None:
        """Keep the fault of a row; of very many the first are enough."""
        self._count += 1
        if self._count <= _MOST_VIOLATIONS:
            where = f"line {line}, {fault.column}"
            self._found.append(Violation(pointer=where, detail=fault.detail, mend=fault.mend))

    def raise_if_any(self) -> None:
        """Refuse the file where a row had a fault."""
        if self._count:
            more = f"; the first {_MOST_VIOLATIONS} are listed" if self._count > _MOST_VIOLATIONS else ""
            rows = "row cannot" if self._count == 1 else "rows cannot"
            raise MalformedOrder(
                f"{self._count} {rows} be understood in {self._path.name}{more}",
                mend="mend the rows and run it again; nothing was written",
                violations=tuple(self._found),
            )


def _only_once(order_id: str, line: int, seen: dict[str, int]) -> None:
    first = seen.setdefault(order_id, line)
    if first != line:
        raise _RowFault("order_id", f"{order_id!r} stands in line {first} already", "give each order one row")


def _order(row: _Row) -> Recorded:
    order_id = row["order_id"].strip()
    if not order_id:
        raise _RowFault("order_id", "is empty", "name the order")
    value = _integer(row, "value_minor")
    customer = row["customer_id"].strip()
    placed = Placed(
        source_order_id=order_id,
        customer_key=f"id:{customer}" if customer else None,
        at=_moment(row, "placed_at"),
        eligible=value > 0,
        categories=frozenset(filter(None, row.get("categories", "").split(CATEGORY_MARK))),
    )
    return Recorded(
        placed=placed,
        value=Money(value, STREAM_CURRENCY),
        promised_at=_moment_or_none(row, "promised_at"),
        shipped_at=_moment_or_none(row, "shipped_at"),
        delivered_at=_moment_or_none(row, "delivered_at"),
        cancelled_at=_moment_or_none(row, "cancelled_at"),
    )


def _credit(row: _Row) -> Credit:
    customer = row["customer_id"].strip()
    if not customer:
        raise _RowFault("customer_id", "is empty", "name the customer who was credited")
    value = _integer(row, "value_minor")
    if value > 0:
        raise _RowFault("value_minor", f"{value} is above zero", "write credits as negative amounts")
    return Credit(customer_key=f"id:{customer}", at=_moment(row, "at"), value=Money(value, STREAM_CURRENCY))


def _integer(row: _Row, column: str) -> int:
    text = row[column].strip()
    try:
        value = int(text)
    except ValueError:
        raise _RowFault(
            column, f"{text!r} is not a whole number", "write minor units, such as 1999"
        ) from None
    if not -_INTEGER_LIMIT <= value < _INTEGER_LIMIT:
        raise _RowFault(column, f"{text} is out of range", "write an amount that fits 64 bits")
    return value


def _moment(row: _Row, column: str) -> datetime:
    moment = _moment_or_none(row, column)
    if moment is None:
        raise _RowFault(column, "is empty", "write a time such as 2025-03-01 09:30:00")
    return moment


def _moment_or_none(row: _Row, column: str) -> datetime | None:
    text = row.get(column, "")
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        mend = "write a time such as 2025-03-01 09:30:00"
        raise _RowFault(column, f"{text!r} is not a time", mend) from None


def _rows(
    path: Path, columns: tuple[str, ...], on_bytes: Callable[[int], None]
) -> Iterator[tuple[int, _Row]]:
    """Line number and cells by column; a row that is too short or too long ends the reading."""
    with opened(path) as (text, position):
        reader = csv.reader(text, strict=True)
        try:
            header = _header(path, next(reader, []), columns)
            for cells in filter(None, reader):
                if len(cells) != len(header):
                    raise MalformedOrder(
                        f"{path.name}, line {reader.line_num}: "
                        f"{len(cells)} cells under {len(header)} columns",
                        mend="quote cells that hold commas or line ends",
                    )
                if reader.line_num % _PROGRESS_LINES == 0:
                    on_bytes(position())
                yield reader.line_num, dict(zip(header, cells, strict=True))
        except (csv.Error, UnicodeDecodeError, EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise MalformedOrder(
                f"{path.name} is no readable CSV after line {reader.line_num}: {error}",
                mend="save it as UTF-8 CSV with commas, plain or gzipped",
            ) from error


def _header(path: Path, header: list[str], columns: tuple[str, ...]) -> list[str]:
    missing = [column for column in columns if column not in header]
    if missing:
        raise MalformedOrder(
            f"{path.name} has no column {', '.join(missing)}",
            mend=f"its first line must name {', '.join(columns)}",
        )
    return header
