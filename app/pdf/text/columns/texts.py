"""Texts as columns: every word of all of them in one row, and what is asked of each text in others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from app.domain.template import Align, VerticalAlign
from app.pdf.text.area import Measure
from app.pdf.text.bidi import runs_left_to_right
from app.pdf.text.columns.arrays import Flags, Floats, Indices, ranks
from app.pdf.text.columns.words import (
    ADVANCE,
    BOTTOM,
    CLOSES,
    LEFT,
    NEVER_AFTER,
    NEVER_BEFORE,
    OPENS,
    OVER,
    TOP,
    Words,
)
from app.pdf.text.fit import HANGS
from app.pdf.text.hand import LARGEST_DRIFT, SPACES_KEPT, TAPE, TURNS
from app.pdf.text.lines import Hang
from app.pdf.text.paragraph import Setting, first_script

_AT_START = (Hang.START, Hang.BOTH)
_AT_END = (Hang.END, Hang.BOTH)


class Wanted(NamedTuple):
    """A text that is to be set: cleaned, at the largest size that fits, at most the one given."""

    text: str
    setting: Setting
    measure: Measure
    largest: float

    @property
    def may_be_simple(self) -> bool:
        """Whether it is one paragraph from left to right whose spaces keep their width."""
        return (
            self.setting.base == 0
            and self.measure.align is not Align.JUSTIFY
            and "\n" not in self.text
            and runs_left_to_right(self.text)
        )


class Frames(NamedTuple):
    """What texts must keep to (`Measure`, and their typefaces'), a number for each text."""

    width: Floats
    height: Floats
    smallest: Floats
    largest: Floats
    leading: Floats
    left: Floats
    bottom: Floats
    right: Floats
    top: Floats
    safe_left: Floats
    safe_bottom: Floats
    safe_right: Floats
    safe_top: Floats
    overhang: Floats
    even: Floats
    hangs_before: Floats
    hangs_behind: Floats
    at_right: Floats
    centred: Floats
    at_bottom: Floats
    in_middle: Floats
    over: Floats
    """Reach of the typeface's ordinary letters over the line."""
    under: Floats
    drift: Floats
    """The largest of the hand's; 0 where none writes."""


def _frame(setting: Setting, measure: Measure) -> tuple[float, ...]:
    """The members of `Frames` for one text."""
    area, safe, align = measure.area, measure.safe, measure.align
    over, under = setting.typeface.chain.own[0].height
    return (
        *(measure.width, measure.height, measure.smallest, measure.largest, measure.leading),
        *(area.left, area.bottom, area.right, area.top),
        *(safe.left, safe.bottom, safe.right, safe.top),
        measure.overhang,
        measure.even,
        HANGS[align.value] in _AT_START,
        HANGS[align.value] in _AT_END,
        align is Align.END,
        align is Align.CENTRE,
        measure.vertical is VerticalAlign.BOTTOM,
        measure.vertical is VerticalAlign.MIDDLE,
        over,
        under,
        LARGEST_DRIFT if setting.hand else 0.0,
    )


@dataclass(frozen=True, slots=True)
class Texts:
    """Simple texts. Text `i` has the words `starts[i]` to `starts[i + 1]` of the flat columns.

    A word stands from `begin` to `finish`, in em and summed up over all texts; a line that starts, or ends,
    with it does so at `left` and `right`, and `reach` is `right` without those that a later one undercuts.
    `reaches` are how far ink of any of a text's words may reach before, below, behind and above its place.
    """

    frames: Frames
    top: Floats
    """The largest size to be tried."""
    hands: Indices
    """Where each text begins on the tapes of turns, spaces, drifts and slopes; four rows."""
    leans: Floats
    starts: Indices
    words: Indices
    spaces: Indices
    begin: Floats
    finish: Floats
    left: Floats
    right: Floats
    reach: Floats
    opens: Floats
    closes: Floats
    reaches: Floats

    @property
    def count(self) -> int:
        """How many texts there are."""
        return len(self.starts) - 1


def texts_of(wanted: Sequence[Wanted], words: Words) -> tuple[Texts, Indices]:
    """Those texts that are simple, and which of `wanted` they are."""
    firsts, counts = _look_up(wanted, words)
    hands, leans = _hands(wanted)
    text = np.repeat(np.arange(len(wanted)), counts)
    starts = np.concatenate([[0], np.cumsum(counts)])
    place = np.arange(len(firsts)) - starts[text]
    words.ask(firsts)
    rows = firsts + _writings(firsts, words.writings[firsts], text, hands[0], place)
    words.set_missing(rows)
    fonts = words.spaces[rows]
    simple = _simple(fonts, words.flags[firsts], place, starts)
    kept = simple[text]
    rows, text, place, fonts = rows[kept], text[kept], place[kept], fonts[kept]
    spaces = fonts + (hands[1][text] + place) % SPACES_KEPT
    which = np.flatnonzero(simple)
    frames, top = _frames(wanted)
    frames = Frames(*(column[which] for column in frames))
    text = (np.cumsum(simple) - 1)[text]
    starts = np.concatenate([[0], np.cumsum(counts[which])])
    texts = _texts(frames, top[which], hands[:, which], leans[which], starts, text, rows, spaces, words)
    return texts, which


def _look_up(wanted: Sequence[Wanted], words: Words) -> tuple[Indices, Indices]:
    """The first row of every word, and how many words each text has."""
    firsts: list[int] = []
    counts: list[int] = []
    for text, setting, _, _ in wanted:
        tokens = text.split(" ")
        shelf = words.shelf(setting.typeface, first_script(text))
        firsts += map(shelf.__getitem__, tokens)
        counts.append(len(tokens))
    return np.array(firsts, np.int64), np.array(counts, np.int64)


def _hands(wanted: Sequence[Wanted]) -> tuple[Indices, Floats]:
    """Where texts begin on the tapes, and the lean of their lines."""
    hands = [each.setting.hand for each in wanted]
    starts = [hand.starts if hand else (0, 0, 0, 0) for hand in hands]
    leans = [hand.lean if hand else 0.0 for hand in hands]
    return np.ascontiguousarray(np.array(starts, np.int64).T), np.array(leans)


def _writings(firsts: Indices, counts: Indices, text: Indices, turns: Indices, place: Indices) -> Indices:
    """Which writing of each word is taken: a word that comes again in its text takes its next one."""
    first, before = ranks(text * (int(firsts.max(initial=0)) + 1) + firsts)
    chosen = TURNS[(turns[text] + place[first]) % TAPE] + before
    writings: Indices = chosen % counts
    return writings


def _simple(fonts: Indices, flags: Indices, place: Indices, starts: Indices) -> Flags:
    """Which texts are simple: all words are, in one font, and may be parted at every space."""
    least, most = np.minimum.reduceat(fonts, starts[:-1]), np.maximum.reduceat(fonts, starts[:-1])
    last = np.zeros(len(place), np.bool_)
    last[starts[1:] - 1] = True
    joined = (flags & NEVER_BEFORE != 0) & (place > 0) | (flags & NEVER_AFTER != 0) & ~last
    simple: Flags = (least == most) & (least >= 0)
    return simple & ~np.logical_or.reduceat(joined, starts[:-1])


def _frames(wanted: Sequence[Wanted]) -> tuple[Frames, Floats]:
    """What each text must keep to, and the largest size to be tried."""
    places: dict[tuple[int, int], int] = {}
    which: list[int] = []
    rows: list[tuple[float, ...]] = []
    for _, setting, measure, _ in wanted:
        key = (id(setting.typeface), id(measure))
        place = places.get(key)
        if place is None:
            place = places[key] = len(rows)
            rows.append(_frame(setting, measure))
        which.append(place)
    frames = Frames(*np.array(rows, np.float64).T[:, which])
    largest = np.array([each.largest for each in wanted])
    return frames, np.maximum(frames.smallest, np.minimum(largest, frames.largest))


def _texts(  # noqa: PLR0917 - the columns as they were made
    frames: Frames,
    top: Floats,
    hands: Indices,
    leans: Floats,
    starts: Indices,
    text: Indices,
    rows: Indices,
    spaces: Indices,
    words: Words,
) -> Texts:
    numbers = words.numbers[:, rows]
    steps = numbers[ADVANCE] + words.numbers[ADVANCE][spaces]
    begin = np.cumsum(steps) - steps
    finish = begin + numbers[ADVANCE]
    right = finish - numbers[CLOSES] * frames.hangs_behind[text]
    low, high = np.minimum.reduceat, np.maximum.reduceat
    ways = ((low, LEFT), (low, BOTTOM), (high, OVER), (high, TOP))
    return Texts(
        frames=frames,
        top=top,
        hands=hands,
        leans=leans,
        starts=starts,
        words=rows,
        spaces=spaces,
        begin=begin,
        finish=finish,
        left=begin + numbers[OPENS] * frames.hangs_before[text],
        right=right,
        reach=np.minimum.accumulate(right[::-1])[::-1],
        opens=numbers[OPENS],
        closes=numbers[CLOSES],
        reaches=np.array([way(numbers[row], starts[:-1]) for way, row in ways]),
    )
