"""Breaks a paragraph into lines: as even as the words allow, no lone last word, no stubs.

All breaks are weighed against each other (as in Knuth and Plass 1981), not taken greedily line by line. A
name's own hyphen is the last place to break.

A line costs more than the unevenness of a good paragraph. So the best break into the fewest lines is sought
first, and one more line is only tried where it could cost less. For a given number of lines, each line's end
lies between the farthest that lines from the top reach and the nearest that lines from the bottom leave.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from enum import Enum
from itertools import accumulate
from math import inf
from operator import add, sub
from typing import NamedTuple

from app.pdf.text.paragraph import Paragraph
from app.pdf.text.shape import Piece

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
_ROUNDING = 1e-9
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


def fewest_lines(text: Breakable, width: float, most: int) -> list[int] | None:
    """The end of each line when every line takes all that it can; None where that is over `most` lines."""
    left, reach, count = text.left, text.reach, len(text.left)
    width += _ROUNDING
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
    if len(far) == 1 and not even:
        return [(0, len(text.left))]
    width += _ROUNDING
    best, chosen = _cost_of(text, width, far, even=even), far
    lines = len(far)
    while lines <= len(text.left) and best > _LINE * lines:
        bound = best - _LINE * lines
        cost, ends = _into(text, width, _at_most(far, lines, len(text.left)), bound, even=even)
        if cost < bound:
            best, chosen = cost + _LINE * lines, ends
        lines += 1
    if len(chosen) > most:
        return None
    return list(zip([0, *chosen], chosen, strict=False))


def _cost_of(text: Breakable, width: float, ends: Sequence[int], *, even: bool) -> float:
    """The cost of breaking at these ends: no better break may cost more."""
    cost = _LINE * len(ends)
    start = 0
    for end in ends[:-1]:
        slack = 1 - (text.right[end - 1] - text.left[start]) / width
        cost += slack * slack + (_STUB if slack > _TWO_THIRDS else 0.0)
        cost += text.costs[end - 1] if text.costs else 0.0
        start = end
    return cost + _last_cost(text, width, start, even=even)


def _last_cost(text: Breakable, width: float, start: int, *, even: bool) -> float:
    """The cost of a last line that fits, beside that of a line."""
    if even:
        slack = 1 - (text.right[-1] - text.left[start]) / width
        return slack * slack
    return _WIDOW if 0 < start == len(text.left) - 1 else 0.0


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


def _into(
    text: Breakable, width: float, far: Sequence[int], bound: float, *, even: bool
) -> tuple[float, list[int]]:
    """The best break into as many lines as `far` has, with its cost but for the lines'; under `bound`."""
    near = _nearest(text, width, len(far))
    last = len(far) - 1
    before = [(text.left[0], 0.0, 0)]
    origins: list[dict[int, int]] = []
    for line in range(last):
        ends = range(max(near[line], line + 1), far[line] + 1)
        before, origin = _next_line(text, width, before, ends, bound)
        origins.append(origin)
    limit = text.right[-1] - width
    whole = [
        (cost + _last_cost(text, width, start, even=even), start)
        for edge, cost, start in before
        if edge >= limit
    ]
    cost, start = min(whole, default=(inf, 0))
    if cost >= bound:
        return inf, []
    chosen = [len(text.left)]
    for origin in reversed(origins):
        chosen.append(start)
        start = origin[start]
    return cost, chosen[::-1]


_Reached = tuple[float, float, int]
"""A place that lines reach from the top: the next line's left edge, what these cost, the next piece."""


def _next_line(
    text: Breakable, width: float, before: Sequence[_Reached], ends: Iterable[int], bound: float
) -> tuple[list[_Reached], dict[int, int]]:
    """The places that one more line reaches for less than `bound`, and where that line starts."""
    left, right, costs = text.left, text.right, text.costs
    share = 1 / width
    reached: list[_Reached] = []
    origin: dict[int, int] = {}
    for end in ends:
        limit = right[end - 1] - width
        least, best = bound, -1
        for edge, cost, start in before:
            slack = (edge - limit) * share
            if slack >= 0:
                if slack > _TWO_THIRDS:
                    cost += _STUB if start < end else inf  # noqa: PLW2901 - a new name costs a tenth
                whole = cost + slack * slack
                if whole < least:
                    least, best = whole, start
        if best >= 0:
            origin[end] = best
            reached.append((left[end], least + costs[end - 1] if costs else least, end))
    return reached, origin
