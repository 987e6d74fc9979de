"""Rounds in turns (A B C … A B C …), a process a measurement, so that all meet the same machine."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psutil

from benchmarks.cards.entrants import Entrant
from benchmarks.cards.measure import Measured, Task
from benchmarks.cards.verify import Fault, Kind

_EVERY = 0.25
"""Seconds between two looks at the memory. Each takes some milliseconds, from a core that workers need."""


def run(task: Task, *, within: float = 1800) -> Measured:
    """One measurement; its peak is that of all its processes together.

    Raises:
        RuntimeError: the program failed.
    """
    command = [sys.executable, "-m", "benchmarks.cards.measure", json.dumps(asdict(task))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as started:
        peak, until = 0, time.monotonic() + within
        while started.poll() is None:
            peak = max(peak, _memory(started.pid))
            if time.monotonic() > until:
                started.kill()
            time.sleep(_EVERY)
        out, error = started.communicate()
    if started.returncode:
        raise RuntimeError(f"{task.way}: {error.strip().splitlines()[-1]}")
    measured = _read(json.loads(out.splitlines()[-1]))
    measured.peak = max(peak, measured.peak)
    return measured


def rounds(
    entrants: Sequence[Entrant],
    way: str,
    *,
    count: int,
    share: float,
    folder: Path,
    tell: Callable[[str], None],
    failed: Callable[[str, str], None],
) -> dict[str, list[Measured]]:
    """`count` rounds of all, in turns.

    Args:
        entrants: whom to measure.
        way: "merged" or "single".
        count: of rounds.
        share: of the cards that a full run takes.
        folder: with the material.
        tell: is told before each measurement.
        failed: is told who failed and how; they take no further turn.
    """
    found: dict[str, list[Measured]] = {entrant.name: [] for entrant in entrants}
    running = list(entrants)
    for turn in range(count):
        for entrant in tuple(running):
            most = entrant.cards if way == "merged" else entrant.files
            cards = most if entrant.whole else round(most * share)
            if not cards:
                continue
            tell(f"round {turn + 1} of {count}: {entrant.name}, {way}, {cards} cards")
            task = Task(name=entrant.name, way=way, count=cards, folder=str(folder))
            try:
                found[entrant.name].append(run(task))
            except RuntimeError as error:
                failed(entrant.name, str(error))
                running.remove(entrant)
    return found


def _memory(process: int) -> int:
    """What the process and all that it started occupy, what they share counted once."""
    total = 0
    try:
        top = psutil.Process(process)
        for each in (top, *top.children(recursive=True)):
            total += each.memory_full_info().pss
    except psutil.Error:
        return 0
    return total


def _read(document: dict[str, Any]) -> Measured:
    faults = [Fault(Kind(fault["kind"]), fault["detail"]) for fault in document.pop("faults")]
    return Measured(**document, faults=faults)
