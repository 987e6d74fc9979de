from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from app.domain.backoff import pause

FIRST, LONGEST = timedelta(seconds=5), timedelta(hours=12)


def pauses(name: str) -> list[timedelta]:
    return [pause(name, attempt, first=FIRST, longest=LONGEST) for attempt in range(60)]


def test_pauses_double_up_to_the_longest_within_a_fifth() -> None:
    for attempt, one in enumerate(pauses("a")):
        plain = min(LONGEST, FIRST * 2 ** min(attempt, 20))
        assert plain * 0.8 <= one <= plain * 1.2
    assert all(a < b for a, b in pairwise(pauses("a")[:10]))


def test_the_same_name_waits_the_same_and_others_do_not() -> None:
    assert pauses("a") == pauses("a")
    assert pauses("a") != pauses("b")
