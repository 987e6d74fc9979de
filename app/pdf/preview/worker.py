"""The process that draws: started when first needed, bounded in memory and time, replaced when it fails.

pdfium is not thread-safe, and reads files that may be hostile: one process draws for all threads.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
from functools import cache
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from threading import Lock

from app.errors import PreviewFailed
from app.pdf.preview.wanted import Picture, Wanted, unpack_answer

_SECONDS = 15.0
_PROCESS = "app.pdf.preview.process"


class PreviewWorker:
    """One worker process. May be used from any thread.

    Args:
        seconds: how long one file may take.
    """

    def __init__(self, seconds: float = _SECONDS) -> None:
        self._seconds = seconds
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None

    def draw(self, pdf: bytes, wanted: Wanted) -> list[Picture]:
        """The pictures asked for, page by page; of each page's separations in the order of the inks.

        Raises:
            PreviewFailed: the file cannot be drawn within the bounds of memory, size and time.
        """
        with self._lock:
            answer = unpack_answer(self._ask(wanted.pack(pdf)))
        if isinstance(answer, str):
            raise PreviewFailed(f"it cannot be drawn: {answer}", mend="check the file")
        return answer

    def close(self) -> None:
        """End the process; it is started again when needed."""
        with self._lock:
            self._stop()

    def _ask(self, question: bytes) -> bytes:
        pipe = self._running()
        try:
            pipe.send_bytes(question)
            if not pipe.poll(self._seconds):
                self._stop()
                raise PreviewFailed(
                    f"drawing it takes longer than {self._seconds:g} s", mend="simplify its drawings"
                )
            return pipe.recv_bytes()
        except (EOFError, OSError) as error:
            self._stop()
            raise PreviewFailed("drawing it ended the preview process", mend="check the file") from error

    def _running(self) -> Connection:
        if self._pipe is None or self._process is None or self._process.poll() is not None:
            self._stop()
            self._pipe, theirs = Pipe()
            with theirs:
                self._process = subprocess.Popen(  # noqa: S603  our own module, no shell, no user's words
                    [sys.executable, "-P", "-m", _PROCESS, str(theirs.fileno())],
                    stdin=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                    # None of the service's own environment, which holds its secrets.
                    env={"OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                )
        return self._pipe

    def _stop(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._pipe = self._process = None


@cache
def _worker() -> PreviewWorker:
    worker = PreviewWorker()
    atexit.register(worker.close)
    return worker


def draw(pdf: bytes, wanted: Wanted) -> list[Picture]:
    """Pictures of a file by this process's own worker; see `PreviewWorker.draw`."""
    return _worker().draw(pdf, wanted)
