"""Pieces of words, and words: rows of what breaking and placing asks of them."""

from __future__ import annotations

from typing import NamedTuple

from app.pdf.text.emoji import EmojiPage
from app.pdf.text.face import Face
from app.pdf.text.run import Run

OPENING = frozenset("\u201c\u2018\u201e\u201a\u00ab\u2039\"'\u300c\u300e")
CLOSING = frozenset("\u201d\u2019\u201c\u2018\u00bb\u203a\"'.,\u060c\u3001\u3002\u300d\u300f-\u2013")


class Piece(NamedTuple):
    """What is never broken over two lines. A row of what is asked of every piece of a text.

    `run` is the first of its `runs`, which are in reading order, and `code` its code. `face` is the last
    one's. `simple` tells that there is only one, left to right, whose code needs nothing put in. `opens` and
    `closes` are the advances of a mark at its beginning and end that may hang outside of a line. `reach` is
    how far ink may reach before its start, below, behind its end and above. `hyphen` is shown, and
    `hyphenated` true, where a line that ends here says so.
    """

    run: Run
    code: str
    face: Face
    advance: float
    simple: bool
    opens: float
    closes: float
    reach: tuple[float, float, float, float]
    hyphenated: bool
    hyphen: Run | None
    runs: tuple[Run, ...]
    text: str

    @property
    def is_letters(self) -> bool:
        """Whether it is one run of letters from left to right, with no hyphen to be shown."""
        one = len(self.runs) == 1 and not self.run.level and not self.hyphenated
        return one and not isinstance(self.face, EmojiPage)


def piece_of(text: str, runs: tuple[Run, ...], hyphen: Run | None, *, hyphenated: bool) -> Piece:
    """The piece of a word that says `text` by `runs`; `hyphen` is shown where a line ends with it."""
    first = runs[0]
    if len(runs) == 1:
        advance = first.advance
        reach = first.left, first.bottom, first.over, first.top
    else:
        advance = sum(run.advance for run in runs)
        lefts, bottoms, overs, tops = zip(*((r.left, r.bottom, r.over, r.top) for r in runs), strict=True)
        reach = min(lefts), min(bottoms), max(overs), max(tops)
    return Piece(  # by position: a new word would pay for the names
        first,
        first.code,
        runs[-1].face,
        advance,
        len(runs) == 1 and not first.level and not first.late,
        _edge(first, first=True) if text[:1] in OPENING else 0.0,
        _edge(runs[-1], first=False) if text[-1:] in CLOSING else 0.0,
        reach,
        hyphenated,
        hyphen,
        runs,
        text,
    )


def _edge(run: Run, *, first: bool) -> float:
    """The advance of the character at one end of a piece."""
    at_left = first == (run.level % 2 == 0)
    return run.glyphs[0 if at_left else -1].advance if run.glyphs else 0.0


class Word(NamedTuple):
    """A word's pieces, and the script that what follows it is in, where that says none itself.

    Where it does not vary, all its writings are the same.
    """

    pieces: tuple[Piece, ...]
    leaves: str
    varies: bool
