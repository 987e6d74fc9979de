"""CSV of any delimiter and encoding. A row that cannot be read is a fault of its own; reading goes on."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import TextIO

from app.errors import HistoryUnreadable
from app.wire.tables.lines import TOO_LONG, Lines
from app.wire.tables.source import Source
from app.wire.tables.table import Broken, Cell, Row

_UNDECODED = re.compile("[\ud800-\udfff]")
_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", ":": "colons"}
_LONGEST_CELL = 131_072


class CsvTable:
    """An open CSV file, whose first line names its columns."""

    def __init__(self, source: Source, *, encoding: str, delimiter: str) -> None:
        """Read the first line.

        Raises:
            HistoryUnreadable: it cannot be read.
        """
        csv.field_size_limit(_LONGEST_CELL)
        self.delimiter = delimiter
        self._source = source
        self._encoding = encoding
        # Bytes that are none of the encoding become lone surrogates: only a row that needs them is refused.
        text: TextIO = source.text(encoding, errors="surrogateescape")
        self._lines = Lines(text)
        self._reader = csv.reader(self._lines, delimiter=delimiter, strict=True)
        try:
            head = next(self._reader, [])
        except csv.Error as error:
            raise HistoryUnreadable(
                f"the first line is no list of columns: {error}",
                mend="save the file as CSV with a first line of names",
            ) from error
        self.columns = _unique([name.strip() for name in head])

    @property
    def described(self) -> str:
        """What it was found to be."""
        cells = _NAMES.get(self.delimiter, repr(self.delimiter))
        return f"CSV{self._source.packed}, {self._encoding}, {cells} between {len(self.columns)} columns"

    def rows(self, wanted: Sequence[str]) -> Iterator[Row]:
        """Every row; see `Table.rows`."""
        pick, width = _picker(self.columns, wanted), len(self.columns)
        lines, reader = self._lines, self._reader
        while True:
            lines.begin()
            line = lines.number + 1
            try:
                cells = next(reader)
            except StopIteration:
                break
            except csv.Error as error:
                text = lines.put_back_all_but_first()
                mend = "close each quote, and double those inside a cell"
                yield Row(line, (), text, Broken("the row’s quotes cannot be understood", mend, str(error)))
                continue
            yield from self._too_long()
            if not cells or not any(cells):
                continue
            if len(cells) != width:
                yield Row(line, (), cells, _wrong_width(len(cells), width))
                continue
            picked = pick(cells)
            if _is_undecoded(picked, lines.record):
                mend = (
                    f"save the file as UTF-8, or name its encoding in the mapping; {self._encoding} was taken"
                )
                yield Row(line, (), cells, Broken(f"holds bytes that are not {self._encoding}", mend))
                continue
            yield Row(line, picked, cells)
        yield from self._too_long()

    def position(self) -> int:
        """How many bytes have been read."""
        return self._source.position()

    def close(self) -> None:
        """Close the file."""
        self._source.close()

    def _too_long(self) -> Iterator[Row]:
        for number in self._lines.too_long:
            yield Row(number, (), "", TOO_LONG)
        self._lines.too_long.clear()


def _picker(columns: Sequence[str], wanted: Sequence[str]) -> Callable[[list[str]], tuple[Cell, ...]]:
    """A function from a row to the wanted cells."""
    nowhere = len(columns)
    pick = itemgetter(*(columns.index(name) if name in columns else nowhere for name in wanted), nowhere)
    return lambda cells: pick([*cells, None])[:-1]


def _is_undecoded(picked: tuple[Cell, ...], record: list[str]) -> bool:
    if all(map(str.isascii, record)):
        return False
    return any(cell and _UNDECODED.search(cell) for cell in picked)


def _wrong_width(cells: int, columns: int) -> Broken:
    return Broken(
        "the row has other columns than the first line",
        "quote a cell that holds the delimiter or a line end; a last row may be cut off",
        f"{cells} cells under {columns} columns",
    )


def _unique(names: list[str]) -> tuple[str, ...]:
    """Columns by names of their own: those without one by their place, later namesakes numbered."""
    found: list[str] = []
    for place, name in enumerate(names, 1):
        own = name or f"column {place}"
        times = 2
        while own in found:
            own, times = f"{name} ({times})", times + 1
        found.append(own)
    return tuple(found)
