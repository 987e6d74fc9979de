"""Breaks a paragraph into lines: as even as the words allow, no lone last word, no stubs.

All breaks are weighed against each other (as in Knuth and Plass 1981), not taken greedily line by line.
Nothing is ever hyphenated, and a name's own hyphen is the last place to break.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from icu4py.breakers import LineBreaker

from app.pdf.text.shape import Paragraph
from app.pdf.text.utf16 import segments

_HYPHENS = "-\u2010\u058a\u05be"
_LINE = 0.4
"""What each line costs, so that a paragraph takes no more of them than it needs."""
_STUB = 1.0
"""A line shorter than a third of the width, unless it is the last."""
_WIDOW = 1.5
"""A last line of one word."""
_AT_HYPHEN = 2.5
_THIRD = 1 / 3
_OPENING = frozenset("\u201c\u2018\u201e\u201a\u00ab\u2039\"'\u300c\u300e")
_CLOSING = frozenset("\u201d\u2019\u201c\u2018\u00bb\u203a\"'.,\u060c\u3001\u3002\u300d\u300f-\u2013")


class Hang(Enum):
    """At which edge of the lines punctuation stands outside, so that the letters align."""

    NOWHERE = 0
    START = 1
    END = 2


@dataclass(frozen=True, slots=True)
class Line:
    """Characters `start` to `end` of a paragraph, without trailing space. `width` in em.

    `hang` is how much of the punctuation at its aligned edge stands outside, em.
    """

    start: int
    end: int
    width: float
    hang: float


@dataclass(frozen=True, slots=True)
class Words:
    """Where a paragraph may break: piece `i` is drawn from `starts[i]` to `ends[i]`, in characters."""

    starts: list[int]
    ends: list[int]
    left: list[float]
    right: list[float]
    """Advance from the paragraph's beginning to each piece's start and (space trimmed) end, em."""
    hyphenated: list[bool]
    opening: list[float]
    closing: list[float]
    """How much of each piece may hang outside at a line's start and end, em."""


def words(paragraph: Paragraph) -> Words:
    """The pieces between break opportunities (UAX #14, with ICU's dictionaries for Thai and others)."""
    text, ends = paragraph.text, paragraph.ends
    pieces = _pieces(text, paragraph.typeface.language)
    trimmed = [start + len(text[start:end].rstrip()) for start, end in pieces]
    starts = [start for start, _ in pieces]
    return Words(
        starts=starts,
        ends=trimmed,
        left=[ends[start] for start in starts],
        right=[ends[end] for end in trimmed],
        hyphenated=[text[end - 1 : end] in _HYPHENS if end else False for end in trimmed],
        opening=[ends[start + 1] - ends[start] if text[start] in _OPENING else 0.0 for start in starts],
        closing=[ends[end] - ends[end - 1] if end and text[end - 1] in _CLOSING else 0.0 for end in trimmed],
    )


@lru_cache(maxsize=1024)
def _pieces(text: str, language: str) -> tuple[tuple[int, int], ...]:
    return tuple(segments(text, LineBreaker(text, language)))


def break_lines(pieces: Words, width: float, *, hang: Hang, even: bool) -> list[Line] | None:
    """The best lines no wider than `width`, or None where one piece alone is wider.

    Args:
        pieces: what may be put on a line.
        width: in em.
        hang: at which edge punctuation may stand outside.
        even: the last line should be about as long as the others (headlines).
    """
    count = len(pieces.starts)
    if not count:
        return []
    best: list[float] = [0.0] + [float("inf")] * count
    origin = [0] * (count + 1)
    for end in range(1, count + 1):
        last = end == count
        for start in range(end - 1, -1, -1):
            line = _width(pieces, start, end, hang)
            if line > width:
                break
            cost = best[start] + _cost(pieces, start, end, line / width, last=last, even=even)
            if cost < best[end]:
                best[end], origin[end] = cost, start
    if best[count] == float("inf"):
        return None
    return _walk_back(pieces, origin, hang)


def _width(pieces: Words, start: int, end: int, hang: Hang) -> float:
    return pieces.right[end - 1] - pieces.left[start] - _hung(pieces, start, end, hang)


def _hung(pieces: Words, start: int, end: int, hang: Hang) -> float:
    if hang is Hang.START:
        return pieces.opening[start]
    return pieces.closing[end - 1] if hang is Hang.END else 0.0


def _cost(pieces: Words, start: int, end: int, filled: float, *, last: bool, even: bool) -> float:
    slack = 1 - filled
    if not last:
        cost = _LINE + slack * slack
        if filled < _THIRD:
            cost += _STUB
        if pieces.hyphenated[end - 1]:
            cost += _AT_HYPHEN
        return cost
    cost = _LINE + (slack * slack if even else 0.0)
    return cost + _WIDOW if start and end - start == 1 else cost


def _walk_back(pieces: Words, origin: Sequence[int], hang: Hang) -> list[Line]:
    lines = []
    end = len(origin) - 1
    while end > 0:
        start = origin[end]
        lines.append(
            Line(
                start=pieces.starts[start],
                end=pieces.ends[end - 1],
                width=_width(pieces, start, end, hang),
                hang=_hung(pieces, start, end, hang),
            )
        )
        end = origin[end]
    return lines[::-1]
