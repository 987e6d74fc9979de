"""How many requests a caller may make: a bucket of tokens each, filled again at a steady rate.

Buckets are kept in this process's memory, so N web processes allow N times as many. They are named by a key's
fingerprint or a hook's brand and format: nothing about a person.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from app.errors import TooManyRequests

_MOST_BUCKETS = 10_000


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class TokenBuckets:
    """One bucket a caller; a request takes one token."""

    def __init__(self, *, a_second: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Every bucket begins full.

        Args:
            a_second: tokens that each bucket is given a second; 0: there is no limit.
            burst: what a bucket holds at most, ≥ 1.
            clock: seconds that only go up.
        """
        self._rate = a_second
        self._burst = float(burst)
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}
        self._lock = Lock()

    def take(self, name: str) -> None:
        """Take a token of a caller's.

        Raises:
            TooManyRequests: there is none; it says when there will be.
        """
        if not self._rate:
            return
        with self._lock:
            now = self._clock()
            bucket = self._buckets.get(name) or self._new(name, now)
            bucket.tokens = min(self._burst, bucket.tokens + (now - bucket.at) * self._rate)
            bucket.at = now
            if bucket.tokens >= 1:
                bucket.tokens -= 1
                return
            wait = math.ceil((1 - bucket.tokens) / self._rate)
        raise TooManyRequests(
            f"over {self._rate:g} requests a second, after the {self._burst:g} that may come at once",
            mend=f"send it again after {wait} s; the plant sets TIPIN_REQUESTS_A_SECOND",
            retry_after=max(1, wait),
        )

    def _new(self, name: str, now: float) -> _Bucket:
        if len(self._buckets) >= _MOST_BUCKETS:
            # A bucket that is full again is as good as a new one.
            full = [
                known
                for known, one in self._buckets.items()
                if one.tokens + (now - one.at) * self._rate >= self._burst
            ]
            for known in full:
                del self._buckets[known]
        return self._buckets.setdefault(name, _Bucket(self._burst, now))
