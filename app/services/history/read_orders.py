"""The orders of a history file, one after the other: each with its rows, and what they were taken to be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from app.domain.history_mapping import HistoryMapping, RowsPer
from app.services.history.cells import Fault
from app.services.history.understand import Refused, Understanding, Understood
from app.wire.tables.table import Broken, Row, Table

_MOST_ITEMS = 2_000
"""Rows of one order; more are one order by mistake, such as an empty id all the way down."""


class FileOrder(NamedTuple):
    """One order of a file. What never became an order has neither `understood` nor a `reason`.

    `until` counts the file's rows up to its end. `reason` is for counting, `why` says the case.
    """

    rows: list[Row]
    until: int
    understood: Understood | None = None
    reason: str = ""
    why: str = ""


def read_orders(
    table: Table, mapping: HistoryMapping, understand: Understanding, *, after: int = 0
) -> Iterator[FileOrder]:
    """Every order behind the first `after` rows.

    Raises:
        HistoryUnreadable: the file ends within itself, or is damaged.
    """
    rows = table.rows(understand.wanted)
    for _ in range(after):
        if next(rows, None) is None:
            return
    until = after
    for group in _groups(rows, understand) if mapping.rows is RowsPer.ITEM else ([row] for row in rows):
        until += len(group)
        yield _order(group, until, understand)


def _order(rows: list[Row], until: int, understand: Understanding) -> FileOrder:
    broken = [row.broken for row in rows if row.broken is not None]
    if broken:
        return _broken(rows, until, broken[0])
    if len(rows) > _MOST_ITEMS:
        reason = f"the order has over {_MOST_ITEMS:,} rows"
        return FileOrder(rows, until, reason=reason, why=f"{reason}; check which column is its id")
    try:
        return FileOrder(rows, until, understand([row.cells for row in rows]))
    except Refused as refused:
        first = refused.faults[0]
        why = "; ".join(_said(fault) for fault in refused.faults)
        return FileOrder(rows, until, reason=f"{first.field} {first.detail}", why=why)


def _broken(rows: list[Row], until: int, broken: Broken) -> FileOrder:
    case = f" ({broken.case})" if broken.case else ""
    return FileOrder(rows, until, reason=broken.reason, why=f"{broken.reason}{case}; {broken.mend}")


def _said(fault: Fault) -> str:
    said = f" ({fault.said!r})" if fault.said else ""
    return f"{fault.field} {fault.detail}{said}; {fault.mend}"


def _groups(rows: Iterator[Row], understand: Understanding) -> Iterator[list[Row]]:
    """Rows that stand together and have the group's cell in common; an empty one is that of the row before.

    A row that cannot be read belongs to the order that it stands in: its categories would be missing.
    """
    group: list[Row] = []
    name = ""
    for row in rows:
        own = "" if row.broken is not None else understand.group(row.cells)
        if group and (own in ("", name)) and len(group) <= _MOST_ITEMS:
            group.append(row)
            continue
        if group:
            yield group
        group, name = [row], own
    if group:
        yield group
