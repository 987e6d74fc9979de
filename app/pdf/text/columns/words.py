"""The words that were ever set, a row for each way of writing one, in columns that many texts can be set by.

Only *simple* words have numbers here: those that are one piece of one font of letters, from left to right. A
text with any other word is set by itself (`fit.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Final

import numpy as np

from app.pdf.text.breaks import may_not_break_after, may_not_break_before
from app.pdf.text.columns.arrays import Flags, Floats, Indices, Strings
from app.pdf.text.columns.letters import Letters
from app.pdf.text.face import Face
from app.pdf.text.hand import SPACES_KEPT
from app.pdf.text.itemise import NoGlyph
from app.pdf.text.operators import OPEN, choose_font
from app.pdf.text.shape import CLOSING, OPENING, Piece, Run, Typeface

ADVANCE, OPENS, CLOSES, LEFT, BOTTOM, OVER, TOP = range(7)
"""The rows of `Words.numbers`; a piece's, in em."""
_NOT_SET: Final = -1
_NOT_SIMPLE: Final = -2
NEVER_BEFORE, NEVER_AFTER = 1, 2
"""Flags of words at whose beginning or end a space may be no place to break."""
_MOST_ROWS = 80_000
"""Some 40 MB; what has more is forgotten and set again."""


class Words:
    """Rows of all typefaces. A token's writings have rows next to each other, from its *first* on."""

    def __init__(self) -> None:
        """No word is known."""
        self.forget()

    def forget(self) -> None:
        """Begin anew: every row that was ever given out is void."""
        self._shelves: dict[tuple[Typeface, str], Shelf] = {}
        self._spaces: dict[tuple[Typeface, Face], int] = {}
        self._tokens: list[tuple[Shelf, str, int]] = []
        self.heads: dict[int, tuple[str, str]] = {}
        """By a font's first space: what chooses the font, and what opens each of its lines."""
        self._counts: list[int] = []
        self._flags: list[int] = []
        self.runs: list[Run | None] = []
        self.numbers: Floats = np.empty((7, 0))
        self.codes: Strings = np.empty(0, object)
        self.spaces: Indices = np.empty(0, np.int64)
        """Where the spaces of a word's font begin; none where it is not simple or not set."""
        self.late: Flags = np.empty(0, np.bool_)
        """Whether the file has to put CIDs into a word's code."""
        self.counts: Indices = np.empty(0, np.int64)
        """How many writings a word has."""
        self.flags: Indices = np.empty(0, np.int64)

    @property
    def is_full(self) -> bool:
        """Whether it should be forgotten before more is set."""
        return len(self._tokens) > _MOST_ROWS

    def shelf(self, typeface: Typeface, script: str) -> Shelf:
        """The words of a typeface that stand after others of a script."""
        shelf = self._shelves.get((typeface, script))
        if shelf is None:
            shelf = self._shelves[typeface, script] = Shelf(self, typeface, script)
        return shelf

    def add(self, shelf: Shelf, token: str) -> int:
        """Rows for a new token's writings, still empty; gives the first."""
        first, count = len(self._tokens), shelf.typeface.writings(token)
        flags = NEVER_BEFORE * may_not_break_before(token) | NEVER_AFTER * may_not_break_after(token)
        self._tokens += [(shelf, token, first)] * count
        self._counts += [count] * count
        self._flags += [flags] * count
        self.runs += [None] * count
        return first

    def make_room(self) -> None:
        """Give the columns a place for every row."""
        known, wanted = len(self.counts), len(self._tokens)
        if wanted == known:
            return
        self.counts = np.concatenate([self.counts, np.array(self._counts[known:])])
        self.flags = np.concatenate([self.flags, np.array(self._flags[known:])])
        more = wanted - len(self.spaces)
        if more > 0:
            more += wanted // 2
            self.spaces = np.concatenate([self.spaces, np.full(more, _NOT_SET)])
            self.late = np.concatenate([self.late, np.zeros(more, np.bool_)])
            self.codes = np.concatenate([self.codes, np.full(more, "", object)])
            self.numbers = np.concatenate([self.numbers, np.zeros((7, more))], axis=1)

    def set_missing(self, rows: Indices) -> None:
        """Set those of these words that no text had before."""
        missing: dict[Letters, list[int]] = {}
        for row in np.unique(rows[self.spaces[rows] == _NOT_SET]).tolist():
            missing.setdefault(self._tokens[row][0].letters, []).append(row)
        for letters, new in missing.items():
            known = [self._tokens[row] for row in new]
            writings = [row - first for row, (_, _, first) in zip(new, known, strict=True)]
            runs = dict(zip(new, letters.write([token for _, token, _ in known], writings), strict=True))
            self._put_all(letters.typeface, {row: run for row, run in runs.items() if run is not None})
            for row, run in runs.items():
                if run is None and self.spaces[row] == _NOT_SET:
                    self._set(row)

    def _put_all(self, typeface: Typeface, made: Mapping[int, Run]) -> None:
        """Keep the runs of plain words by their rows."""
        if not made:
            return
        rows, runs = list(made), list(made.values())
        spaces = self._spaces_of(typeface, runs[0].face)
        ends = [(self._tokens[row][1], run.glyphs) for row, run in made.items()]
        opens = [glyphs[0].advance if word[0] in OPENING else 0.0 for word, glyphs in ends]
        closes = [glyphs[-1].advance if word[-1] in CLOSING else 0.0 for word, glyphs in ends]
        lengths = ("left", "bottom", "over", "top")
        self.codes[rows] = [run.code for run in runs]
        self.numbers[:, rows] = [
            [run.advance for run in runs],
            opens,
            closes,
            *([getattr(run, length) for run in runs] for length in lengths),
        ]
        for row, run in made.items():
            self.runs[row] = run
        self.spaces[rows] = spaces

    def _set(self, row: int) -> None:
        shelf, token, first = self._tokens[row]
        typeface = shelf.typeface
        every = slice(first, first + self._counts[row])
        try:
            word = typeface.write(token, shelf.script, 0, row - first)
        except NoGlyph:
            self.spaces[every] = _NOT_SIMPLE
            return
        piece = word.pieces[0] if len(word.pieces) == 1 and word.leaves == shelf.script else None
        if piece is None or not piece.is_letters:
            self.spaces[every] = _NOT_SIMPLE
            return
        same = slice(row, row + 1) if word.varies else every
        spaces = self._spaces_of(typeface, piece.face)
        self._put(same, piece.run, piece)
        self.spaces[same] = spaces

    def _put(self, rows: slice, run: Run, piece: Piece) -> None:
        self.codes[rows] = run.code
        self.late[rows] = bool(run.late)
        self.numbers[:, rows] = np.array((piece.advance, piece.opens, piece.closes, *piece.reach))[:, None]
        self.runs[rows] = [run] * (rows.stop - rows.start)

    def _spaces_of(self, typeface: Typeface, face: Face) -> int:
        """The row of the first of a font's spaces."""
        first = self._spaces.get((typeface, face))
        if first is None:
            first = self._spaces[typeface, face] = len(self._tokens)
            self._tokens += [(Shelf(self, typeface, ""), " ", first)] * SPACES_KEPT
            self._counts += [1] * SPACES_KEPT
            self._flags += [0] * SPACES_KEPT
            self.runs += [None] * SPACES_KEPT
            self.heads[first] = choose_font(face), "" if typeface.written else OPEN
            self.make_room()
            for index, run in enumerate(typeface.spaces(face).runs[:SPACES_KEPT]):
                row = first + index
                self.runs[row] = run
                self.codes[row] = run.code
                self.numbers[ADVANCE, row] = run.advance
        return first

    def runs_at(self, rows: Indices) -> tuple[Run, ...]:
        """The runs of rows, in their order."""
        return tuple(run for row in rows.tolist() if (run := self.runs[row]) is not None)

    def runs_of(self, rows: Iterable[Indices]) -> tuple[Run, ...]:
        """The runs of rows, each once."""
        return self.runs_at(np.unique(np.concatenate([np.empty(0, np.int64), *rows])))


class Shelf(dict[str, int]):
    """The first row of each known token of a typeface and script. One that is asked for becomes known."""

    def __init__(self, words: Words, typeface: Typeface, script: str) -> None:
        """Empty."""
        super().__init__()
        self.typeface = typeface
        self.script = script
        self._words = words

    @cached_property
    def letters(self) -> Letters:
        """Writes its new words."""
        return Letters(self.typeface, self.script)

    def __missing__(self, token: str) -> int:
        """A new token's."""
        first = self[token] = self._words.add(self, token)
        return first
