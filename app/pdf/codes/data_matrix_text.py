"""A text as the words of the smallest square Data Matrix (ISO/IEC 16022:2006, 5.2).

The whole text is written in the encodation that takes the fewest words: ASCII (digits in pairs), C40 (for
capitals and digits) or Text (for small letters and digits), the latter two ending in ASCII. What is not
ASCII is written as bytes that are said to be UTF-8.
"""

from __future__ import annotations

import re
import string

from app.pdf.codes.content import as_utf_8, too_long
from app.pdf.codes.data_matrix_sizes import SIZES

_PAD, _TO_C40, _TO_BYTES, _TO_TEXT, _BACK_TO_ASCII = 129, 230, 231, 239, 254
_UTF_8 = bytes((241, 27))
"""The extended channel's assignment 26."""
_LONG_BYTES = 250
"""From here on a count of bytes takes two words."""
_MOST = 2606
"""Digits in the largest square: nothing longer needs to be tried."""
_PADDING = bytes((_PAD + 149 * place % 253) % 254 + 1 for place in range(1, 1305))
"""By place; what comes after the first."""
_PAIR = re.compile(rb"[0-9]{2}")
_ASCII = re.compile(rb"[0-9]{2}|.", re.DOTALL)
_ASCII_WORD = {bytes((c,)): c + 1 for c in range(128)} | {b"%02d" % pair: 130 + pair for pair in range(100)}


def _values(basic: str, shifted: str) -> list[bytes]:
    """The values of each ASCII character, by its number: one, or a shift and one (table C.1)."""
    values = {c: bytes((value,)) for value, c in enumerate(" " + string.digits + basic, 3)}
    values |= {chr(c): bytes((0, c)) for c in range(32)}
    values |= {c: bytes((1, value)) for value, c in enumerate("!\"#$%&'()*+,-./:;<=>?@[\\]^_")}
    values |= {c: bytes((2, value)) for value, c in enumerate("`" + shifted + "{|}~\x7f")}
    return [values[chr(c)] for c in range(128)]


_C40 = _values(string.ascii_uppercase, string.ascii_lowercase)
_TEXT = _values(string.ascii_lowercase, string.ascii_uppercase)
_C40_BASIC, _TEXT_BASIC = (bytes(c for c in range(128) if len(table[c]) == 1) for table in (_C40, _TEXT))


def data_matrix_words(text: str) -> tuple[int, bytes]:
    """The modules a side of the smallest square that holds the text, and its data words.

    Raises:
        ArtworkUnusable: the text is empty, too long, or not Unicode.
    """
    data = as_utf_8(text, "Data Matrix")
    if len(data) > _MOST:
        raise too_long(text, "Data Matrix")
    words = _shortest(data) if data.isascii() else _UTF_8 + _as_bytes(data)
    for side, size in SIZES.items():
        if len(words) <= size.data:
            return side, _padded(words, size.data)
    raise too_long(text, "Data Matrix")


def _shortest(data: bytes) -> bytes:
    """The fewest words; the first of equals."""
    fewest, best = len(data) - len(_PAIR.findall(data)), b""
    for table, basic, latch in ((_C40, _C40_BASIC, _TO_C40), (_TEXT, _TEXT_BASIC, _TO_TEXT)):
        values = len(data) + len(data.translate(None, basic))
        if fewest > values // 3 * 2 + 2:
            words = _in_thirds(data, table, latch)
            if len(words) < fewest:
                fewest, best = len(words), words
    return best or _as_ascii(data)


def _as_ascii(data: bytes) -> bytes:
    return bytes([_ASCII_WORD[part] for part in _ASCII.findall(data)])


def _in_thirds(data: bytes, table: list[bytes], latch: int) -> bytes:
    """Three values in two words; the characters that do not fill three are written in ASCII."""
    values = b"".join([table[c] for c in data])
    rest = len(values) % 3
    packed = values[: len(values) - rest]
    kept = len(data)
    while rest > 0:
        kept -= 1
        rest -= len(table[data[kept]])
    if rest:  # the shift of a character that went to the end: a shift to nothing takes its place
        packed = packed[:-1] + b"\0"
    words = [
        (1600 * a + 40 * b + c + 1).to_bytes(2, "big")
        for a, b, c in zip(packed[::3], packed[1::3], packed[2::3], strict=True)
    ]
    return b"".join((bytes((latch,)), *words, bytes((_BACK_TO_ASCII,)), _as_ascii(data[kept:])))


def _as_bytes(data: bytes) -> bytes:
    """A count and the bytes, each changed by its place so that none stand out."""
    whole, rest = divmod(len(data), _LONG_BYTES)
    count = bytes((whole + _LONG_BYTES - 1, rest) if whole else (rest,))
    changed = (
        (byte + 149 * place % 255 + 1) % 256 for place, byte in enumerate(count + data, len(_UTF_8) + 2)
    )
    return bytes((_TO_BYTES, *changed))


def _padded(words: bytes, length: int) -> bytes:
    if len(words) == length:
        return words
    return words + bytes((_PAD,)) + _PADDING[len(words) + 1 : length]
