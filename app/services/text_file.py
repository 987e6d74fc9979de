"""Opens a text file, plain or gzipped, and tells how far reading has come."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

_GZIP = b"\x1f\x8b"


@contextmanager
def opened(path: Path) -> Iterator[tuple[TextIO, Callable[[], int]]]:
    """The file's text, and a function that tells how many of its stored bytes were read."""
    with path.open("rb") as raw:
        packed = raw.peek(2)[:2] == _GZIP
        stream = gzip.GzipFile(fileobj=raw) if packed else raw
        with io.TextIOWrapper(stream, encoding="utf-8-sig", newline="") as text:
            yield text, raw.tell
