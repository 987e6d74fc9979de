"""The name under which a process does background work.

DBOS gives a process its unfinished work back when it starts again under the same name. So the name is a
numbered lock file in the data folder: the kernel frees it when the process ends, however it ends, and the
next process takes the lowest free one, and with it what the dead one left.
"""

from __future__ import annotations

import fcntl
import socket
import time
from pathlib import Path
from typing import IO

from app.errors import SetupError

_PATIENCE = 5.0
"""Seconds to wait for a process that is just ending."""


class Slot:
    """A held name; released by `release` or by the end of the process."""

    def __init__(self, name: str, file: IO[bytes]) -> None:
        self.name = name
        self._file = file

    def release(self) -> None:
        """Let the next process have it."""
        self._file.close()


def take_slot(data_dir: Path, *, limit: int) -> Slot:
    """The lowest free slot of this data folder on this machine.

    Args:
        data_dir: tipin's data folder.
        limit: how many processes may work at once: 1 on SQLite.

    Raises:
        SetupError: all are taken.
    """
    folder = data_dir / "workers"
    folder.mkdir(parents=True, exist_ok=True)
    give_up = time.monotonic() + _PATIENCE
    while True:
        for number in range(limit):
            file = (folder / f"{number}.lock").open("ab")
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.close()
            else:
                return Slot(f"{socket.gethostname()}-{number}", file)
        if time.monotonic() > give_up:
            raise SetupError(
                f"another tipin is at work on {data_dir}",
                mend="stop it first, or use PostgreSQL to run several; SQLite serves one",
            )
        time.sleep(0.1)
