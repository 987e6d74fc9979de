"""What is large reaches a started process whole, and starting it does not wait for that process."""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path

from app.pdf.batch.handed import Handed

_LARGE = b"x" * (4 << 20)
"""Far more than a pipe holds."""
_SPAWN = multiprocessing.get_context("spawn")


def _check(value: object) -> None:
    os._exit(0 if value == _LARGE else 1)


def test_every_started_process_has_the_value_itself(tmp_path: Path) -> None:
    with Handed(_LARGE, tmp_path) as handed:
        processes = [_SPAWN.Process(target=_check, args=(handed,)) for _ in range(2)]
        for process in processes:
            process.start()
        for process in processes:
            process.join(60)
    assert [process.exitcode for process in processes] == [0, 0]


def test_nothing_of_it_has_a_name(tmp_path: Path) -> None:
    with Handed(_LARGE, tmp_path):
        assert not list(tmp_path.iterdir())


def test_a_process_that_is_killed_at_once_keeps_nobody_waiting(tmp_path: Path) -> None:
    with Handed(_LARGE, tmp_path) as handed:
        process = _SPAWN.Process(target=_check, args=(handed,))
        process.start()
        process.kill()
        process.join(60)
    assert process.exitcode == -9
