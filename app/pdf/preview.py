"""Pictures of pages for people, drawn by pdfium in a process of its own.

pdfium is not thread-safe, and reads files that may be hostile: one worker process draws for all threads, with
bounded memory and time, and is started anew when it fails. It ignores the output intent: a preview shows
what stands where, and is no soft proof.
"""

from __future__ import annotations

import atexit
import struct
import subprocess
import sys
from functools import cache
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock
from typing import Literal

from app.errors import PreviewFailed

Area = Literal["bleed", "trim"]
"""What is shown: the whole sheet with its bleed, for overlays, or what is left after cutting."""

_REQUEST = struct.Struct(">dQQ?")
"""dpi; most pages; most pixels a page; whether the trim alone."""
_OK = b"\x00"
_WORKER = Path(__file__).with_name("preview_worker.py")
_MOST_PAGES = 16
_MOST_PIXELS = 60_000_000
_SECONDS = 15.0


class PreviewWorker:
    """One worker process, started when first needed. May be used from any thread.

    Args:
        seconds: how long one file may take.
    """

    def __init__(self, seconds: float = _SECONDS) -> None:
        self._seconds = seconds
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None

    def page_images(self, pdf: bytes, dpi: float, area: Area = "bleed") -> list[bytes]:
        """One JPEG a page at that resolution.

        Raises:
            PreviewFailed: the file cannot be drawn within the bounds of memory, size and time.
        """
        return self._draw(_REQUEST.pack(dpi, _MOST_PAGES, _MOST_PIXELS, area == "trim") + pdf)

    def close(self) -> None:
        """End the process; it is started again when needed."""
        with self._lock:
            self._stop()

    def _draw(self, request: bytes) -> list[bytes]:
        with self._lock:
            answer = self._ask(request)
        if not answer.startswith(_OK):
            raise PreviewFailed(f"pdfium cannot draw it: {answer[1:].decode('utf-8', 'replace')}")
        (count,) = struct.unpack_from(">I", answer, 1)
        sizes = struct.unpack_from(f">{count}I", answer, 5)
        position = 5 + 4 * count
        pictures = []
        for size in sizes:
            pictures.append(answer[position : position + size])
            position += size
        return pictures

    def _ask(self, request: bytes) -> bytes:
        pipe = self._running()
        try:
            pipe.send_bytes(request)
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
                self._process = subprocess.Popen(  # noqa: S603  our own file, no shell, no user's words
                    [sys.executable, "-I", str(_WORKER), str(theirs.fileno()), _REQUEST.format],
                    stdin=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
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


def page_images(pdf: bytes, dpi: float = 150, area: Area = "bleed") -> list[bytes]:
    """One JPEG a page, by this process's own worker; see `PreviewWorker.page_images`."""
    return _worker().page_images(pdf, dpi, area)
