"""What every program under measurement does."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from benchmarks.cards.material import Material
from benchmarks.cards.records import Record


class Peer(ABC):
    """One program, started and ready: whatever it needs before the first card is done."""

    _records: Sequence[Record] = ()

    def take(self, records: Iterable[Record]) -> None:
        """Receive the records of a merged file, in the form that the program reads; this is not timed."""
        self._records = list(records)

    def merged(self, out: Path) -> None:
        """All cards of the records taken, in one file."""
        self.make_file(self._records, out)

    def single(self, record: Record, out: Path) -> None:
        """One card in a file of its own."""
        self.make_file([record], out)

    @abstractmethod
    def make_file(self, records: Sequence[Record], out: Path) -> None:
        """Make the cards."""

    def close(self) -> None:
        """End what was started, and let go of the records."""
        self._records = ()


MakePeer = Callable[[Material], Peer]
"""Each module in `peers/` offers one, called `make`."""
