"""Reads files of records, JSON Lines or CSV, from any record on: each record with its line and its bytes.

A record that cannot be read is a fault of its own, and reading goes on behind it. Nothing is held in memory
but the record at hand.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, Self

from app.errors import RecordsUnreadable, RecordUnusable

_JSON_LINES = frozenset({".jsonl", ".ndjson"})
_CSV = frozenset({".csv", ".tsv"})
_DELIMITERS = ",;\t|"
_BOM = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_LONGEST_LINE = 1_000_000
"""Bytes of a line; no card has room for more."""
_MOST_LINES = 200
"""Lines of one CSV record. A quote that is never closed would take in all that follows."""
_CUT_OFF = "; it is the last line and was cut off"
_WRITE_AGAIN = "the file was not written to its end: write it again"


class Row(NamedTuple):
    """One record as it stands in the file: its first line (from 1) and its bytes.

    Exactly one of `fields` and `fault` is there, or neither for an empty line.
    """

    line: int
    size: int
    fields: dict[str, Any] | None = None
    fault: RecordUnusable | None = None

    @property
    def is_empty(self) -> bool:
        """Whether it is an empty line, and no record."""
        return self.fields is None and self.fault is None


@dataclass(frozen=True, slots=True)
class RecordFile:
    """A file of records; `columns` are a CSV's, and None for JSON Lines. Records start at byte `start`."""

    path: Path
    start: int
    first_line: int
    delimiter: str = ""
    columns: tuple[str, ...] | None = None

    @classmethod
    def open(cls, path: Path) -> Self:
        """Read its head.

        Raises:
            RecordsUnreadable: it is neither kind, is not UTF-8, or names its columns wrongly.
            OSError: it cannot be opened.
        """
        kind = path.suffix.lower()
        if kind not in _JSON_LINES | _CSV:
            mend = "name it .jsonl or .csv, and unpack it if it is packed"
            raise RecordsUnreadable(f"{path} is neither JSON Lines nor CSV by its name", mend=mend)
        with path.open("rb") as file:
            head = file.readline(_LONGEST_LINE)
        if head.startswith(_UTF_16):
            raise RecordsUnreadable(f"{path} is UTF-16", mend="save it as UTF-8")
        if not head:
            raise RecordsUnreadable(f"{path} is empty", mend="write one record a line")
        start = len(_BOM) if head.startswith(_BOM) else 0
        if kind in _JSON_LINES:
            return cls(path, start, 1)
        delimiter, columns = _columns(path, head[start:])
        return cls(path, len(head), 2, delimiter, columns)

    def rows(self, start: int, end: int | None, line: int) -> Iterator[Row]:
        """The records of a stretch of bytes that begins with a record, empty lines among them.

        Args:
            start: the first byte.
            end: the byte behind the last, or None to read to the end.
            line: the number of the first line.
        """
        with self.path.open("rb") as file:
            file.seek(start)
            lines = _Lines(file, start, end)
            if self.columns is None:
                yield from _json_rows(lines, line)
            else:
                yield from _csv_rows(lines, line, self.columns, self.delimiter)


class _Lines:
    """Lines of a stretch of a file, some of which may be put back."""

    def __init__(self, file: BinaryIO, start: int, end: int | None) -> None:
        self._file = file
        self._at = start
        self._end = end
        self._back: list[bytes] = []

    def take(self) -> bytes:
        """The next line with its end, or empty at the end; of one far too long the beginning."""
        if self._back:
            return self._back.pop()
        if self._end is not None and self._at >= self._end:
            return b""
        line = self._file.readline(_LONGEST_LINE + 1)
        self._at += len(line)
        return line

    def put_back(self, lines: list[bytes]) -> None:
        """The next lines to be taken."""
        self._back += reversed(lines)

    def skip_rest(self) -> int:
        """Pass over the rest of a line too long; gives its bytes."""
        skipped = 0
        while True:
            piece = self._file.readline(_LONGEST_LINE)
            skipped += len(piece)
            self._at += len(piece)
            if not piece or piece.endswith(b"\n"):
                return skipped


def _json_rows(lines: _Lines, number: int) -> Iterator[Row]:
    while line := lines.take():
        if len(line) > _LONGEST_LINE:
            yield Row(number, len(line) + _rest(lines, line), fault=_too_long(number))
        elif line.isspace():
            yield Row(number, len(line))
        else:
            yield _json_row(line, number)
        number += 1


def _rest(lines: _Lines, line: bytes) -> int:
    return 0 if line.endswith(b"\n") else lines.skip_rest()


