"""Many texts at once, from what they say to the operators that show them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from app.pdf.text.columns.fit import fit
from app.pdf.text.columns.matrices import line_matrices
from app.pdf.text.columns.places import Placed
from app.pdf.text.columns.texts import Texts, Wanted, texts_of
from app.pdf.text.columns.words import Words
from app.pdf.text.operators import CLOSE
from app.pdf.text.place import SetText

Done = SetText | None


def set_texts(wanted: Sequence[Wanted], words: Words) -> list[tuple[bool, Done]]:
    """Whether each text was simple, and then as it is set; None where it fits at no size.

    What comes out for a text does not depend on the others.
    """
    done: list[tuple[bool, Done]] = [(False, None)] * len(wanted)
    simple = [index for index, each in enumerate(wanted) if each.may_be_simple]
    if not simple:
        return done
    texts, which = texts_of([wanted[index] for index in simple], words)
    places = [simple[index] for index in which.tolist()]
    for place in places:
        done[place] = True, None
    for placed in fit(texts, words):
        for text, shown in zip(placed.texts.tolist(), _shown(texts, words, placed), strict=True):
            done[places[text]] = True, shown
    return done


def _shown(texts: Texts, words: Words, placed: Placed) -> list[SetText]:
    """Placed texts with their operators."""
    if not len(placed.texts):
        return []
    starts, ends = texts.starts[placed.texts], texts.starts[placed.texts + 1]
    heads = [words.heads[font] for font in words.spaces[texts.words[starts]].tolist()]
    lines = line_matrices(placed.line_size, placed.slope, placed.x, placed.y)
    turns = _in_turns(texts, words, placed, lines, heads)
    late = np.concatenate([[0], np.cumsum(words.late[texts.words])])
    any_late = late[ends] > late[starts]
    at_texts = (placed.size, placed.free, placed.first[:-1], starts, ends, any_late)
    done = []
    at = 0
    rows = zip(heads, *(column.tolist() for column in at_texts), strict=True)
    for (font, opens), size, free, line, start, end, is_late in rows:
        stop = at + 2 * (end - start)
        shown = "".join([font, lines[line], opens, *turns[at:stop]])
        own, space = texts.words[start:end], texts.spaces[start : start + (end - start > 1)]
        text = SetText(size, [], free, shown, (own, space))
        if is_late:
            text.late = words.runs_at(own[words.late[own]])
        done.append(text)
        at = stop
    return done


def _in_turns(
    texts: Texts, words: Words, placed: Placed, lines: Sequence[str], heads: Sequence[tuple[str, str]]
) -> list[str]:
    """The codes of words and spaces in turns; where a line ends, what ends it and begins the next one."""
    counts = placed.end - placed.start
    ends = np.cumsum(counts)
    place = np.repeat(placed.start - ends + counts, counts) + np.arange(counts.sum())
    turns = np.empty(2 * len(place), object)
    turns[::2] = words.codes[texts.words[place]]
    turns[1::2] = words.codes[texts.spaces[place]]
    tails = np.empty(len(lines), object)
    first = placed.first.tolist()
    for (_, opens), (start, end) in zip(heads, pairwise(first), strict=True):
        tails[start : end - 1] = [f"{CLOSE}{line}{opens}" for line in lines[start + 1 : end]]
        tails[end - 1] = CLOSE
    turns[2 * ends - 1] = tails
    shown: list[str] = turns.tolist()
    return shown
