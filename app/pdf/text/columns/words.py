"""The words that were ever set, a row for each way of writing one, in columns that many texts can be set by.

Only *simple* words have numbers here: those that are one piece of one font of letters, from left to right. A
text with any other word is set by itself (`text/fit.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np

from app.pdf.text.breaks import may_not_break_after, may_not_break_before
from app.pdf.text.columns.arrays import Flags, Floats, Indices, Strings
from app.pdf.text.columns.letters import Letters
from app.pdf.text.face import Face
from app.pdf.text.hand import SPACES_KEPT
from app.pdf.text.itemise import NoGlyph
from app.pdf.text.operators import OPEN, choose_font
from app.pdf.text.piece import CLOSING, OPENING
from app.pdf.text.run import Run
from app.pdf.text.shape import Typeface

ADVANCE, OPENS, CLOSES, LEFT, BOTTOM, OVER, TOP = range(7)
"""The rows of `Words.numbers`; a piece's, in em."""
_NOT_SET: Final = -1
_NOT_SIMPLE: Final = -2
NEVER_BEFORE, NEVER_AFTER = 1, 2
"""Flags of words at whose beginning or end a space may be no place to break."""
_MOST_ROWS = 20_000
"""Some 16 MB. Where there are more, those are kept that were asked for twice since the last time."""
_IN_USE = 2


class _Token(NamedTuple):
    """A word as it is said, and how many writings it has."""

    shelf: Shelf
    text: str
    writings: int
    flags: int


