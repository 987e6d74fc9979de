"""A finished file in pieces: what it shares with others is neither copied into it nor joined to it."""

from __future__ import annotations

import os
from pathlib import Path

_AT_ONCE = 1000
"""Pieces of one call; systems take 1,024 (POSIX, `IOV_MAX`)."""


class Pieces(list[bytes]):
    """The pieces of a file, in their order."""

    def write(self, data: bytes, /) -> int:
        """Take the next bytes."""
        self.append(data)
        return len(data)

    def whole(self) -> bytes:
        """The file in memory."""
        return b"".join(self)

    def save(self, path: Path) -> None:
        """Write the file over what is there.

        Raises:
            OSError: the disk is full, or there is no such folder.
        """
        with path.open("wb", buffering=0) as file:
            for start in range(0, len(self), _AT_ONCE):
                _write(file.fileno(), self[start : start + _AT_ONCE])


def _write(file: int, pieces: list[bytes]) -> None:
    """Write all; a disk that fills up takes a part, and then says so."""
    written = os.writev(file, pieces)
    if written < sum(map(len, pieces)):
        rest = memoryview(b"".join(pieces))[written:]
        while rest:
            rest = rest[os.write(file, rest) :]
