"""How a column's moments are written, found out by its first cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import product
from zoneinfo import ZoneInfo

from app.domain.history_mapping import ISO, UNIX, UNIX_MS
from app.services.history.cells import Fault, moment_reader, text_of
from app.wire.tables.table import Cell

_DAYS = (
    "%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y", "%m/%d/%Y", "%d/%m/%y", "%m/%d/%y", "%Y/%m/%d", "%d-%m-%Y",
    "%m-%d-%Y", "%b %d, %Y", "%B %d, %Y", "%d %b %Y", "%d %B %Y",
)  # fmt: skip
_TIMES = ("", "%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M:%S %p")
_BETWEEN = (" ", ", ")
_FORMATS = tuple(
    dict.fromkeys(
        f"{day}{between}{time}" if time else day for day, time, between in product(_DAYS, _TIMES, _BETWEEN)
    )
)
_NEARLY_ALL = 0.9
_SECONDS, _MILLISECONDS = 10, 13
"""Digits of a moment since 1970, in this century."""


def date_formats(cells: Iterable[Cell], *, latest: datetime) -> tuple[str, ...]:
    """Formats that all of these cells may be written in, and that read them differently.

    Several, such as for 03/04/2025, are for a person to choose from.
    """
    said = [cell for cell in cells if text_of(cell)]
    if not said:
        return (ISO,)
    digits = {len(text_of(cell)) for cell in said if text_of(cell).isdigit()}
    if digits in ({_SECONDS}, {_MILLISECONDS}) and all(text_of(cell).isdigit() for cell in said):
        return (UNIX,) if digits == {_SECONDS} else (UNIX_MS,)
    found: dict[tuple[datetime | None, ...], str] = {}
    for written in (ISO, *_FORMATS):
        moments = _read(said, written, latest)
        if moments is not None:
            found.setdefault(moments, written)
        if written == ISO and found:
            break
    return tuple(found.values())


def fits(cells: Iterable[Cell], written: str, *, latest: datetime) -> bool:
    """Whether nearly all of these cells are written in this format; the others are for the rejects."""
    said = [cell for cell in cells if text_of(cell)]
    read = sum(_read([cell], written, latest) is not None for cell in said)
    return read >= _NEARLY_ALL * len(said)


def _read(said: Sequence[Cell], written: str, latest: datetime) -> tuple[datetime | None, ...] | None:
    read = moment_reader("", written, ZoneInfo("UTC"), latest=latest.astimezone(UTC), ends_day=False)
    try:
        return tuple([read(cell) for cell in said])
    except Fault:
        return None
