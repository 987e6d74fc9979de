"""How often somebody may try to sign in."""

from __future__ import annotations

import math
import time

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

_ONE_NAME_FROM_ONE_PLACE = RateLimitItemPerMinute(5)
_ONE_PLACE = RateLimitItemPerMinute(30)
_ONE_NAME = RateLimitItemPerHour(100)
"""Guesses at one name from many places. High, since whoever fills it locks that person out."""


class Throttle:
    """Counts failed tries in this process's memory; N web processes allow N times as many."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def wait(self, name: str, address: str) -> int:
        """Seconds until the next try is allowed; 0 means now."""
        for limit, key in _limits(name, address):
            if not self._limiter.test(limit, *key):
                reset = self._limiter.get_window_stats(limit, *key).reset_time
                return max(1, math.ceil(reset - time.time()))
        return 0

    def failed(self, name: str, address: str) -> None:
        """Count a failed try."""
        for limit, key in _limits(name, address):
            self._limiter.hit(limit, *key)


def _limits(name: str, address: str) -> tuple[tuple[RateLimitItem, tuple[str, ...]], ...]:
    return (
        (_ONE_NAME_FROM_ONE_PLACE, ("both", name, address)),
        (_ONE_PLACE, ("place", address)),
        (_ONE_NAME, ("name", name)),
    )
