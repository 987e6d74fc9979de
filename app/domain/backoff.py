"""How long to wait before the next try."""

from __future__ import annotations

import hashlib
from datetime import timedelta

_SPREAD = 0.2
"""A pause is this share longer or shorter, so that what failed together does not come back together."""


def pause(name: str, attempt: int, *, first: timedelta, longest: timedelta) -> timedelta:
    """The pause after try number `attempt` (0 is the first): doubling from `first` up to `longest`.

    Args:
        name: what is tried; spreads the pauses, the same on every run.
        attempt: how many tries went before the one that failed just now.
        first: the pause after the first try.
        longest: where doubling ends.
    """
    digest = hashlib.blake2b(f"{name}/{attempt}".encode(), digest_size=4).digest()
    share = int.from_bytes(digest, "big") / 2**32
    plain: timedelta = min(longest, first * 2 ** min(attempt, 32))
    return plain * (1 - _SPREAD + 2 * _SPREAD * share)
