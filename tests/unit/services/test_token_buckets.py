from __future__ import annotations

from dataclasses import dataclass

import pytest

from app.errors import TooManyRequests
from app.services import token_buckets
from app.services.token_buckets import TokenBuckets


@dataclass
class Hand:
    """A clock that is set."""

    at: float = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> Hand:
    return Hand()


def taken(buckets: TokenBuckets, name: str = "a", tries: int = 100) -> int:
    """How many tokens there are to be had."""
    for count in range(tries):
        try:
            buckets.take(name)
        except TooManyRequests:
            return count
    return tries


def test_a_burst_goes_at_once_and_then_the_rate_holds(clock: Hand) -> None:
    buckets = TokenBuckets(a_second=2, burst=5, clock=clock)
    assert taken(buckets) == 5
    clock.at = 1.0
    assert taken(buckets) == 2
    clock.at = 100.0
    assert taken(buckets) == 5, "a bucket holds no more than a burst"


def test_it_says_when_to_come_again(clock: Hand) -> None:
    buckets = TokenBuckets(a_second=0.1, burst=1, clock=clock)
    buckets.take("a")
    clock.at = 2.0
    with pytest.raises(TooManyRequests) as refused:
        buckets.take("a")
    assert refused.value.retry_after == 8
    clock.at = 10.0
    buckets.take("a")


def test_each_caller_has_a_bucket_of_their_own(clock: Hand) -> None:
    buckets = TokenBuckets(a_second=1, burst=3, clock=clock)
    assert (taken(buckets, "a"), taken(buckets, "b")) == (3, 3)


def test_no_rate_is_no_limit(clock: Hand) -> None:
    assert taken(TokenBuckets(a_second=0, burst=1, clock=clock)) == 100


def test_full_buckets_are_forgotten_and_empty_ones_are_not(
    clock: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(token_buckets, "_MOST_BUCKETS", 3)
    buckets = TokenBuckets(a_second=0.001, burst=2, clock=clock)
    taken(buckets, "empty")
    for number in range(10):
        buckets.take(f"caller {number}")
        clock.at += 1_000
        taken(buckets, "empty")
    assert len(buckets._buckets) <= 3
    assert taken(buckets, "empty") == 0
