"""The bytes of a file, plain or gzipped, with how far reading has come."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path
from typing import Any, TextIO

from app.errors import HistoryUnreadable

_GZIP = b"\x1f\x8b"


class _Told(io.RawIOBase):
    """A gzip stream whose own complaints are ours: it was cut off, or damaged."""

    def __init__(self, inner: gzip.GzipFile) -> None:
        self._inner = inner

    def readable(self) -> bool:
        """It can only be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read on; see `io.RawIOBase`."""
        try:
            # Not `readinto`, which would lose what comes before the damage.
            piece = self._inner.read1(len(buffer))
            buffer[: len(piece)] = piece
            return len(piece)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise HistoryUnreadable(
                f"the gzipped file is damaged or cut off: {error}",
                mend="pack or fetch it once more, and import it again",
            ) from error


class Source:
    """An open file; what it holds is given unpacked."""

    def __init__(self, path: Path) -> None:
        """Open it.

        Raises:
            OSError: it cannot be opened.
        """
        self._raw = path.open("rb")
        self.packed = ", gzipped" if self._raw.peek(2)[:2] == _GZIP else ""
        self.bytes: io.BufferedReader = self._raw
        if self.packed:
            self.bytes = io.BufferedReader(_Told(gzip.GzipFile(fileobj=self._raw)), 1 << 16)

    def text(self, encoding: str, *, errors: str) -> TextIO:
        """What is left of it as text, with line ends as they are."""
        return io.TextIOWrapper(self.bytes, encoding=encoding, errors=errors, newline="")

    def position(self) -> int:
        """How many bytes of the file itself have been read."""
        return self._raw.tell()

    def close(self) -> None:
        """Close it."""
        self._raw.close()
