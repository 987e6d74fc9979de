"""How values are spelled in PDF (ISO 32000-2, 7.3), and how streams are deflated."""

from __future__ import annotations

import zlib
from functools import lru_cache

_SHORT = 512
"""Bytes up to which a stream is left as it is within its zlib form."""

try:
    from isal import isal_zlib
except ImportError:  # no wheel for this machine; zlib gives larger files more slowly

    def deflate(data: bytes) -> bytes:
        """`data` as a zlib stream."""
        return zlib.compress(data, 6)

else:

    def deflate(data: bytes) -> bytes:
        """`data` as a zlib stream. ISA-L is ten times as fast as zlib, at level 1 nearly as small as at 2.

        A short one is not worth its code tables, which take as long as some thousand bytes.
        """
        packed: bytes = isal_zlib.compress(data, 1 if len(data) > _SHORT else 0)
        return packed


@lru_cache(maxsize=4096)
def number(value: float) -> str:
    """A number with at most three decimals, and no more of them than it needs."""
    if value == int(value):
        return str(int(value))
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def string(text: str) -> str:
    """A text string object: ASCII in parentheses, all else as UTF-16BE with its mark."""
    if text.isascii() and text.isprintable():
        return "(" + text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") + ")"
    return f"<FEFF{text.encode('utf-16-be').hex().upper()}>"