class Words:
    """Rows of all typefaces. A token's writings have rows next to each other, from its *first* on."""

    def __init__(self) -> None:
        """No word is known."""
        self._shelves: dict[tuple[Typeface, str], Shelf] = {}
        self._spaces: dict[tuple[Typeface, Face], int] = {}
        self._tokens: dict[int, _Token] = {}
        """By their first rows."""
        self._firsts: list[int] = []
        """The first row of each row's word."""
        self._most = _MOST_ROWS
        self._asked: Indices = np.empty(0, np.int64)
        """By first row: how often a word was asked for since others were forgotten."""
        self.heads: dict[int, tuple[str, str]] = {}
        """By a font's first space: what chooses the font, and what opens each of its lines."""
        self.runs: list[Run | None] = []
        self.numbers: Floats = np.empty((7, 0))
        self.codes: Strings = np.empty(0, object)
        self.late: Flags = np.empty(0, np.bool_)
        """Whether the file has to put CIDs into a word's code."""
        self.spaces: Indices = np.empty(0, np.int64)
        """Where the spaces of a word's font begin; less than 0 where it is not simple or not set."""
        self.writings: Indices = np.empty(0, np.int64)
        self.flags: Indices = np.empty(0, np.int64)

    def shelf(self, typeface: Typeface, script: str) -> Shelf:
        """The words of a typeface that stand after others of a script."""
        shelf = self._shelves.get((typeface, script))
        if shelf is None:
            shelf = self._shelves[typeface, script] = Shelf(self, typeface, script)
        return shelf

    def add(self, shelf: Shelf, text: str) -> int:
        """Rows for a new token's writings, still empty; gives the first."""
        flags = NEVER_BEFORE * may_not_break_before(text) | NEVER_AFTER * may_not_break_after(text)
        return self._add(_Token(shelf, text, shelf.typeface.writings(text), flags))

    def _add(self, token: _Token) -> int:
        first = len(self.runs)
        self._tokens[first] = token
        self._firsts += [first] * token.writings
        self.runs += [None] * token.writings
        return first

    def ask(self, firsts: Indices) -> None:
        """Give the columns a place for every row, and note that these words are in use."""
        self._make_room()
        self._asked[firsts] += 1  # once, however often it is there

    def _make_room(self) -> None:
        new = [self._tokens[first] for first in self._firsts[len(self.writings) :]]
        if not new:
            return
        self.writings = np.concatenate([self.writings, np.array([token.writings for token in new])])
        self.flags = np.concatenate([self.flags, np.array([token.flags for token in new])])
        more = len(self.runs) - len(self.spaces)
        if more > 0:
            more += len(self.runs) // 2
            self.spaces = np.concatenate([self.spaces, np.full(more, _NOT_SET)])
            self.late = np.concatenate([self.late, np.zeros(more, np.bool_)])
            self._asked = np.concatenate([self._asked, np.zeros(more, np.int64)])
            self.codes = np.concatenate([self.codes, np.full(more, "", object)])
            self.numbers = np.concatenate([self.numbers, np.zeros((7, more))], axis=1)

    def make_space(self) -> None:
        """Where there are too many rows, forget the words that are not in use.

        All rows get other numbers then: no text may still name one.
        """
        if len(self.runs) > self._most:
            self._make_room()
            self.forget_rare()
            self._most = max(_MOST_ROWS, 2 * len(self.runs))

    def forget_rare(self) -> None:
        """Keep only the words that were asked for twice since this was last done, and the spaces."""
        self._asked[list(self.heads)] = _IN_USE
        firsts = np.array(self._firsts, np.int64)
        rows = np.flatnonzero(self._asked[firsts] >= _IN_USE)
        place = np.full(len(firsts), _NOT_SET)
        place[rows] = np.arange(len(rows))
        tokens = [(int(place[first]), token) for first, token in self._tokens.items()]
        self._tokens = {first: token for first, token in tokens if first != _NOT_SET}
        self._firsts = place[firsts[rows]].tolist()
        self.runs = [self.runs[row] for row in rows.tolist()]
        for shelf in self._shelves.values():
            kept = {text: int(place[first]) for text, first in shelf.items() if place[first] != _NOT_SET}
            shelf.clear()
            shelf.update(kept)
        self._spaces = {font: int(place[first]) for font, first in self._spaces.items()}
        self.heads = {int(place[first]): head for first, head in self.heads.items()}
        spaces = self.spaces[rows]
        self.spaces = np.where(spaces >= 0, place[spaces], spaces)
        self.writings, self.flags, self.late = self.writings[rows], self.flags[rows], self.late[rows]
        self.codes, self.numbers = self.codes[rows], np.ascontiguousarray(self.numbers[:, rows])
        self._asked = np.zeros(len(rows), np.int64)

    def set_missing(self, rows: Indices) -> None:
        """Set those of these words that no text had before."""
        missing: dict[Letters, list[tuple[int, str, int]]] = {}
        for row in np.unique(rows[self.spaces[rows] == _NOT_SET]).tolist():
            first = self._firsts[row]
            token = self._tokens[first]
            missing.setdefault(token.shelf.letters, []).append((row, token.text, row - first))
        for letters, wanted in missing.items():
            new, texts, writings = zip(*wanted, strict=True)
            runs = letters.write(texts, writings)
            self._put({row: run for row, run in zip(new, runs, strict=True) if run is not None})
            for row, run in zip(new, runs, strict=True):
                if run is None and self.spaces[row] == _NOT_SET:
                    self._set(row)

    def _set(self, row: int) -> None:
        """Set a word that has more than plain letters."""
        first = self._firsts[row]
        shelf, text, writings, _ = self._tokens[first]
        every = range(first, first + writings)
        try:
            word = shelf.typeface.write(text, shelf.script, 0, row - first)
        except NoGlyph:
            self.spaces[every] = _NOT_SIMPLE
            return
        piece = word.pieces[0] if len(word.pieces) == 1 and word.leaves == shelf.script else None
        if piece is None or not piece.is_letters:
            self.spaces[every] = _NOT_SIMPLE
        else:
            self._put(dict.fromkeys([row] if word.varies else every, piece.run))

    def _put(self, made: Mapping[int, Run]) -> None:
        """Keep the runs of simple words of one typeface by their rows."""
        if not made:
            return
        rows, runs = list(made), list(made.values())
        tokens = [self._tokens[self._firsts[row]] for row in rows]
        ends = [(token.text, run.glyphs) for token, run in zip(tokens, runs, strict=True)]
        lengths = ("left", "bottom", "over", "top")
        self.spaces[rows] = self._spaces_of(tokens[0].shelf.typeface, runs[0].face)
        self.codes[rows] = [run.code for run in runs]
        self.late[rows] = [bool(run.late) for run in runs]
        self.numbers[:, rows] = [
            [run.advance for run in runs],
            [glyphs[0].advance if text[0] in OPENING else 0.0 for text, glyphs in ends],
            [glyphs[-1].advance if text[-1] in CLOSING else 0.0 for text, glyphs in ends],
            *([getattr(run, length) for run in runs] for length in lengths),
        ]
        for row, run in made.items():
            self.runs[row] = run

    def _spaces_of(self, typeface: Typeface, face: Face) -> int:
        """The row of the first of a font's spaces."""
        first = self._spaces.get((typeface, face))
        if first is None:
            space = _Token(Shelf(self, typeface, ""), " ", SPACES_KEPT, 0)
            first = self._spaces[typeface, face] = self._add(space)
            self.heads[first] = choose_font(face), "" if typeface.written else OPEN
            self._make_room()
            runs = typeface.spaces(face).runs[:SPACES_KEPT]
            self.runs[first:] = runs
            self.codes[first : first + SPACES_KEPT] = [run.code for run in runs]
            self.numbers[ADVANCE, first : first + SPACES_KEPT] = [run.advance for run in runs]
        return first

    def runs_at(self, rows: Indices) -> tuple[Run, ...]:
        """The runs of rows, in their order."""
        return tuple(run for row in rows.tolist() if (run := self.runs[row]) is not None)

    def runs_of(self, rows: Iterable[Indices]) -> tuple[Run, ...]:
        """The runs of rows, each once."""
        shown = np.zeros(len(self.runs), np.bool_)
        shown[np.concatenate([np.empty(0, np.int64), *rows])] = True
        return self.runs_at(np.flatnonzero(shown))


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
