"""The file of rejects: rows that were refused, as they were, each with its line and why.

It is of the same kind as the file itself, so that the rows can be mended in it and imported again: a CSV with
two columns in front, or JSON Lines with two keys more.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.wire.tables.json_table import document_of
from app.wire.tables.table import Row, Table

_LINE, _REASON = "tipin line", "tipin reason"
_JSON_LINE, _JSON_REASON, _JSON_TEXT = "tipin_line", "tipin_reason", "tipin_text"


class Rejects:
    """The rejects of one run, written to a draft until the run is over. `size` is what has been written."""

    def __init__(self, path: Path, table: Table) -> None:
        """Take where they go, and what file they come from."""
        self.path = path.with_suffix(".csv" if table.delimiter else ".jsonl")
        self._draft = self.path.with_name(f".{self.path.name}.part")
        self._table = table
        self.size = 0
        self._file: io.BufferedWriter | None = None

    def holds(self, size: int) -> bool:
        """Whether a run that was broken off left at least this much."""
        return size == 0 or (self._draft.exists() and self._draft.stat().st_size >= size)

    def go_on(self, size: int) -> None:
        """Write behind these bytes; what a break left behind them is cut off."""
        self.size = size
        if size:
            os.truncate(self._draft, size)
        else:
            self._draft.unlink(missing_ok=True)

    def write(self, refused: Sequence[tuple[Row, str]]) -> None:
        """Add rows with their reasons, durably."""
        if not refused:
            return
        if self._file is None:
            self._file = self._draft.open("ab")
        csv_columns = self._table.columns if self._table.delimiter else None
        text = (
            _csv_rows(refused, csv_columns, self._table.delimiter, head=not self.size)
            if csv_columns
            else _json_rows(refused)
        )
        self._file.write(text.encode("utf-8", "surrogateescape"))
        self._file.flush()
        os.fsync(self._file.fileno())
        self.size = self._file.tell()

    def finish(self) -> None:
        """Put the file in its place; there is none where nothing was refused."""
        self.close()
        if self.size:
            self._draft.replace(self.path)
        else:
            self.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Let the draft lie, for a run that goes on later."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _csv_rows(
    refused: Sequence[tuple[Row, str]], columns: Sequence[str], delimiter: str, *, head: bool
) -> str:
    # A file of rejects may itself be mended only in part: its own two columns are not written twice.
    ours = 2 if tuple(columns[:2]) == (_LINE, _REASON) else 0
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter)
    if head:
        writer.writerow([_LINE, _REASON, *columns[ours:]])
    for row, reason in refused:
        cells = row.source[ours:] if isinstance(row.source, list) else [row.source.rstrip("\r\n")]
        writer.writerow([row.line, reason, *cells])
    return text.getvalue()


def _json_rows(refused: Sequence[tuple[Row, str]]) -> str:
    lines = []
    for row, reason in refused:
        said: dict[str, Any] = {_JSON_LINE: row.line, _JSON_REASON: reason}
        document = row.source
        if isinstance(document, str):
            document = document_of(document) if row.broken is None else {_JSON_TEXT: document.rstrip("\r\n")}
        said |= {key: value for key, value in document.items() if key not in said}
        lines.append(json.dumps(said, ensure_ascii=False, default=str))
    return "".join(f"{line}\n" for line in lines)
