"""Breaks a paragraph into lines: as even as the words allow, no lone last word, no stubs.

All breaks are weighed against each other (as in Knuth and Plass 1981), not taken greedily line by line.
Nothing is ever hyphenated, and a name's own hyphen is the last place to break.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from math import inf

from icu4py.breakers import LineBreaker

from app.pdf.text.shape import Paragraph
from app.pdf.text.utf16 import segments

_HYPHENS = "-\u2010\u058a\u05be"
_LINE = 0.4
"""What each line costs, so that a paragraph takes no more of them than it needs."""
_STUB = 1.0
"""A line shorter than a third of the width, unless it is the last."""
_WIDOW = 1.5
"""A last line of one word; in a headline it may well be the even one."""
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
    """Advance from the paragraph's beginning to each piece's start and (space trimmed) end, without what may
    hang outside there, em."""
    hyphenated: list[bool]
    hung: list[float]
    """What of each piece may hang outside at the edge `hang`, em."""
    hang: Hang


def words(paragraph: Paragraph, hang: Hang) -> Words:
    """The pieces between break opportunities (UAX #14, with ICU's dictionaries for Thai and others)."""
    text, advance = paragraph.text, paragraph.ends
    pieces = _pieces(text, paragraph.typeface.language)
    starts = [start for start, _ in pieces]
    ends = [start + len(text[start:end].rstrip()) for start, end in pieces]
    left, right = [advance[start] for start in starts], [advance[end] for end in ends]
    hung = [0.0] * len(pieces)
    if hang is Hang.START:
        hung = [advance[i + 1] - advance[i] if text[i] in _OPENING else 0.0 for i in starts]
        left = [at + outside for at, outside in zip(left, hung, strict=True)]
    elif hang is Hang.END:
        hung = [advance[i] - advance[i - 1] if i and text[i - 1] in _CLOSING else 0.0 for i in ends]
        right = [at - outside for at, outside in zip(right, hung, strict=True)]
    hyphenated = [end > 0 and text[end - 1] in _HYPHENS for end in ends]
    return Words(starts, ends, left, right, hyphenated, hung, hang)


@lru_cache(maxsize=1024)
def _pieces(text: str, language: str) -> tuple[tuple[int, int], ...]:
    return tuple(segments(text, LineBreaker(text, language)))


def break_lines(pieces: Words, width: float, *, even: bool) -> list[Line] | None:
    """The best lines no wider than `width`, or None where one piece alone is wider.

    Args:
        pieces: what may be put on a line.
        width: in em.
        even: the last line should be about as long as the others (headlines).
    """
    count = len(pieces.starts)
    best = [0.0] + [inf] * count
    origin = [0] * (count + 1)
    left, right = pieces.left, pieces.right
    for end in range(1, count + 1):
        last, edge = end == count, right[end - 1]
        for start in range(end - 1, -1, -1):
            filled = (edge - left[start]) / width
            if filled > 1:
                break
            cost = best[start] + _cost(pieces, start, end, filled, last=last, even=even)
            if cost < best[end]:
                best[end], origin[end] = cost, start
    return None if best[count] == inf else _walk_back(pieces, origin)


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
    alone = start > 0 and end - start == 1
    return cost + _WIDOW if alone and not even else cost


def _walk_back(pieces: Words, origin: Sequence[int]) -> list[Line]:
    lines = []
    end = len(origin) - 1
    while end > 0:
        start = origin[end]
        hung = pieces.hung[start if pieces.hang is Hang.START else end - 1]
        width = pieces.right[end - 1] - pieces.left[start]
        lines.append(Line(pieces.starts[start], pieces.ends[end - 1], width, hung))
        end = start
    return lines[::-1]
