"""Breaks a paragraph into lines: as even as the words allow, no lone last word, no stubs.

All breaks are weighed against each other (as in Knuth and Plass 1981), not taken greedily line by line. A
name's own hyphen is the last place to break.

Many texts at once are broken by `columns/lines.py`, to the same lines. So what is compared here is exact
(`grid.py`), and of breaks that cost the same the one with the earliest starts of its last lines is taken.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from enum import Enum
from itertools import accumulate, pairwise
from math import inf
from operator import add, sub
from typing import NamedTuple

from app.pdf.text.paragraph import Paragraph
from app.pdf.text.piece import Piece

LINE = 0.4
"""What each line costs, so that a paragraph takes no more of them than it needs."""
STUB = 1.0
"""A line shorter than a third of the width, unless it is the last."""
WIDOW = 1.5
"""A last line of one word; in a headline it may well be the even one."""
_AT_HYPHEN = 2.5
_HYPHENATED = 0.5
"""A line that ends at a name's own hyphen, and one at which a word is hyphenated."""
TWO_THIRDS = 2 / 3
Span = tuple[int, int]
"""The pieces of a line: the first, and the one after the last."""


class Hang(Enum):
    """At which edge of the lines punctuation stands outside, so that the letters align."""

    NOWHERE = 0
    START = 1
    END = 2
    BOTH = 3


class Breakable(NamedTuple):
    """Where a paragraph may break.

    `left[i]` and `right[i]` are the advances from its beginning to where a line that starts, or ends, with
    piece `i` does, without what hangs outside and with the hyphen that would be shown, em. `reach` is `right`
    without those that a later one undercuts. `costs` are of ending a line with each piece, None where all
    are free.
    """

    left: list[float]
    right: list[float]
    reach: list[float]
    costs: list[float] | None


def breakable(paragraph: Paragraph, hang: Hang) -> Breakable:
    """The places between the paragraph's pieces."""
    pieces, left = paragraph.pieces, paragraph.starts[:-1]
    right = reach = list(map(add, left, paragraph.advances))
    if (hang is Hang.START or hang is Hang.BOTH) and any(paragraph.opens):
        left = list(map(add, left, paragraph.opens))
    costs = None
    if hang is Hang.END or hang is Hang.BOTH:
        right = list(map(sub, right, [piece.closes for piece in pieces]))
    if paragraph.hyphenated:
        shown = [piece.hyphen.advance if piece.hyphen else 0.0 for piece in pieces]
        costs = [_hyphen_cost(piece) for piece in pieces]
        right = list(map(add, right, [*shown[:-1], 0.0]))
    if right is not reach:
        reach = list(accumulate(reversed(right), min))[::-1]
    return Breakable(left, right, reach, costs)


def _hyphen_cost(piece: Piece) -> float:
    if not piece.hyphenated:
        return 0.0
    return _AT_HYPHEN if piece.hyphen is None else _HYPHENATED


def fewest_lines(text: Breakable, width: float, most: int) -> int | None:
    """How many lines there are when every line takes all that it can; None where they are over `most`."""
    left, reach, count = text.left, text.reach, len(text.left)
    lines = start = 0
    while start < count:
        end = bisect_right(reach, left[start] + width, start)
        if end == start or lines == most:
            return None
        lines += 1
        start = end
    return lines


def break_lines(text: Breakable, width: float, most: int, *, even: bool) -> list[Span] | None:
    """The best lines no wider than `width`, or None where they would be more than `most`.

    Args:
        text: what may be put on lines.
        width: in em, on the grid.
        most: how many lines there is room for.
        even: the last line should be about as long as the others (headlines).
    """
    count = len(text.left)
    if count == 0:
        return []
    if width <= 0:
        return None
    reached, origins = _inner_lines(text, width)
    start = _last_line(text, width, reached, even=even)
    if start is None:
        return None
    ends = [count]
    while start:
        ends.append(start)
        start = origins[start]
    ends.append(0)
    return list(pairwise(reversed(ends))) if len(ends) - 1 <= most else None


def _inner_lines(text: Breakable, width: float) -> tuple[list[float], list[int]]:
    """The least cost of lines that end before each piece, and where the last of those lines starts."""
    left, right, costs = text.left, text.right, text.costs
    share = 1 / width
    reached, origins = [0.0], [0]
    for end in range(1, len(left)):
        limit = right[end - 1] - width
        least, best = inf, 0
        for start in range(bisect_left(left, limit, 0, end), end):
            slack = (left[start] - limit) * share
            cost = slack * slack + reached[start]
            if slack > TWO_THIRDS:
                cost += STUB
            if cost < least:
                least, best = cost, start
        least += LINE
        reached.append(least + costs[end - 1] if costs else least)
        origins.append(best)
    return reached, origins


def _last_line(text: Breakable, width: float, reached: list[float], *, even: bool) -> int | None:
    """Where the last line best starts; None where no line can hold the end."""
    left, count = text.left, len(text.left)
    share = 1 / width
    limit = text.right[-1] - width
    least, best = inf, None
    for start in range(bisect_left(left, limit), count):
        cost = reached[start]
        if even:
            slack = (left[start] - limit) * share
            cost += slack * slack
        elif 0 < start == count - 1:
            cost += WIDOW
        if cost < least:
            least, best = cost, start
    return best
