"""Reads and writes mappings of history files: `MAP.toml`, and those ready in `print_templates/mappings`."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field

from app.domain.history_mapping import FIELDS, ISO, MOMENTS, UNIX, UNIX_MS, HistoryMapping, RowsPer
from app.domain.money import CURRENCIES
from app.errors import MappingUnusable, SetupError
from app.registry.places import MAPPINGS
from app.registry.toml_file import TomlFile, TomlModel

_Word = Annotated[str, Field(min_length=1, max_length=200)]
_HEADLINE = """\
# How a file of past orders is read. Change what is wrong, then:
# tipin history import FILE --brand BRAND --mapping THIS
"""
_NAMED_FORMATS = frozenset({ISO, UNIX, UNIX_MS})
_PROBE = datetime(2021, 11, 30, 14, 5, 9)  # noqa: DTZ001 -- written and read back by one format, in no zone


class _File(TomlModel):
    encoding: str = ""
    delimiter: Annotated[str, Field(max_length=1)] = ""


class _Status(TomlModel):
    cancelled: tuple[_Word, ...] = ()
    test: tuple[_Word, ...] = ()
    skipped: tuple[_Word, ...] = ()


class _Map(TomlModel):
    title: str = ""
    rows: RowsPer = RowsPer.ORDER
    dates: _Word = ISO
    decimal: Literal[".", ","] = "."
    currency: str = ""
    time_zone: str = ""
    list_mark: Annotated[str, Field(min_length=1, max_length=3)] = "|"
    guests: tuple[_Word, ...] = ()
    file: _File = _File()
    columns: Annotated[dict[str, _Word], Field(default_factory=dict)]
    dates_of: Annotated[dict[str, _Word], Field(default_factory=dict)]
    status: _Status = _Status()
    categories: Annotated[dict[str, _Word], Field(default_factory=dict)]


def read_mapping(path: Path) -> HistoryMapping:
    """A mapping from its file.

    Raises:
        MappingUnusable: naming each fault with line, key and mend.
    """
    return _read(path, None)


def parse_mapping(text: str) -> HistoryMapping:
    """A mapping from a text in TOML.

    Raises:
        MappingUnusable: naming each fault with line, key and mend.
    """
    return _read(Path("MAP.toml"), text)


def ready_mappings() -> dict[str, HistoryMapping]:
    """The mappings that come with tipin, by name."""
    return {path.stem: read_mapping(path) for path in sorted(MAPPINGS.glob("*.toml"))}


def write_mapping(mapping: HistoryMapping) -> str:
    """A mapping as the text of its file."""
    lines = [_HEADLINE]
    lines += _pairs({name: getattr(mapping, name) for name in ("title", "currency", "time_zone")})
    lines += _pairs({"rows": mapping.rows.value, "dates": mapping.dates, "decimal": mapping.decimal})
    lines += _pairs({"list_mark": mapping.list_mark, "guests": sorted(mapping.guests)})
    tables: dict[str, Mapping[str, object]] = {
        "file": {"encoding": mapping.encoding, "delimiter": mapping.delimiter},
        "columns": mapping.columns,
        "dates_of": mapping.dates_of,
        "status": {name: sorted(getattr(mapping, name)) for name in ("cancelled", "test", "skipped")},
        "categories": mapping.categories,
    }
    for name, table in tables.items():
        if said := list(_pairs(table)):
            lines += [f"\n[{name}]\n", *said]
    return "".join(lines)


def _pairs(table: Mapping[str, object]) -> Iterator[str]:
    """`key = value` lines of what is said; a JSON string is a TOML string as well."""
    for key, value in table.items():
        if value:
            name = key if key.isascii() and key.isidentifier() else json.dumps(key, ensure_ascii=False)
            yield f"{name} = {json.dumps(value, ensure_ascii=False)}\n"


def _read(path: Path, text: str | None) -> HistoryMapping:
    try:
        file = TomlFile(path, text)
        found = file.read(_Map)
        _check(file, found)
    except SetupError as error:
        raise MappingUnusable(error.detail, mend=error.mend, violations=error.violations) from error
    return HistoryMapping(
        title=found.title,
        rows=found.rows,
        encoding=found.file.encoding,
        delimiter=found.file.delimiter,
        columns=found.columns,
        dates=found.dates,
        dates_of=found.dates_of,
        decimal=found.decimal,
        currency=found.currency,
        time_zone=found.time_zone,
        list_mark=found.list_mark,
        guests=frozenset(found.guests),
        cancelled=_lowered(found.status.cancelled),
        test=_lowered(found.status.test),
        skipped=_lowered(found.status.skipped),
        categories=found.categories,
    )


def _lowered(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word.strip().lower() for word in words)


def _check(file: TomlFile, found: _Map) -> None:
    """What a single key cannot know."""
    for name in found.columns.keys() - FIELDS.keys():
        file.fault(("columns", name), f"{name} is no field", f"use some of: {', '.join(FIELDS)}")
    for name in found.dates_of.keys() - set(MOMENTS):
        file.fault(("dates_of", name), f"{name} is no moment", f"use some of: {', '.join(MOMENTS)}")
    for key, written in [
        (("dates",), found.dates),
        *((("dates_of", n), f) for n, f in found.dates_of.items()),
    ]:
        if not _is_date_format(written):
            file.fault(
                key,
                f"{written!r} is no date format",
                f"write iso, {UNIX}, {UNIX_MS} or such as %d.%m.%Y %H:%M",
            )
    if found.currency and found.currency not in CURRENCIES:
        file.fault(("currency",), f"{found.currency!r} is no currency", "write an ISO 4217 code such as EUR")
    if found.time_zone and not _is_zone(found.time_zone):
        file.fault(("time_zone",), f"{found.time_zone!r} is no time zone", "write such as Europe/Berlin")
    if found.file.encoding and not _is_encoding(found.file.encoding):
        file.fault(
            ("file", "encoding"), f"{found.file.encoding!r} is no encoding", "write such as utf-8 or cp1252"
        )
    file.check()


def _is_date_format(written: str) -> bool:
    """Whether it says at least the day: what it writes is read back to it."""
    if written in _NAMED_FORMATS:
        return True
    try:
        return datetime.strptime(_PROBE.strftime(written), written).date() == _PROBE.date()  # noqa: DTZ007 -- see `_PROBE`
    except ValueError:
        return False


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return False
    return True


def _is_encoding(name: str) -> bool:
    try:
        return codecs.lookup(name)._is_text_encoding  # noqa: SLF001 -- tells text from codecs such as base64; `open` asks it too
    except LookupError:
        return False
