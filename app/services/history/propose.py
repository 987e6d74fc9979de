"""Proposes how a history file is read, by its columns and first rows; a person looks at it first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice, pairwise

from app.domain.brand import Brand
from app.domain.history_mapping import MOMENTS, HistoryMapping, RowsPer
from app.services.history.cells import Fault, amount, code, country, gift, text_of
from app.services.history.column_names import guess_columns
from app.services.history.date_formats import date_formats, fits
from app.wire.fields import FARTHEST_PROMISE
from app.wire.tables.table import Cell, Table

_LOOKED_AT = 300
_SHARE = 0.4
"""Of a ready mapping's columns that a file has at least, to be taken for that export."""
_AMOUNTS = ("value", "item_total", "item_price", "credit")
_CANCELLED_WORDS = frozenset(
    {"cancelled", "canceled", "storniert", "annule", "annulé", "cancelado", "annullato", "voided"}
)
_BESIDE: Mapping[str, Callable[[str, Cell], object]] = {"country": country, "gift": gift, "channel": code}
"""What few files say, and no order needs; with what reads it."""
_SELDOM = _BESIDE.keys() | {"item_quantity"}
"""Columns whose absence does not tell that a file is no such export."""
_Rows = Sequence[Mapping[str, Cell]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A mapping that may be right. `ready` names the ready-made one that it is; `doubts` are for a person."""

    mapping: HistoryMapping
    ready: str = ""
    doubts: tuple[str, ...] = ()

    @property
    def is_sure(self) -> bool:
        """Whether the file may be imported without a look: a known export, in which nothing is doubtful."""
        return bool(self.ready) and not self.doubts


def propose(table: Table, ready: Mapping[str, HistoryMapping], brand: Brand, now: datetime) -> Proposal:
    """Propose a mapping; `table` is freshly opened, and its first rows are read.

    Raises:
        HistoryUnreadable: it cannot be read.
    """
    columns = table.columns
    rows = [
        dict(zip(columns, row.cells, strict=True))
        for row in islice(table.rows(columns), _LOOKED_AT)
        if row.broken is None
    ]
    name = _known(table, ready)
    mapping = _cut(ready[name], table) if name else HistoryMapping(columns=guess_columns(columns))
    doubts: list[str] = []
    mapping = _with_dates(mapping, rows, now, doubts)
    mapping = _with_decimal(mapping, rows, brand)
    if not name:
        mapping = _without_misfits(mapping, rows)
        mapping = _with_rows(mapping, rows)
        mapping = _with_status(mapping, rows, doubts)
    doubts += [f"no column was found for {what}: name it under [columns]" for what in mapping.lacks]
    return Proposal(mapping=mapping, ready=name, doubts=tuple(doubts))


def _known(table: Table, ready: Mapping[str, HistoryMapping]) -> str:
    """The ready mapping most of whose columns the file has; empty where it is none of these exports."""
    fitting: list[tuple[int, str]] = []
    for name, mapping in ready.items():
        cut = replace(mapping, columns={f: c for f, c in mapping.columns.items() if c in table.columns})
        telling = mapping.columns.keys() - _SELDOM
        if not cut.lacks and len(cut.columns) >= _SHARE * len(telling):
            fitting.append((len(cut.columns), name))
    return max(fitting)[1] if fitting else ""


def _cut(mapping: HistoryMapping, table: Table) -> HistoryMapping:
    """The mapping without columns that a file lacks. In JSON later rows may have what the first lack."""
    if not table.delimiter:
        return mapping
    return replace(mapping, columns={f: c for f, c in mapping.columns.items() if c in table.columns})


def _cells(rows: _Rows, column: str) -> list[Cell]:
    return [row.get(column) for row in rows]


def _without_misfits(mapping: HistoryMapping, rows: _Rows) -> HistoryMapping:
    """The mapping without guessed columns that say it otherwise, such as countries by name.

    Nothing hangs on them: an order is better taken without than refused for one of them.
    """
    columns = dict(mapping.columns)
    for name, read in _BESIDE.items():
        if name in columns and not all(_reads(read, name, cell) for cell in _cells(rows, columns[name])):
            del columns[name]
    return replace(mapping, columns=columns)


def _reads(read: Callable[[str, Cell], object], name: str, cell: Cell) -> bool:
    try:
        read(name, cell)
    except Fault:
        return False
    return True


def _with_dates(mapping: HistoryMapping, rows: _Rows, now: datetime, doubts: list[str]) -> HistoryMapping:
    formats: dict[str, str] = {}
    latest = now + FARTHEST_PROMISE
    for name in MOMENTS:
        column = mapping.columns.get(name)
        if column is None:
            continue
        cells = _cells(rows, column)
        if fits(cells, mapping.date_format(name), latest=latest):
            continue
        found = date_formats(cells, latest=latest)
        if not found:
            doubts.append(f"how {column!r} writes moments was not found out: set dates or dates_of.{name}")
        elif len(found) > 1:
            doubts.append(f"{column!r} may be written as {' or '.join(found)}: set dates or dates_of.{name}")
        if found:
            formats[name] = found[0]
    if "placed_at" in formats:
        mapping = replace(mapping, dates=formats.pop("placed_at"))
    return replace(
        mapping, dates_of={**mapping.dates_of, **{n: f for n, f in formats.items() if f != mapping.dates}}
    )


def _with_decimal(mapping: HistoryMapping, rows: _Rows, brand: Brand) -> HistoryMapping:
    """The decimal mark with which more of the amounts can be read."""
    cells = [
        cell for name in _AMOUNTS if name in mapping.columns for cell in _cells(rows, mapping.columns[name])
    ]
    said = [cell for cell in cells if text_of(cell)]
    by_mark = {mark: sum(_is_amount(cell, brand.currency, mark) for cell in said) for mark in (".", ",")}
    return replace(mapping, decimal=max(by_mark, key=lambda mark: (by_mark[mark], mark == mapping.decimal)))


def _is_amount(cell: Cell, currency: str, mark: str) -> bool:
    try:
        amount("", cell, currency, mark)
    except Fault:
        return False
    return True


def _with_rows(mapping: HistoryMapping, rows: _Rows) -> HistoryMapping:
    """One row an item where an id stands in several rows on end."""
    column = mapping.columns.get("id")
    names = [text_of(cell) for cell in _cells(rows, column)] if column else []
    repeats = any(after in ("", before) for before, after in pairwise(names))
    return replace(mapping, rows=RowsPer.ITEM if repeats else RowsPer.ORDER)


def _with_status(mapping: HistoryMapping, rows: _Rows, doubts: list[str]) -> HistoryMapping:
    column = mapping.columns.get("status")
    if column is None:
        return mapping
    words = {text_of(cell).lower() for cell in _cells(rows, column)} - {""}
    cancelled = frozenset(words & _CANCELLED_WORDS)
    if others := sorted(words - cancelled)[:12]:
        said = ", ".join(others)
        doubts.append(
            f"{column!r} says {said}: name under [status] those of orders that were skipped or cancelled"
        )
    return replace(mapping, cancelled=cancelled)