def _json_row(line: bytes, number: int) -> Row:
    try:
        fields = _DECODER.decode(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        return Row(number, len(line), fault=_not_utf8(error))
    except json.JSONDecodeError as error:
        cut = not line.endswith(b"\n")
        detail = f"the line is not JSON: {error.msg} at character {error.colno}{_CUT_OFF if cut else ''}"
        mend = _WRITE_AGAIN if cut else "write one JSON object a line"
        return Row(number, len(line), fault=RecordUnusable(detail, mend=mend))
    except (ValueError, RecursionError) as error:
        detail = str(error) or "the line is nested too deeply"
        return Row(number, len(line), fault=RecordUnusable(detail, mend="write plain JSON, each name once"))
    if not isinstance(fields, dict):
        fault = RecordUnusable("the line is JSON, but no object", mend='write {"id": …, …}')
        return Row(number, len(line), fault=fault)
    return Row(number, len(line), fields)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = ", ".join(sorted({key for key in keys if keys.count(key) > 1}))
        raise ValueError(f"{twice} is there twice")
    return found


def _constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant)


def _columns(path: Path, head: bytes) -> tuple[str, tuple[str, ...]]:
    """A CSV's delimiter and columns, by its first line."""
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RecordsUnreadable(f"{path} is not UTF-8", mend="save it as UTF-8") from error
    found = {}
    for delimiter in _DELIMITERS:
        cells = next(csv.reader([text], delimiter=delimiter), [])
        found[delimiter] = tuple(cell.strip() for cell in cells)
    best = max(_DELIMITERS, key=lambda delimiter: ("id" in found[delimiter], len(found[delimiter])))
    columns = found[best]
    if "id" not in columns:
        raise RecordsUnreadable(
            f"{path}, line 1: there is no column id",
            mend="name the columns in the first line: id, language, …",
        )
    if twice := sorted({column for column in columns if columns.count(column) > 1}):
        raise RecordsUnreadable(
            f"{path}, line 1: the column {twice[0]!r} is there twice", mend="name each column once"
        )
    return best, columns


def _csv_rows(lines: _Lines, number: int, columns: tuple[str, ...], delimiter: str) -> Iterator[Row]:
    while line := lines.take():
        if len(line) > _LONGEST_LINE:
            yield Row(number, len(line) + _rest(lines, line), fault=_too_long(number))
            number += 1
            continue
        taken = [line]
        try:
            cells = _cells(line, taken, lines, delimiter)
        except UnicodeDecodeError as error:
            lines.put_back(taken[1:])
            yield Row(number, len(line), fault=_not_utf8(error))
            number += 1
            continue
        except csv.Error as error:
            lines.put_back(taken[1:])
            mend = "close each quote, and double those inside a cell"
            fault = RecordUnusable(f"the line’s quotes cannot be understood: {error}", mend=mend)
            yield Row(number, len(line), fault=fault)
            number += 1
            continue
        yield _csv_row(cells, number, taken, columns)
        number += len(taken)


def _csv_row(cells: list[str], number: int, taken: list[bytes], columns: tuple[str, ...]) -> Row:
    size = sum(map(len, taken))
    if not any(cells):
        return Row(number, size)
    if len(cells) != len(columns):
        cut = len(cells) < len(columns) and not taken[-1].endswith(b"\n")
        detail = f"the record has {len(cells)} cells, the first line {len(columns)} columns"
        mend = _WRITE_AGAIN if cut else "quote a cell that holds the delimiter or a line end"
        return Row(number, size, fault=RecordUnusable(detail + (_CUT_OFF if cut else ""), mend=mend))
    return Row(number, size, dict(zip(columns, cells, strict=True)))


def _cells(line: bytes, taken: list[bytes], lines: _Lines, delimiter: str) -> list[str]:
    """The cells of a record that begins with `line`; lines that it goes on over are added to `taken`."""
    text = line.decode("utf-8")
    if '"' not in text:
        return text.rstrip("\r\n").split(delimiter)

    def more() -> Iterator[str]:
        yield text
        while len(taken) < _MOST_LINES and (further := lines.take()):
            taken.append(further)
            yield further.decode("utf-8")

    return next(csv.reader(more(), delimiter=delimiter, strict=True))


def _too_long(number: int) -> RecordUnusable:
    detail = f"line {number} is over {_LONGEST_LINE:,} bytes"
    return RecordUnusable(detail, mend="write one record a line")


def _not_utf8(error: UnicodeDecodeError) -> RecordUnusable:
    return RecordUnusable(f"the line is not UTF-8: byte {error.start + 1} is wrong", mend="save it as UTF-8")
