"""What tipin set out to reach on this card, beside what it reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.cards.entrants import BASE, COLD, TWO_WORKERS
from benchmarks.cards.summary import MergedRow, SingleRow


@dataclass(frozen=True, slots=True)
class Target:
    """`wanted` at least, or at most where `below`; `unit` follows both figures."""

    name: str
    wanted: float
    got: float
    unit: str
    below: bool = False

    @property
    def met(self) -> bool:
        """Whether it is."""
        return self.got <= self.wanted if self.below else self.got >= self.wanted


def targets(
    merged: Sequence[MergedRow], single: Sequence[SingleRow], memory: Mapping[int, int]
) -> Iterator[Target]:
    """Those that were measured.

    Args:
        merged: rows of the merged file.
        single: rows of one file an order.
        memory: the most bytes in use while a merged file of so many cards was written.
    """
    rates = {row.name: row for row in merged}
    if BASE in rates:
        yield Target("merged, warm words", 5000, rates[BASE].rate, "cards/s")
    if COLD in rates:
        yield Target("merged, cold words", 2500, rates[COLD].rate, "cards/s")
    if BASE in rates:
        for name, wanted in (("typst", 25), ("reportlab", 30), ("WeasyPrint", 150)):
            if name in rates:
                yield Target(f"merged, against {name}", wanted, rates[name].slower_than_warm, "×")
    if BASE in rates and TWO_WORKERS in rates:
        gain = rates[TWO_WORKERS].wall_rate / rates[BASE].wall_rate
        yield Target("merged, two workers against one", 1.8, gain, "×")
    if len(memory) > 1:
        least, most = min(memory), max(memory)
        growth = memory[most] / memory[least]
        yield Target(f"memory for {most:,} cards against {least:,}", 1.1, growth, "×", below=True)
    files = {row.name: row for row in single}
    if BASE in files:
        yield Target("a file an order, p50", 1.5, files[BASE].cpu * 1000, "ms", below=True)
        if "typst" in files:
            yield Target("a file an order, against typst", 10, files["typst"].slower_than_warm, "×")
