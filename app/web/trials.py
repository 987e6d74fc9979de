"""Trying rules on past orders takes many seconds of a processor's time, so trials take turns.

All trials of a process share one thread, a step of each at a time. However many are asked for, the intake
has the other threads, and every trial goes on.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

T = TypeVar("T")


class Trials:
    """The turns of one process."""

    def __init__(self) -> None:
        self._one = CapacityLimiter(1)

    async def steps(self, trial: Generator[T, None, None]) -> AsyncGenerator[T, None]:
        """What a trial gives, step by step; it ends where nobody listens any more."""
        try:
            while (found := await to_thread.run_sync(next, trial, None, limiter=self._one)) is not None:
                yield found
        finally:
            trial.close()

    async def whole(self, trial: Generator[T, None, None]) -> T:
        """The last of what a trial gives."""
        async for found in self.steps(trial):
            last = found
        return last
