"""Develops photos in processes that a bad one may take down: the next photo then gets a new one."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from contextlib import suppress
from types import TracebackType
from typing import IO, Final, Self, cast

from app.domain.photo import Crop
from app.domain.product import Product
from app.errors import PhotoUnusable
from app.photo.colour import Press
from app.photo.develop import Developed
from app.photo.master import Master
from app.photo.messages import ASKED, Answer, Asked, Printed, receive_answer, send

_LONGEST = 20.0
"""Seconds for one photo: a hundred times what one takes."""
_GRACE = 2.0
ENVIRONMENT: Final = {
    # One thread each: the face finder's others would only wait for each other.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    # Pixels in pages of 2 MB: the kernel hands 100 MB over in 50 pieces, not in 25,000.
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}
_MOST_MEMORY = 1536 * 2**20
"""Bytes of address space: libraries take a third of it, 64 million pixels in all their forms the rest."""


class PhotoLab:
    """Some processes, started when they are needed. May be used by several threads."""

    def __init__(self, processes: int = 1, *, seconds: float = _LONGEST, memory: int = _MOST_MEMORY) -> None:
        """Nothing runs yet.

        Args:
            processes: most photos at once.
            seconds: most that one photo may take.
            memory: most address space of a process, bytes.
        """
        self._seconds = seconds
        self._memory = memory
        self._idle: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        for _ in range(processes):
            self._idle.put(None)

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the processes."""
        self.close()

    def start(self) -> None:
        """Nothing yet: a process starts with the first photo that needs it."""

    def stop(self) -> None:
        """See `close`."""
        self.close()

    def close(self) -> None:
        """End the processes that are idle."""
        while not self._idle.empty():
            worker = self._idle.get_nowait()
            if worker is not None:
                worker.end()

    def develop(self, data: bytes, product: Product, press: Press, crop: Crop | None = None) -> Developed:
        """`app.photo.develop.develop`, where it can harm nothing.

        Raises:
            PhotoUnusable: as there; or it took too long, or ended its process.
        """
        return cast("Developed", self._ask(Asked(Printed(product, press, crop)), data).developed)

    def master(self, data: bytes) -> Master:
        """`app.photo.master.make_master`, where it can harm nothing.

        Raises:
            PhotoUnusable: as there; or it took too long, or ended its process.
        """
        return cast("Master", self._ask(Asked(None), data).master)

    def _ask(self, asked: Asked, data: bytes) -> Answer:
        worker = self._idle.get()
        try:
            worker = worker or _Worker(self._memory)
            said = worker.ask(ASKED.dump_json(asked), data, self._seconds)
        except BaseException:
            if worker is not None:
                worker.kill()
            worker = None
            raise
        finally:
            self._idle.put(worker)
        if said.refused is not None:
            raise PhotoUnusable(said.refused.detail, mend=said.refused.mend, reason=said.refused.reason)
        return said


class _Worker:
    """One process."""

    def __init__(self, memory: int) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - this program itself
            [sys.executable, "-m", "app.photo.worker", str(memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # Nothing of the plant's: its database's password is none of a stranger's photo's business.
            env={name: value for name, value in os.environ.items() if not name.startswith("TIPIN_")}
            | ENVIRONMENT,
        )

    def ask(self, message: bytes, photo: bytes, seconds: float) -> Answer:
        """The answer to a message and its photo.

        Raises:
            PhotoUnusable: there was none in time, or at all.
        """
        watch = threading.Timer(seconds, self._process.kill)
        watch.start()
        try:
            for part in (message, photo):
                send(part, cast("IO[bytes]", self._process.stdin))
            answer = receive_answer(cast("IO[bytes]", self._process.stdout))
        except (BrokenPipeError, ValueError):
            answer = None
        finally:
            in_time = watch.is_alive()
            watch.cancel()
        if answer is None:
            raise _ended(in_time=in_time, seconds=seconds)
        return answer

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()
        self._wait()

    def end(self) -> None:
        """Let it end by itself."""
        cast("IO[bytes]", self._process.stdin).close()
        try:
            self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._wait()

    def _wait(self) -> None:
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):  # what was still to be sent
                    pipe.close()


def _ended(*, in_time: bool, seconds: float) -> PhotoUnusable:
    if not in_time:
        return PhotoUnusable(
            f"the photo was not read within {seconds:g} s",
            mend="send it as JPEG, or smaller",
            reason="too_slow",
        )
    return PhotoUnusable(
        "the photo broke the program that reads it", mend="open and save it anew", reason="breaks_reader"
    )
