"""JSON Lines: one object a line, its cells by path, such as `customer.id` or `jobs[].sku`."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from app.wire.tables.lines import TOO_LONG, Lines
from app.wire.tables.source import Source
from app.wire.tables.table import Broken, Cell, Row

_LOOKED_AT = 200
"""Rows whose paths are the columns that people choose among."""
_DEEPEST_PATH = 4
_LONGEST_NUMBER = 30
_LIST = "[]"
_BLANKS = " \t\n\r"
"""What may stand behind a document."""


class JsonTable:
    """An open file of JSON Lines."""

    delimiter = ""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._lines = Lines(source.text("utf-8-sig", errors="surrogateescape"))
        self._first = list(itertools.islice(self._read(), _LOOKED_AT))
        paths = (path for _row, document in self._first for path in _paths(document))
        self.columns = tuple(dict.fromkeys(paths))

    @property
    def described(self) -> str:
        """What it was found to be."""
        return f"JSON Lines{self._source.packed}, UTF-8"

    def rows(self, wanted: Sequence[str]) -> Iterator[Row]:
        """Every row; see `Table.rows`."""
        finders = [_finder(path) for path in wanted]
        for row, document in itertools.chain(self._first, self._read()):
            if row.broken is not None:
                yield row
            else:
                yield Row(row.line, tuple([find(document) for find in finders]), row.source)

    def position(self) -> int:
        """How many bytes have been read."""
        return self._source.position()

    def close(self) -> None:
        """Close the file."""
        self._source.close()

    def _read(self) -> Iterator[tuple[Row, dict[str, Any]]]:
        """Each row, still without its cells, and its document; empty where it is broken."""
        lines = self._lines
        for line in lines:
            lines.begin()
            if lines.too_long:
                lines.too_long.clear()
                yield Row(lines.number, (), "", TOO_LONG), {}
            elif not line.isspace():
                yield _read(lines.number, line)


def document_of(line: str) -> Any:
    """What a line says, numbers exact, with each key once.

    Raises:
        ValueError: it is no JSON, or none of that sort.
        RecursionError: it is nested too deeply.
    """
    try:
        found, end = _DECODER.raw_decode(line)
    except ValueError:
        return _DECODER.decode(line)  # blanks before it are no fault
    return _DECODER.decode(line) if line[end:].strip(_BLANKS) else found


def _read(number: int, line: str) -> tuple[Row, dict[str, Any]]:
    try:
        if not line.isascii():
            line.encode()
        found = document_of(line)
    except UnicodeEncodeError:
        why = Broken("the line is not UTF-8", "save the file as UTF-8")
    except json.JSONDecodeError as error:
        cut_off = not line.endswith("\n")
        mend = "the file was cut off here: write it again" if cut_off else "write one JSON object a line"
        why = Broken("the line is not JSON", mend, f"{error.msg} at character {error.colno}")
    except (ValueError, RecursionError) as error:
        case = str(error) or "it is nested too deeply"
        why = Broken("the line is not plain JSON", "write each key once", case)
    else:
        if isinstance(found, dict):
            return Row(number, (), line), found
        why = Broken("the line is JSON, but no object", 'write {"id": …, …}')
    return Row(number, (), line, why), {}


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = ", ".join(sorted({key for key in keys if keys.count(key) > 1}))
        raise ValueError(f"the key {twice[:80]} is there twice")
    return found


def _constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _integer(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:
        raise ValueError(f"a number has {len(digits)} digits")
    return int(digits)


def _fraction(said: str) -> Decimal:
    found = Decimal(said)
    if abs(found.adjusted()) > _LONGEST_NUMBER:
        raise ValueError("a number’s exponent is too large")  # written out, it would fill the memory
    return found


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_constant=_constant, parse_int=_integer, parse_float=_fraction
)


def _paths(document: Mapping[str, Any], before: str = "", depth: int = 1) -> Iterator[str]:
    """The paths of a document's plain values; `[]` stands for every member of a list."""
    for key, value in document.items():
        path = f"{before}{key}"
        members = value if isinstance(value, list) else [value]
        many = _LIST if isinstance(value, list) else ""
        for member in members:
            if not isinstance(member, dict):
                yield path + many
            elif depth < _DEEPEST_PATH:
                yield from _paths(member, f"{path}{many}.", depth + 1)


def _finder(path: str) -> Callable[[Mapping[str, Any]], Cell]:
    """A function from a document to what stands at a path; a list where the path goes through one."""
    head, through, tail = path.partition(_LIST)
    if through:
        before, after = head.split("."), tail.lstrip(".")
        inner = _finder(after) if after else None

        def many(document: Mapping[str, Any]) -> Cell:
            members = _at(document, before)
            if not isinstance(members, list):
                return members
            if inner is None:
                return members
            return [inner(member) if isinstance(member, dict) else member for member in members]

        return many
    keys = path.split(".")
    if len(keys) == 1:
        return lambda document: document.get(path)
    return lambda document: document[path] if path in document else _at(document, keys)


def _at(document: Any, keys: Sequence[str]) -> Any:
    for key in keys:
        if not isinstance(document, dict):
            return None
        document = document.get(key)
    return document
