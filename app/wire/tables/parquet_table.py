"""Parquet, by DuckDB: half of pyarrow's size, bounded in memory. It comes with the extra `tipin[parquet]`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from app.errors import HistoryUnreadable
from app.wire.tables.table import Row

MAGIC = b"PAR1"
"""A Parquet file begins and ends with it."""
_BATCH = 4_096
_LIMITS: dict[str, str | bool | int | float | list[str]] = {"threads": 1, "memory_limit": "256MB"}
_ZONED = "TIMESTAMP WITH TIME ZONE"
_IN_UTC = "strftime(make_timestamp(epoch_us({column})), '%Y-%m-%dT%H:%M:%S.%f+00:00')"
"""Zoned moments as text, for DuckDB's own way needs another library."""


class ParquetTable:
    """A Parquet file, read a few thousand rows at a time; a row's line is its number."""

    delimiter = ""

    def __init__(self, path: Path) -> None:
        """Read its schema.

        Raises:
            HistoryUnreadable: the reader is not installed, or the file is damaged.
        """
        try:
            import duckdb  # noqa: PLC0415 -- an extra, which most plants need not have
        except ImportError as error:
            raise HistoryUnreadable(
                "this installation reads no Parquet", mend="install tipin[parquet], or save the orders as CSV"
            ) from error
        self._error = duckdb.Error
        self._file = str(path)
        self._size = path.stat().st_size
        self._read = 0
        self._database = duckdb.connect(":memory:", config=_LIMITS)
        described = self._ask("DESCRIBE SELECT * FROM read_parquet(?)").fetchall()
        self._types: dict[str, str] = {str(name): str(kind) for name, kind, *_ in described}
        self._count: int = self._ask("SELECT count(*) FROM read_parquet(?)").fetchone()[0]

    @property
    def described(self) -> str:
        """What it was found to be."""
        return f"Parquet, {self._count:,} rows of {len(self._types)} columns"

    @property
    def columns(self) -> tuple[str, ...]:
        """Its columns' names."""
        return tuple(self._types)

    def rows(self, wanted: Sequence[str]) -> Iterator[Row]:
        """Every row; see `Table.rows`."""
        columns = ", ".join(self._column(name) for name in wanted)
        answer = self._ask(f"SELECT {columns} FROM read_parquet(?)")  # noqa: S608 -- names are quoted
        while True:
            try:
                batch = answer.fetchmany(_BATCH)
            except self._error as error:
                raise _damaged(error) from error
            if not batch:
                return
            for cells in batch:
                self._read += 1
                yield Row(self._read, cells, dict(zip(wanted, cells, strict=True)))

    def position(self) -> int:
        """About how many bytes have been read: the rows' share of the file."""
        return self._size * self._read // max(1, self._count)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _column(self, name: str) -> str:
        if name not in self._types:
            return "NULL"
        quoted = '"' + name.replace('"', '""') + '"'
        return _IN_UTC.format(column=quoted) if self._types[name] == _ZONED else quoted

    def _ask(self, question: str) -> Any:
        try:
            return self._database.execute(question, [self._file])
        except self._error as error:
            self._database.close()
            raise _damaged(error) from error


def _damaged(error: Exception) -> HistoryUnreadable:
    return HistoryUnreadable(f"the Parquet file is damaged: {error}", mend="write it again")
