"""Breaks a paragraph into lines: as even as the words allow, no lone last word, no stubs.

All breaks are weighed against each other (as in Knuth and Plass 1981), not taken greedily line by line. A
name's own hyphen is the last place to break.

A line costs more than the unevenness of a good paragraph. So the best break into the fewest lines is sought
first, and one more line is only tried where it could cost less. For a given number of lines, each line's end
lies between the farthest that lines from the top reach and the nearest that lines from the bottom leave.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import accumulate
from math import inf
from operator import add, attrgetter, sub

from app.pdf.text.paragraph import Paragraph

_LINE = 0.4
"""What each line costs, so that a paragraph takes no more of them than it needs."""
_STUB = 1.0
"""A line shorter than a third of the width, unless it is the last."""
_WIDOW = 1.5
"""A last line of one word; in a headline it may well be the even one."""
_AT_HYPHEN = 2.5
_HYPHENATED = 0.5
"""A line that ends at a name's own hyphen, and one at which a word is hyphenated."""
_TWO_THIRDS = 2 / 3
_advance, _opens, _closes, _hyphenated = map(attrgetter, ("advance", "opens", "closes", "hyphenated"))
Span = tuple[int, int]
"""The pieces of a line: the first, and the one after the last."""


class Hang(Enum):
    """At which edge of the lines punctuation stands outside, so that the letters align."""

    NOWHERE = 0
    START = 1
    END = 2
    BOTH = 3


@dataclass(frozen=True, slots=True)
class Breakable:
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
    right = reach = list(map(add, left, map(_advance, pieces)))
    if hang in {Hang.START, Hang.BOTH}:
        left = list(map(add, left, map(_opens, pieces)))
    if hang in {Hang.END, Hang.BOTH}:
        right = list(map(sub, right, map(_closes, pieces)))
    costs = None
    if True in map(_hyphenated, pieces):
        shown = [piece.hyphen.advance if piece.hyphen else 0.0 for piece in pieces]
        costs = [_hyphen_cost(piece.hyphenated, soft=piece.hyphen is not None) for piece in pieces]
        right = list(map(add, right, [*shown[:-1], 0.0]))
    if costs is not None or hang in {Hang.END, Hang.BOTH}:
        reach = list(accumulate(reversed(right), min))[::-1]
    return Breakable(left, right, reach, costs)


def _hyphen_cost(hyphenated: bool, *, soft: bool) -> float:  # noqa: FBT001 - read from a piece
    return 0.0 if not hyphenated else _HYPHENATED if soft else _AT_HYPHEN


def fewest_lines(text: Breakable, width: float, most: int) -> list[int] | None:
    """The end of each line when every line takes all that it can; None where that is over `most` lines."""
    left, reach, count = text.left, text.reach, len(text.left)
    ends: list[int] = []
    start = 0
    while start < count:
        end = bisect_right(reach, left[start] + width, start)
        if end == start or len(ends) == most:
            return None
        ends.append(end)
        start = end
    return ends


def break_lines(text: Breakable, width: float, most: int, *, even: bool) -> list[Span] | None:
    """The best lines no wider than `width`, or None where they would be more than `most`.

    Args:
        text: what may be put on lines.
        width: in em.
        most: how many lines there is room for.
        even: the last line should be about as long as the others (headlines).
    """
    far = fewest_lines(text, width, most)
    if far is None:
        return None
    best, chosen = inf, far
    lines = len(far)
    while lines <= len(text.left) and best > _LINE * lines:
        cost, ends = _into(text, width, _at_most(far, lines, len(text.left)), even=even)
        if cost < best:
            best, chosen = cost, ends
        lines += 1
    if len(chosen) > most:
        return None
    return list(zip([0, *chosen], chosen, strict=False))


def _at_most(far: Sequence[int], lines: int, count: int) -> list[int]:
    """The farthest end of each of so many lines, when each of them has to have something."""
    wanted = [*far, *[count] * (lines - len(far))]
    return [min(end, count - lines + 1 + index) for index, end in enumerate(wanted)]


def _nearest(text: Breakable, width: float, lines: int) -> list[int]:
    """The nearest end of each line at which the lines after it can still hold the rest."""
    left, right = text.left, text.right
    end = len(left)
    ends = [end]
    for _ in range(lines - 1):
        end = bisect_left(left, right[end - 1] - width, 0, end)
        ends.append(end)
    return ends[::-1]


def _into(text: Breakable, width: float, far: Sequence[int], *, even: bool) -> tuple[float, list[int]]:
    """The best break into as many lines as `far` has, with its cost."""
    left, right, costs = text.left, text.right, text.costs
    near = _nearest(text, width, len(far))
    last = len(far) - 1
    before = [(0, 0.0)]
    origins: list[dict[int, int]] = []
    for line, (low, high) in enumerate(zip(near, far, strict=True)):
        reached: list[tuple[int, float]] = []
        origin: dict[int, int] = {}
        for end in range(max(low, line + 1), high + 1):
            edge = right[end - 1]
            limit = edge - width
            least, best_start = inf, -1
            for start, cost in before:
                if left[start] < limit or start >= end:
                    continue
                slack = (left[start] - limit) / width
                if line < last:
                    cost += slack * slack if slack < _TWO_THIRDS else slack * slack + _STUB
                elif even:
                    cost += slack * slack
                elif last and end - start == 1:
                    cost += _WIDOW
                if cost < least:
                    least, best_start = cost, start
            if best_start >= 0:
                least += costs[end - 1] if costs is not None and line < last else 0.0
                reached.append((end, least))
                origin[end] = best_start
        before = reached
        origins.append(origin)
    if not before:
        return inf, []
    end = len(left)
    ends = []
    for origin in reversed(origins):
        ends.append(end)
        end = origin[end]
    return before[0][1] + _LINE * len(far), ends[::-1]
