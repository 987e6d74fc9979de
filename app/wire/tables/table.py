"""A file of rows, whatever it is written in: its columns, and its rows one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, Protocol, TypeAlias

Cell: TypeAlias = Any
"""Text, None where there is nothing, and in JSON and Parquet also numbers, moments or a list of cells."""


class Broken(NamedTuple):
    """Why a row could not be read: the same words for the same fault, the mend, and the case at hand."""

    reason: str
    mend: str
    case: str = ""


class Row(NamedTuple):
    """One row: its line (from 1), the cells that were asked for, and all that the file says of it.

    `source` is a row of CSV as a list, a row of Parquet as a dict by column, a line of JSON as its text.
    `broken` is there instead of the cells where it could not be read; `source` is then its text.
    """

    line: int
    cells: tuple[Cell, ...]
    source: Any
    broken: Broken | None = None


class Table(Protocol):
    """An open file. Its rows are read once; nothing is held in memory but the row at hand."""

    @property
    def described(self) -> str:
        """What it was found to be, in a person's words."""
        ...

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of its columns; in JSON the paths that the first rows have."""
        ...

    @property
    def delimiter(self) -> str:
        """Between the cells of a CSV file; empty for other kinds."""
        ...

    def rows(self, wanted: Sequence[str]) -> Iterator[Row]:
        """Every row, with the cells of these columns; None for a column that is not there.

        Raises:
            HistoryUnreadable: the file ends within itself, or is damaged.
        """
        ...

    def position(self) -> int:
        """How many bytes of the file have been read."""
        ...

    def close(self) -> None:
        """Close the file."""
        ...
