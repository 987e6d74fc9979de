"""Where tipin's time goes on a merged file: `python -m benchmarks.cards.profile [CARDS [TEXT [AFTER]]]`.

A profiler that counts calls makes small functions look slow. Here the clock asks every few milliseconds of
work where the program is; time in C counts for the line of tipin's own code that called it. What a file of
the first AFTER cards takes is taken off, so that what is left is what each further card takes.
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
from benchmarks.machine import describe

_EVERY = 0.001
_SHOWN = 30
_OWN = str(Path(__file__).resolve().parents[2] / "app")


_PHASES = {
    "services/record_run plan_run": "compiling what cards share",
    "services/record_survey survey": "surveying the records",
    "services/record_file RecordFile.rows": "reading the records",
    "services/record_run RecordSource.block": "composing cards",
    "pdf/codes/cards codes_of_block": "encoding QR",
    "pdf/layout Compositor.lay_out_all": "laying out: which texts, in which frames",
    "pdf/text/setter Setter.set_many": "looking words up",
    "pdf/text/columns/words Words.set_missing": "writing new words",
    "pdf/text/columns/words Words.add": "writing new words",
    "pdf/text/columns/fit fit": "fitting, breaking and placing lines",
    "pdf/text/columns/shown _shown": "joining words to texts",
    "pdf/stamp Stamper.stamp_all": "stamping: content streams",
    "pdf/file/syntax deflate": "deflating",
    "pdf/batch/block BlockWriter.add": "writing objects",
    "pdf/batch/block BlockWriter.finish": "writing objects",
    "pdf/batch/parts Parts.write": "writing objects",
    "pdf/batch/workers BlockMaker.make": "writing objects",
    "pdf/file/fonts FontUses.write": "subsetting fonts",
    "pdf/batch/run _put_together": "putting blocks together",
    "services/render_records RenderRecords._check": "checking the file's structure",
}
"""What a sample counts for, by the innermost of these functions that it was in."""


class Samples:
    """How often the program was seen in each phase, module and function."""

    def __init__(self) -> None:
        self.phases: Counter[str] = Counter()
        self.modules: Counter[str] = Counter()
        self.functions: Counter[str] = Counter()

    def note(self, _signal: int, frame: FrameType | None) -> None:
        """Note the innermost frame of tipin's own, and the phase."""
        functions = list(_own_functions(frame))
        if not functions:
            return
        self.functions[functions[0]] += 1
        self.modules[functions[0].partition(" ")[0]] += 1
        self.phases[next((_PHASES[each] for each in functions if each in _PHASES), "all else")] += 1

    def beyond(self, others: Samples, share: float) -> Samples:
        """These without so many times the others."""
        rest = Samples()
        for name in ("phases", "modules", "functions"):
            mine, theirs = getattr(self, name), getattr(others, name)
            left = {key: round(count - share * theirs[key]) for key, count in mine.items()}
            getattr(rest, name).update({key: count for key, count in left.items() if count > 0})
        return rest


def _own_functions(frame: FrameType | None) -> Iterator[str]:
    """Tipin's own functions on the stack, from the innermost on, each as `module function`."""
    while frame is not None:
        path = frame.f_code.co_filename
        if path.startswith(_OWN):
            yield f"{path.removeprefix(_OWN).strip('/').removesuffix('.py')} {frame.f_code.co_qualname}"
        frame = frame.f_back


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


def main(cards: int, text: Text, after: int) -> None:
    """Profile a run, after a first one that loads what is loaded late."""
    with tempfile.TemporaryDirectory(prefix="tipin-cards-") as name:
        peer = make(make_material(Path(name)))
        out = Path(name) / "cards.pdf"

        def run(count: int) -> tuple[Samples, float]:
            samples = Samples()
            peer.take(records(count, text=text))
            started = time.process_time()
            with _sampling(samples):
                peer.merged(out)
            return samples, time.process_time() - started

        run(10)
        before, spent = run(after) if after else (Samples(), 0.0)
        all_samples, cpu = run(after + cards)
    # A busy machine asks now and then: a sample stands for so much time, not for a millisecond.
    weight = cpu / sum(all_samples.phases.values())
    known = spent / sum(before.phases.values()) if after else 0.0
    samples, cpu = all_samples.beyond(before, known / weight), cpu - spent
    console = Console(width=max(Console().width, 110))
    console.print(
        f"{cards:,} cards in {cpu:.2f} s of processor time: {cards / cpu:,.0f} cards/s. {describe()}"
    )
    console.print(_table("By phase", samples.phases, cards, cpu))
    console.print(_table("By module", samples.modules, cards, cpu))
    console.print(_table("By function", samples.functions, cards, cpu))


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 5000,
        Text(sys.argv[2]) if len(sys.argv) > 2 else Text.OPEN,
        int(sys.argv[3]) if len(sys.argv) > 3 else 0,
    )
