"""What a task is: the service call behind it, and what to do where it cannot be run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One kind of task. Both calls take the task's ids, `give_up` the reason behind them.

    `run` is safe to repeat from its start: it finds the state that it left and does the rest. `give_up` ends
    what the task was to do, so that nobody waits for it.
    """

    run: Callable[..., None]
    give_up: Callable[..., None]
