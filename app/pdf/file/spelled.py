"""Texts of a table in rows of whole words, so that what many of them make can be put together by columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
_FILL = b"\0"


def as_words(texts: Sequence[str]) -> Words:
    """One row a text in ASCII, filled up to whole words: numbers are copied faster than texts."""
    length = -(-max(map(len, texts)) // 8) * 8
    joined = b"".join([text.encode("ascii").ljust(length, _FILL) for text in texts])
    return np.frombuffer(joined, dtype=np.uint64).reshape(len(texts), -1)


def spelled(rows: Words) -> bytes:
    """The texts of rows, one after the other."""
    return rows.tobytes().translate(None, _FILL)
