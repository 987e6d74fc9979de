"""T(day): computed once a day and brand, remembered, and dropped when older truth arrives."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from sqlalchemy import Connection
from sqlmodel import Session

from app.domain.facts import Threshold
from app.domain.percentile import percentile_disc
from app.domain.policy import OccasionPolicy
from app.store.columns import micros
from app.store.spend_window import SpendWindow
from app.store.sql import Statement, connected, lock

_STAMP_BITS = 62
_FOUND = Statement("""
SELECT minor, population, stamp FROM thresholds
WHERE brand = :brand AND day_start = :day AND currency = :currency AND percentile = :percentile
""")
_REMEMBER = Statement("""
INSERT INTO thresholds (brand, day_start, currency, percentile, minor, population, stamp)
VALUES (:brand, :day, :currency, :percentile, :minor, :population, :stamp)
""")
_FORGET = Statement("DELETE FROM thresholds WHERE brand = :brand AND day_start >= :since")
_ALIASES = Statement(
    "SELECT key, canonical_key FROM customers WHERE brand = :brand AND canonical_key IS NOT NULL"
)
_EVER = -(2**63)


class _Key(NamedTuple):
    """What a threshold is of; `day` is the day's start in microseconds."""

    brand: str
    day: int
    currency: str
    percentile: str


class _Computed(NamedTuple):
    """A percentile whatever the population, how many customers it is of, and its row's stamp."""

    minor: int | None
    population: int
    stamp: int


@dataclass(frozen=True, slots=True)
class _Remembered:
    window: SpendWindow
    day: int
    stamp: int


class SpendWindows:
    """A process's own sums behind the thresholds it computed last, each with the row that it went into.

    Only a head start: before a window is moved on, its row must still stand with the same stamp. One that is
    in use is out of the box, so that no two threads move it.
    """

    def __init__(self) -> None:
        self._windows: dict[tuple[str, str, str], _Remembered] = {}

    def take(self, key: _Key) -> _Remembered | None:
        """Take a window out, if it is there."""
        return self._windows.pop((key.brand, key.currency, key.percentile), None)

    def put(self, key: _Key, window: SpendWindow, stamp: int) -> None:
        """Put a window back, together with the row that came of it."""
        remembered = _Remembered(window, key.day, stamp)
        self._windows[key.brand, key.currency, key.percentile] = remembered


_POPULATION = Statement(
    "SELECT population FROM thresholds WHERE brand = :brand ORDER BY day_start DESC LIMIT 1"
)


class Thresholds:
    """The thresholds of every brand and day."""

    def __init__(self, session: Session, windows: SpendWindows) -> None:
        self._session = session
        self._windows = windows

    def at(self, brand: str, day_start: datetime, currency: str, policy: OccasionPolicy) -> Threshold:
        """T of the day that starts then; its `minor` is None while too few customers exist."""
        connection = connected(self._session)
        key = _Key(brand, micros(day_start), currency, repr(policy.threshold_percentile))
        computed = _found(connection, key) or self._compute(connection, key)
        enough = computed.population >= policy.smallest_population
        return Threshold(minor=computed.minor if enough else None, population=computed.population)

    def customers_of_a_year(self, brand: str) -> int | None:
        """How many customers had an order in the year before the last day that was asked for; None: never."""
        rows = _POPULATION.rows(connected(self._session), {"brand": brand})
        return rows[0][0] if rows else None

    def look(
        self, brand: str, days: Iterable[datetime], currency: str, policy: OccasionPolicy
    ) -> Iterator[Threshold]:
        """T of several days' starts, which ascend, without writing or remembering anything."""
        connection = connected(self._session)
        window, canonical = SpendWindow(brand, currency), _canonical(connection, brand)
        for day in days:
            window.move(connection, micros(day))
            spend = window.spend(canonical)
            enough = len(spend) >= policy.smallest_population
            minor = percentile_disc(spend, Fraction(repr(policy.threshold_percentile))) if enough else None
            yield Threshold(minor=minor, population=len(spend))

    def older_truth(self, brand: str, since: datetime | None = None, *, then_asks: bool = False) -> None:
        """Drop what was computed before something became known of an earlier moment.

        To be called, in the same transaction and after the change, with the earliest moment that is touched:
        a new order's placed_at, a credit's or a cancellation's moment, the earlier one where it is changed.
        Without a moment (customers were merged or parted) all of the brand's go. `then_asks` says that this
        transaction asks for a threshold afterwards.
        """
        forget(connected(self._session), brand, since, then_asks=then_asks)

    def _compute(self, connection: Connection, key: _Key) -> _Computed:
        # Exclusive against `older_truth`: a change that is not committed yet is waited for, and one that
        # comes later finds the committed row and drops it.
        if lock(connection, f"thresholds {key.brand}"):
            found = _found(connection, key)
            if found is not None:  # another process computed it while this one waited
                return found
        window = self._head_start(connection, key) or SpendWindow(key.brand, key.currency)
        window.move(connection, key.day)
        spend = window.spend(_canonical(connection, key.brand))
        computed = _Computed(
            minor=percentile_disc(spend, Fraction(key.percentile)),
            population=len(spend),
            stamp=secrets.randbits(_STAMP_BITS),
        )
        _REMEMBER.run(connection, key._asdict() | computed._asdict())
        self._windows.put(key, window, computed.stamp)
        return computed

    def _head_start(self, connection: Connection, key: _Key) -> SpendWindow | None:
        had = self._windows.take(key)
        if had is None or had.day >= key.day:
            return None
        row = _found(connection, key._replace(day=had.day))
        return had.window if row is not None and row.stamp == had.stamp else None


def forget(connection: Connection, brand: str, since: datetime | None, *, then_asks: bool = False) -> None:
    """Drop the thresholds of a brand's days from `since` on: see `Thresholds.older_truth`."""
    # Of two that share this lock and then want it alone to compute, each would wait for the other.
    lock(connection, f"thresholds {brand}", shared=not then_asks)
    _FORGET.run(connection, {"brand": brand, "since": _EVER if since is None else micros(since)})


def _found(connection: Connection, key: _Key) -> _Computed | None:
    rows = _FOUND.rows(connection, key._asdict())
    return _Computed(*rows[0]) if rows else None


def _canonical(connection: Connection, brand: str) -> dict[str, str]:
    """Each merged key to the last key of its chain; keys in a circle to the smallest of it."""
    into = dict(_ALIASES.rows(connection, {"brand": brand}))
    return {key: _end_of_chain(key, into) for key in into}


def _end_of_chain(key: str, into: dict[str, str]) -> str:
    seen: list[str] = []
    while key in into and key not in seen:
        seen.append(key)
        key = into[key]
    return min(seen[seen.index(key) :]) if key in seen else key
