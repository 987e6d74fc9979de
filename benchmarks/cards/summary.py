"""Rounds boiled down: medians, and ratios of entrants within each round."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from benchmarks.cards.entrants import BASE, COLD
from benchmarks.cards.measure import Measured

Rounds = Mapping[str, Sequence[Measured]]


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedRow:
    """One program with one merged file. Rates in cards a second."""

    name: str
    rate: float
    """By processor time, so that a busy machine changes little."""
    wall_rate: float
    slower_than_warm: float
    """How many times the processor time of tipin with warm words, and with cold."""
    slower_than_cold: float
    peak: float
    size: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleRow:
    """One program with a file an order. Times in seconds."""

    name: str
    cpu: float
    wall: float
    wall_95: float
    slower_than_warm: float
    slower_than_cold: float
    size: float


def merged_rows(rounds: Rounds) -> list[MergedRow]:
    """A row a program."""
    return [
        MergedRow(
            name=name,
            rate=median(each.count / each.cpu for each in runs),
            wall_rate=median(each.count / each.wall for each in runs),
            slower_than_warm=_ratio(runs, rounds.get(BASE, ())),
            slower_than_cold=_ratio(runs, rounds.get(COLD, ())),
            peak=median(each.peak for each in runs),
            size=median(each.size for each in runs),
        )
        for name, runs in rounds.items()
        if runs
    ]


def single_rows(rounds: Rounds) -> list[SingleRow]:
    """A row a program."""
    rows = []
    for name, runs in rounds.items():
        if not runs:
            continue
        walls = [wall for each in runs for wall in each.walls]
        rows.append(
            SingleRow(
                name=name,
                cpu=median(map(single_cpu, runs)),
                wall=median(walls),
                wall_95=quantiles(walls, n=20)[-1],
                slower_than_warm=_single_ratio(runs, rounds.get(BASE, ())),
                slower_than_cold=_single_ratio(runs, rounds.get(COLD, ())),
                size=median(each.size for each in runs),
            )
        )
    return rows


def single_cpu(run: Measured) -> float:
    """The median file's processor time; the mean for a program that works in other processes."""
    own = sum(run.cpus)
    return median(run.cpus) if own > 0.8 * run.cpu else run.cpu / run.count


def _ratio(runs: Sequence[Measured], base: Sequence[Measured]) -> float:
    pairs = zip(runs, base, strict=False)
    return _median([(run.cpu / run.count) / (other.cpu / other.count) for run, other in pairs])


def _single_ratio(runs: Sequence[Measured], base: Sequence[Measured]) -> float:
    pairs = zip(runs, base, strict=False)
    return _median([single_cpu(run) / single_cpu(other) for run, other in pairs])


def _median(values: Sequence[float]) -> float:
    return median(values) if values else math.nan
