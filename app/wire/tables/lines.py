"""Lines of a text, bounded: neither a line without an end nor a quote without one fills the memory."""

from __future__ import annotations

import csv
from typing import TextIO

from app.wire.tables.table import Broken

LONGEST_LINE = 1_000_000
"""Characters; no order needs more."""
TOO_LONG = Broken(f"the line is over {LONGEST_LINE:,} characters", "write one row a line")
MOST_LINES = 200
"""Lines of one CSV row. A quote that is never closed would take in all that follows."""


class Lines:
    """Lines in turn, some of which may be put back.

    `record` holds those taken since it was last emptied; `too_long` the numbers of lines that were passed
    over, in whose place an empty one stands.
    """

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._back: list[str] = []
        self.number = 0
        self.record: list[str] = []
        self.too_long: list[int] = []

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        line = self._back.pop() if self._back else self._text.readline(LONGEST_LINE)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) == LONGEST_LINE and not line.endswith("\n"):
            self._pass_over()
            line = "\n"
        self.record.append(line)
        if len(self.record) > MOST_LINES:
            raise csv.Error(f"a quote is not closed within {MOST_LINES} lines")
        return line

    def begin(self) -> None:
        """A new record begins with the next line."""
        self.record.clear()

    def put_back_all_but_first(self) -> str:
        """Let the next record begin with the second line of this one; gives the first."""
        first, *others = self.record
        self._back += reversed(others)
        self.number -= len(others)
        return first

    def _pass_over(self) -> None:
        self.too_long.append(self.number)
        while piece := self._text.readline(LONGEST_LINE):
            if piece.endswith("\n"):
                return
