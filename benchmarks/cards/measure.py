"""One measurement in a process of its own: `python -m benchmarks.cards.measure '{"name": …}'` prints JSON."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil

from benchmarks.cards.entrants import ENTRANTS, Entrant
from benchmarks.cards.material import Material
from benchmarks.cards.peer import Peer
from benchmarks.cards.records import records
from benchmarks.cards.verify import Fault, faults

_STARTED = 10
"""Cards made before the time counts, so that what a program loads late is there; not with cold words."""
_FILES_STARTED = 5
"""The same with a file an order; where words are to be warm, as many as are measured."""
_CHECKED = 6
_SEED, _OTHER_SEED = 1, 2


@dataclass(slots=True, kw_only=True)
class Task:
    """What to measure. `way` is "merged", "single", "memory" or "verify"."""

    name: str
    way: str
    count: int
    folder: str


@dataclass(slots=True, kw_only=True)
class Measured:
    """What came out: seconds, bytes."""

    name: str
    way: str
    count: int
    cpu: float = 0.0
    """Of all processes that took part, for the cards that count."""
    wall: float = 0.0
    walls: list[float] = field(default_factory=list)
    """Of each single file."""
    cpus: list[float] = field(default_factory=list)
    size: float = 0.0
    """A card more makes the file that much larger."""
    peak: int = 0
    faults: list[Fault] = field(default_factory=list)


def measure(task: Task) -> Measured:
    """Start the program, let it make its cards, end it."""
    entrant = next(each for each in ENTRANTS if each.name == task.name)
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-entrant.workers :])
    peer = entrant.make()(Material(Path(task.folder)))
    try:
        return _WAYS[task.way](peer, entrant, task)
    finally:
        peer.close()


def _merged(peer: Peer, entrant: Entrant, task: Task) -> Measured:
    out = Path(task.folder) / "merged.pdf"
    measured = Measured(name=task.name, way=task.way, count=task.count)
    if not entrant.cold:
        peer.take(records(_STARTED, seed=_OTHER_SEED))
        peer.merged(out)
    peer.take(records(entrant.after + task.count, text=entrant.text, seed=_SEED))
    with _clock(measured):
        peer.merged(out)
    measured.peak, large = _most_memory(), out.stat().st_size
    few = entrant.after or max(1, task.count // 10)
    peer.take(records(few, text=entrant.text, seed=_SEED))
    before = Measured(name=task.name, way=task.way, count=few)
    with _clock(before):
        peer.merged(out)
    measured.size = (large - out.stat().st_size) / (entrant.after + task.count - few)
    if entrant.after:
        measured.cpu -= before.cpu
        measured.wall -= before.wall
    out.unlink()
    return measured


def _single(peer: Peer, entrant: Entrant, task: Task) -> Measured:
    out = Path(task.folder) / "single.pdf"
    measured = Measured(name=task.name, way=task.way, count=task.count)
    for record in records(
        _FILES_STARTED if entrant.cold else max(_FILES_STARTED, task.count), seed=_OTHER_SEED
    ):
        peer.single(record, out)
    with _clock(measured):
        for record in list(records(task.count, text=entrant.text, seed=_SEED)):
            # An order's file is new. To write over another one's makes ext4 put it on the disk at once, some
            # 2 ms that are the file system's and not the program's.
            out.unlink(missing_ok=True)
            cpu, wall = time.process_time(), time.perf_counter()
            peer.single(record, out)
            measured.walls.append(time.perf_counter() - wall)
            measured.cpus.append(time.process_time() - cpu)
    measured.size = out.stat().st_size
    measured.peak = _most_memory()
    out.unlink()
    return measured


def _memory(peer: Peer, _entrant: Entrant, task: Task) -> Measured:
    """A merged file of ever so many records; whoever started this process watches what it occupies."""
    out = Path(task.folder) / "memory.pdf"
    measured = Measured(name=task.name, way=task.way, count=task.count)
    peer.take(records(task.count, seed=_SEED))
    with _clock(measured):
        peer.merged(out)
    out.unlink()
    return measured


def _verify(peer: Peer, entrant: Entrant, task: Task) -> Measured:
    measured = Measured(name=task.name, way=task.way, count=_CHECKED)
    wanted = list(records(_CHECKED, text=entrant.text, seed=_SEED))
    material = Material(Path(task.folder))
    for way, few in (("merged", wanted), ("single", wanted[:1])):
        out = Path(task.folder) / f"{way}-{entrant.module}-{entrant.maker}.pdf"
        if way == "merged":
            peer.take(few)
            peer.merged(out)
        else:
            peer.single(few[0], out)
        measured.faults += faults(out, few, material)
    return measured


@contextmanager
def _clock(measured: Measured) -> Iterator[None]:
    cpu, wall = _cpu(), time.perf_counter()
    yield
    measured.wall = time.perf_counter() - wall
    measured.cpu = _cpu() - cpu


def _most_memory() -> int:
    """The most that this process ever occupied, bytes. (`ru_maxrss` would count what it was forked from.)"""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split(maxsplit=1)[0]) * 1024


def _cpu() -> float:
    """Seconds of processor time of this process and of all that it started, whether they ended or not."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    running = (child.cpu_times() for child in psutil.Process().children(recursive=True))
    total: float = (
        time.process_time()
        + ended.ru_utime
        + ended.ru_stime
        + sum(each.user + each.system for each in running)
    )
    return total


_WAYS = {"merged": _merged, "single": _single, "memory": _memory, "verify": _verify}

if __name__ == "__main__":
    print(json.dumps(asdict(measure(Task(**json.loads(sys.argv[1]))))))
