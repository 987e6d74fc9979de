"""Hands something large to a process that is started.

What a process is started with goes through a pipe. A pipe holds 64 kB; for all beyond, the starting process
waits until the new one has imported all that it needs, and waits for ever if the new one is killed before.
"""

from __future__ import annotations

import os
import pickle
import tempfile
from collections.abc import Callable
from multiprocessing.reduction import DupFd
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self


class _Descriptor(Protocol):
    """A descriptor on its way; typeshed does not say what `DupFd` gives."""

    def detach(self) -> int:
        """The descriptor, in the new process."""
        ...


class Handed:
    """Stands for a value among the arguments of a process; there it is that value.

    The value lies in a file without a name, as it may hold a plant's secrets: nobody else can read or change
    it, and it is gone when the processes are, however they end.
    """

    def __init__(self, value: object, folder: Path) -> None:
        """Write it down, on the disk of a folder."""
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed by `__exit__`
        pickle.dump(value, self._file, pickle.HIGHEST_PROTOCOL)
        self._file.flush()

    def __enter__(self) -> Self:
        """Processes can be started until it is left."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the file go."""
        self._file.close()

    def __reduce__(self) -> tuple[Callable[[_Descriptor, int], Any], tuple[_Descriptor, int]]:
        """Only the descriptor goes through the pipe."""
        descriptor: Any = DupFd(self._file.fileno())
        return _taken, (descriptor, os.fstat(self._file.fileno()).st_size)


def _taken(descriptor: _Descriptor, size: int) -> Any:
    # By place: the processes share the descriptor's own position.
    with os.fdopen(descriptor.detach(), "rb", buffering=0) as file:
        return pickle.loads(os.pread(file.fileno(), size, 0))  # noqa: S301 - of the process that started this one
