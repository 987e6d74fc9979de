"""Where tipin's time goes on a merged file, by samples: `python -m benchmarks.cards.profile [CARDS [TEXT]]`.

A profiler that counts calls makes small functions look slow. Here the clock asks once a millisecond of work
where the program is; time in C counts for the line of tipin's own code that called it.
"""

from __future__ import annotations

import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from rich import box
from rich.console import Console
from rich.table import Table

from benchmarks.cards.material import make_material
from benchmarks.cards.peers.by_tipin import make
from benchmarks.cards.records import Text, records

_EVERY = 0.001
_SHOWN = 30
_OWN = str(Path(__file__).resolve().parents[2] / "app")


class Samples:
    """How often the program was seen in each module, and in each function."""

    def __init__(self) -> None:
        self.modules: Counter[str] = Counter()
        self.functions: Counter[str] = Counter()

    def note(self, _signal: int, frame: FrameType | None) -> None:
        """Note the innermost frame of tipin's own."""
        while frame is not None and not frame.f_code.co_filename.startswith(_OWN):
            frame = frame.f_back
        if frame is None:
            return
        module = frame.f_code.co_filename.removeprefix(_OWN).strip("/").removesuffix(".py")
        self.modules[module] += 1
        self.functions[f"{module} {frame.f_code.co_qualname}"] += 1


@contextmanager
def _sampling(samples: Samples) -> Iterator[None]:
    before = signal.signal(signal.SIGPROF, samples.note)
    signal.setitimer(signal.ITIMER_PROF, _EVERY, _EVERY)
    yield
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.signal(signal.SIGPROF, before)


def _table(title: str, counted: Counter[str], cards: int, cpu: float) -> Table:
    """Shares of the processor time, and microseconds a card."""
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column("", no_wrap=True)
    for column in ("share", "µs a card"):
        table.add_column(column, justify="right")
    total = sum(counted.values())
    for name, count in counted.most_common(_SHOWN):
        table.add_row(name, f"{count / total:.1%}", f"{count / total * cpu / cards * 1e6:.1f}")
    return table


def main(cards: int, text: Text) -> None:
    """Profile a run, after a first one that loads what is loaded late."""
    with tempfile.TemporaryDirectory(prefix="tipin-cards-") as name:
        peer = make(make_material(Path(name)))
        out, samples = Path(name) / "cards.pdf", Samples()
        peer.take(records(10))
        peer.merged(out)
        peer.take(records(cards, text=text))
        started = time.process_time()
        with _sampling(samples):
            peer.merged(out)
        cpu = time.process_time() - started
    console = Console(width=max(Console().width, 110))
    console.print(f"{cards:,} cards in {cpu:.2f} s of processor time: {cards / cpu:,.0f} cards/s")
    console.print(_table("By module", samples.modules, cards, cpu))
    console.print(_table("By function", samples.functions, cards, cpu))


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 5000, Text(sys.argv[2]) if len(sys.argv) > 2 else Text.OPEN
    )
