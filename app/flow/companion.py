"""Background work in a process of its own, beside the web service.

Drawing cards is work for a processor; done in the web service's own process it takes the interpreter from
requests, and an answer takes several times as long. The companion ends with the service, however that ends:
its standard input is a pipe that nobody else holds, and the kernel closes it.
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence

import structlog

_LONG_ENOUGH = 60.0
"""Seconds after which an end counts as a first mishap again."""
_LONGEST_PAUSE = 30.0
_PATIENCE = 15.0
"""Seconds that running tasks get to finish: a little more than the worker itself gives them."""

_log = structlog.get_logger(__name__)


class Companion:
    """Keeps one process of a command running from `start` to `stop`; one that ends is started again."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Take what to run.

        Args:
            command: the program; it stops in an orderly way once its standard input ends.
            environment: added to this process's own.
        """
        self._command = command
        self._environment = environment
        self._stopping = threading.Event()
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._keeper = threading.Thread(target=self._keep, name="companion", daemon=True)

    def start(self) -> None:
        """Start the process, and keep it running."""
        self._process = self._spawn()
        self._keeper.start()

    def stop(self) -> None:
        """Let it finish what it runs; one that does not end in time is killed."""
        with self._turn:
            self._stopping.set()
            process = self._process
        if process is None:
            return
        _let_go(process)
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._keeper.join()

    def _keep(self) -> None:
        pause = 1.0
        while self._process is not None:
            started = time.monotonic()
            status = self._process.wait()
            _let_go(self._process)
            pause = 1.0 if time.monotonic() - started > _LONG_ENOUGH else pause
            if self._stopping.wait(pause):
                return
            _log.error("the background process ended and is started again", status=status)
            pause = min(2 * pause, _LONGEST_PAUSE)
            with self._turn:
                if self._stopping.is_set():
                    return
                self._process = self._spawn()

    def _spawn(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 -- tipin itself
            self._command, env={**os.environ, **self._environment}, stdin=subprocess.PIPE
        )


def _let_go(process: subprocess.Popen[bytes]) -> None:
    """End its standard input."""
    if process.stdin is not None:
        process.stdin.close()
