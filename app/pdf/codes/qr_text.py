"""A text as the data words of the smallest QR (ISO/IEC 18004:2015, 7.4).

Digits and capitals take fewer bits in modes of their own, but changing modes costs bits too. How to divide a
text depends on its kinds of characters only, and those repeat: links of one shop differ in their numbers.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

from app.domain.template import ErrorLevel
from app.pdf.codes.content import as_utf_8, too_long
from app.pdf.codes.qr_versions import LARGEST_VERSION, blocks_of

_ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_PAIRS = {a + b: 45 * i + j for i, a in enumerate(_ALPHANUMERIC) for j, b in enumerate(_ALPHANUMERIC)}
_SINGLES = {a: i for i, a in enumerate(_ALPHANUMERIC)}
_UTF_8 = 0b0111 << 8 | 26
"""Mode and assignment number: 12 bits that say the bytes are UTF-8."""
_UTF_8_BITS = 12
_TERMINATOR_BITS = 4
_PADDING = b"\xec\x11" * 1480

# Kinds of characters, as the characters of a text's plan.
_DIGIT, _CAPITAL, _OTHER = "d", "c", "o"
_KIND_OF = bytes(
    ord(_DIGIT if chr(c) in "0123456789" else _CAPITAL if chr(c) in _ALPHANUMERIC else _OTHER)
    for c in range(256)
)
_MODES = {_DIGIT: 0b0001, _CAPITAL: 0b0010, _OTHER: 0b0100}
_COUNT_BITS = {_DIGIT: (10, 12, 14), _CAPITAL: (9, 11, 13), _OTHER: (8, 16, 16)}
"""By band: versions 1 to 9, 10 to 26, 27 to 40 (table 3)."""
_BANDS = (range(1, 10), range(10, 27), range(27, LARGEST_VERSION + 1))
_WORTH = re.compile(rb"[0-9A-Z $%*+\-./:]{6,}|[0-9]{4,}")
"""Shorter runs never pay for a mode of their own beside others …"""
_DIGITS = re.compile(rb"[0-9]{4,}")
_SHORT = 6
"""… but a shorter text may be all of one kind."""
_RUN = re.compile(r"d+|c+|o+")
_HOLDING = {_DIGIT: _DIGIT + _CAPITAL + _OTHER, _CAPITAL: _CAPITAL + _OTHER, _OTHER: _OTHER}
"""The modes that can hold each kind."""
_SIXTHS = {_DIGIT: 20, _CAPITAL: 33, _OTHER: 48}
"""Sixths of a bit a character."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """How texts of one shape are written."""

    version: int
    words: int
    """Data words of the version."""
    bits: int
    """Used without terminator."""
    segments: tuple[tuple[str, int, int, int], ...]
    """Mode, start and end in bytes, and the bits of its count."""
    marked: bool
    """The bytes are said to be UTF-8."""


def qr_words(text: str, level: ErrorLevel) -> tuple[int, bytes]:
    """The smallest version that holds the text, and its data words.

    Raises:
        ArtworkUnusable: the text is empty, too long, or not Unicode.
    """
    data = as_utf_8(text, "QR code")
    plan = _plan(_kinds(data), level, len(data) != len(text))
    if plan is None:
        raise too_long(text, "QR code")
    value = _UTF_8 if plan.marked else 0
    for mode, start, end, count_bits in plan.segments:
        value = (value << 4 | _MODES[mode]) << count_bits | end - start
        value = _WRITERS[mode](value, data[start:end])
    return plan.version, _padded(value, plan)


def _kinds(data: bytes) -> str:
    """The kind of each character, as far as it matters: runs that cannot pay are like what is around them."""
    if len(data) < _SHORT:
        return data.translate(_KIND_OF).decode("ascii")
    kinds = ""
    for run in _WORTH.finditer(data):
        start = run.start()
        kinds = kinds.ljust(start, _OTHER)
        for digits in _DIGITS.finditer(run[0]):
            kinds = kinds.ljust(start + digits.start(), _CAPITAL).ljust(start + digits.end(), _DIGIT)
        kinds = kinds.ljust(run.end(), _CAPITAL)
    return kinds.ljust(len(data), _OTHER)


def _write_digits(value: int, part: bytes) -> int:
    """Three digits take ten bits, two seven, one four."""
    for start in range(0, len(part), 3):
        group = part[start : start + 3]
        value = value << 3 * len(group) + 1 | int(group)
    return value


def _write_capitals(value: int, part: bytes) -> int:
    """Two characters take eleven bits, one six."""
    text = part.decode("ascii")
    for start in range(0, len(text) - 1, 2):
        value = value << 11 | _PAIRS[text[start : start + 2]]
    return value << 6 | _SINGLES[text[-1]] if len(text) % 2 else value


def _write_bytes(value: int, part: bytes) -> int:
    return value << 8 * len(part) | int.from_bytes(part, "big")


_WRITERS = {_DIGIT: _write_digits, _CAPITAL: _write_capitals, _OTHER: _write_bytes}


def _padded(value: int, plan: _Plan) -> bytes:
    """The words: terminator, zeros up to a whole byte, then the two padding bytes in turn."""
    room = 8 * plan.words
    used = min(plan.bits + _TERMINATOR_BITS + 7, room) // 8
    return (value << room - plan.bits).to_bytes(plan.words, "big")[:used] + _PADDING[: plan.words - used]


@lru_cache(maxsize=4096)
def _plan(kinds: str, level: ErrorLevel, marked: bool) -> _Plan | None:  # noqa: FBT001 - a cache's key
    """The plan for texts of these kinds of characters; None where no version holds them."""
    capacities = _capacities(level)
    for band, versions in enumerate(_BANDS):
        bits, segments = _divide(kinds, band)
        bits += _UTF_8_BITS * marked
        version = bisect_left(capacities, -(-bits // 8), lo=versions.start, hi=versions.stop)
        if version in versions:
            return _Plan(version, capacities[version], bits, segments, marked)
    return None


@lru_cache
def _capacities(level: ErrorLevel) -> tuple[int, ...]:
    """Data words by version; version 0 has none."""
    return (0, *(sum(blocks_of(version, level).data) for version in range(1, LARGEST_VERSION + 1)))


def _divide(kinds: str, band: int) -> tuple[int, tuple[tuple[str, int, int, int], ...]]:
    """The segments that take the fewest bits, and how many they take.

    Run by run, the cheapest way to have written all so far and to be in each mode; costs in sixths of a bit,
    whole bits where a segment ends.
    """
    ways: dict[str, tuple[int, tuple[tuple[str, int], ...]]] = {}
    for run in _RUN.finditer(kinds):
        ended, before = min(((-(-cost // 6) * 6, way) for cost, way in ways.values()), default=(0, ()))
        following = {}
        for mode in _HOLDING[run[0][0]]:
            opened = (ended + 6 * (4 + _COUNT_BITS[mode][band]), (*before, (mode, run.start())))
            cost, way = min(ways.get(mode, opened), opened)
            following[mode] = (cost + _SIXTHS[mode] * len(run[0]), way)
        ways = following
    cost, way = min(ways.values())
    ends = (*(start for _, start in way[1:]), len(kinds))
    segments = (
        (mode, start, end, _COUNT_BITS[mode][band]) for (mode, start), end in zip(way, ends, strict=True)
    )
    return -(-cost // 6), tuple(segments)
