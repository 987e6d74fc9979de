"""T(day): computed once a day and brand, remembered, and dropped when older truth arrives."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import ColumnElement, delete, select
from sqlmodel import Session, col

from app.domain.brand import OccasionPolicy
from app.domain.facts import Threshold
from app.domain.percentile import percentile_disc
from app.store.columns import micros
from app.store.spend_window import SpendWindow
from app.store.sql import connected, lock
from app.store.tables import CustomerRow, ThresholdRow

_STAMP_BITS = 62


_Identity = tuple[str, datetime, str, str]
"""Brand, day start, currency, percentile: a row's primary key."""


@dataclass(frozen=True, slots=True)
class _Remembered:
    window: SpendWindow
    day_start: datetime
    stamp: int


class SpendWindows:
    """A process's own sums behind the thresholds it computed last, each with the row that it went into.

    Only a head start: before a window is moved on, its row must still stand with the same stamp. One that is
    in use is out of the box, so that no two threads move it.
    """

    def __init__(self) -> None:
        self._windows: dict[tuple[str, str, str], _Remembered] = {}

    def take(self, wanted: _Identity) -> _Remembered | None:
        """Take out the window of that brand, currency and percentile, whatever its day, if it is there."""
        brand, _day_start, currency, percentile = wanted
        return self._windows.pop((brand, currency, percentile), None)

    def put(self, row: ThresholdRow, window: SpendWindow) -> None:
        """Put a window back, together with what came of it."""
        remembered = _Remembered(window, row.day_start, row.stamp)
        self._windows[row.brand, row.currency, row.percentile] = remembered


class Thresholds:
    """The thresholds of every brand and day."""

    def __init__(self, session: Session, windows: SpendWindows) -> None:
        self._session = session
        self._windows = windows

    def at(self, brand: str, day_start: datetime, currency: str, policy: OccasionPolicy) -> Threshold:
        """T of the day that starts then; its `minor` is None while too few customers exist."""
        identity = (brand, day_start, currency, repr(policy.threshold_percentile))
        row = self._session.get(ThresholdRow, identity) or self._compute(identity)
        enough = row.population >= policy.smallest_population
        return Threshold(minor=row.minor if enough else None, population=row.population)

    def older_truth(self, brand: str, since: datetime | None = None) -> None:
        """Drop what was computed before something became known of an earlier moment.

        To be called, in the same transaction and after the change, with the earliest moment that is touched:
        a new order's placed_at, a credit's or a cancellation's moment, the earlier one where it is changed.
        Without a moment (customers were merged or parted) all of the brand's go.
        """
        connection = connected(self._session)
        lock(connection, f"thresholds {brand}", shared=True)
        mine: list[ColumnElement[bool]] = [col(ThresholdRow.brand) == brand]
        if since is not None:
            mine.append(col(ThresholdRow.day_start) >= since)
        self._session.execute(delete(ThresholdRow).where(*mine))

    def _compute(self, identity: _Identity) -> ThresholdRow:
        brand, day_start, currency, percentile = identity
        connection = connected(self._session)
        # Exclusive against `older_truth`: a change that is not committed yet is waited for, and one that
        # comes later finds the committed row and drops it.
        if lock(connection, f"thresholds {brand}"):
            row = self._session.get(ThresholdRow, identity)
            if row is not None:  # another process computed it while this one waited
                return row
        window = self._head_start(identity) or SpendWindow(brand, currency)
        window.move(connection, micros(day_start))
        spend = window.spend(self._canonical(brand))
        row = ThresholdRow(
            brand=brand,
            day_start=day_start,
            currency=currency,
            percentile=percentile,
            minor=percentile_disc(spend, Fraction(percentile)),
            population=len(spend),
            stamp=secrets.randbits(_STAMP_BITS),
        )
        self._session.add(row)
        self._session.flush()
        self._windows.put(row, window)
        return row

    def _head_start(self, wanted: _Identity) -> SpendWindow | None:
        found = self._windows.take(wanted)
        if found is None:
            return None
        brand, day_start, currency, percentile = wanted
        row = self._session.get(ThresholdRow, (brand, found.day_start, currency, percentile))
        holds = row is not None and row.stamp == found.stamp and found.day_start < day_start
        return found.window if holds else None

    def _canonical(self, brand: str) -> dict[str, str]:
        """Each merged key to the last key of its chain; keys in a circle to the smallest of it."""
        pairs = select(col(CustomerRow.key), col(CustomerRow.canonical_key)).where(
            col(CustomerRow.brand) == brand, col(CustomerRow.canonical_key).is_not(None)
        )
        into = {key: canonical for key, canonical in self._session.execute(pairs) if canonical is not None}
        return {key: _end_of_chain(key, into) for key in into}


def _end_of_chain(key: str, into: dict[str, str]) -> str:
    seen: list[str] = []
    while key in into and key not in seen:
        seen.append(key)
        key = into[key]
    return min(seen[seen.index(key) :]) if key in seen else key
