"""What every program under measurement offers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from benchmarks.cards.material import Material
from benchmarks.cards.records import Record


class Peer(Protocol):
    """One program, started and ready: whatever it needs before the first card is done."""

    def merged(self, records: Sequence[Record], out: Path) -> None:
        """All cards in one file."""

    def single(self, record: Record, out: Path) -> None:
        """One card in a file of its own."""

    def close(self) -> None:
        """End what was started."""


MakePeer = Callable[[Material], Peer]
"""Each module in `peers/` offers one, called `make`."""
