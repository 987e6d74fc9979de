"""Writes new words many at once, letter by letter from columns, where HarfBuzz would do no more than that.

Letters of some scripts stand beside each other, each as it is, moved by kerning alone. HarfBuzz is asked
for each letter alone, and for every pair of shapes that was not met before, many in one call; a word is then
a sum of what is known. Words with anything else (a ligature, a mark, a letter that changes another) are
shaped whole (`text/shape.py`), to which this comes out the same: a test of many words holds it there.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from app.pdf.text.breaks import cuts, is_one_piece
from app.pdf.text.cluster import shaped
from app.pdf.text.columns.arrays import Floats, Indices, Strings, ranks
from app.pdf.text.columns.kerns import Kerns
from app.pdf.text.glyph import Glyph
from app.pdf.text.grid import PER_EM, on_grid
from app.pdf.text.hand import LETTER_RISES, RISE_STEP, SPACINGS, TAPE, WORD_RISES
from app.pdf.text.itemise import Item, NoGlyph, itemise
from app.pdf.text.run import CLOSED, Run, at_height
from app.pdf.text.shape import Typeface

_SCRIPTS = frozenset({"Latn", "Grek", "Cyrl"})
"""Where a letter's shape never depends on more than its neighbours."""
_NOT_PLAIN: Final = -1


class _Columns(NamedTuple):
    """A row for each shape: its glyph, of how many shapes of what character it is one, and its measures.

    `units` is the advance in font units, `advance` in em as PDF moves; `ink` are the edges of the ink.
    """

    shape: Sequence[int]
    code: Strings
    shapes: Indices
    character: Indices
    units: Indices
    advance: Floats
    ink: Floats


class Letters:
    """The plain letters of a typeface's font for a script: a row for each of their shapes."""

    def __init__(self, typeface: Typeface, script: str) -> None:
        """None is known."""
        self.typeface = typeface
        self._face = face = typeface.chain.preferred(script)[0]
        self._item = Item(0, 1, 0, script, face)
        self.varies = typeface.varies(self._item)
        """Whether a hand moves them."""
        self._may_write = script in _SCRIPTS and self.varies == typeface.written
        self._firsts = _Firsts(self)
        self._glyphs: list[Glyph] = []
        self._shapes: list[int] = []
        self._columns: _Columns | None = None
        self._kerns = Kerns(face, script, typeface.language, typeface.features(self._item))

    def write(self, words: Sequence[str], writings: Sequence[int]) -> list[Run | None]:
        """The runs of words, each in one of its writings; None where one has other than plain letters."""
        runs: list[Run | None] = [None] * len(words)
        which, rows = self._plain(words)
        if not which:
            return runs
        writing = np.array([writings[index] for index in which])
        crc = np.array([zlib.crc32(words[index].encode()) for index in which])
        counts = np.array([len(words[index]) for index in which])
        word = np.repeat(np.arange(len(which)), counts)
        starts = np.concatenate([[0], np.cumsum(counts)])
        drawn = self._drawn(np.array(rows), word, (crc >> 16) + writing)
        inner = np.flatnonzero(word[:-1] == word[1:])
        kerns = np.zeros(len(drawn), np.int64)
        kerns[inner], joined = self._kerns.of(drawn[inner], drawn[inner + 1], self._known.shape)
        bad = np.zeros(len(which), np.bool_)
        bad[word[inner[joined]]] = True
        made = self._made(drawn, kerns, word, starts, crc + writing * 1021)
        for index, run, is_bad in zip(which, made, bad.tolist(), strict=True):
            runs[index] = None if is_bad else run
        return runs

    def _plain(self, words: Sequence[str]) -> tuple[list[int], list[int]]:
        """Which words have only plain letters, and the first rows of all of those."""
        which: list[int] = []
        rows: list[int] = []
        if self._may_write:
            for index, word in enumerate(words):
                own = [*map(self._firsts.__getitem__, word)]
                if own and min(own) != _NOT_PLAIN and self._is_whole(word):
                    which.append(index)
                    rows += own
        return which, rows

    def _is_whole(self, word: str) -> bool:
        """Whether no line may end within it."""
        typeface = self.typeface
        if typeface.hyphenate is None and is_one_piece(word):
            return True
        return len(cuts(word, typeface.language, typeface.hyphenate)) == 1

    def add(self, character: str) -> int:
        """Rows for a character's shapes; gives the first. It is plain if it is one glyph of its own."""
        face, item, typeface = self._face, self._item, self.typeface
        try:
            if itemise(character, 0, typeface.chain, item.script) != [item]:
                return _NOT_PLAIN
            found = shaped(character, item, typeface.language, typeface.features(item))
        except NoGlyph:
            return _NOT_PLAIN
        if len(found) != 1:
            return _NOT_PLAIN
        shape, _, advance, dx, dy, _ = found[0]
        others = face.alternate_shapes(character)[: face.others[character]]
        has_others = self.varies and face.has_alternates
        glyphs = [face.glyphs.of(each, character) for each in (shape, *(others if has_others else ()))]
        usual = advance == face.advance(shape) and not dx and not dy
        if not usual or not all(g.cid and g.ink and face.advance(g.shape) > 0 for g in glyphs):
            return _NOT_PLAIN
        first = len(self._glyphs)
        self._glyphs += glyphs
        self._shapes += [len(glyphs)] * len(glyphs)
        self._columns = None
        return first

    @property
    def _known(self) -> _Columns:
        if self._columns is None:
            glyphs = self._glyphs
            self._columns = _Columns(
                [glyph.shape for glyph in glyphs if isinstance(glyph.shape, int)],
                np.array([glyph.code for glyph in glyphs], object),
                np.array(self._shapes),
                np.array([ord(glyph.text) for glyph in glyphs]),
                np.array([self._face.advance(glyph.shape) for glyph in glyphs]),
                np.array([glyph.advance for glyph in glyphs]),
                np.array([glyph.ink or (0.0,) * 4 for glyph in glyphs]).T,
            )
        return self._columns

    def _drawn(self, rows: Indices, word: Indices, turns: Indices) -> Indices:
        """The shape of each letter: equal letters of a word take one after the other (`hand.alternates`)."""
        if not self.varies:
            return rows
        _, before = ranks(word * len(self._glyphs) + rows)
        turn = turns[word] + self._known.character[rows] * 5 + before
        drawn: Indices = rows + turn % self._known.shapes[rows]
        return drawn

    def _made(
        self, drawn: Indices, kerns: Indices, word: Indices, starts: Indices, turns: Indices
    ) -> list[Run]:
        """The runs of words, as `run_of` makes one: `drawn` are the rows of their letters."""
        known, face = self._known, self._face
        first, last = starts[:-1], starts[1:] - 1
        steps = np.rint((known.units[drawn] + kerns) * face.scale * PER_EM) / PER_EM
        steps += on_grid(self.typeface.tracking)
        rises = np.zeros(len(drawn), np.int64)
        if self.varies:
            place = np.arange(len(drawn)) - first[word]
            steps += SPACINGS[((turns >> 6)[word] + place) % TAPE]
            rise = WORD_RISES[(turns >> 12) % TAPE][word] + LETTER_RISES[(turns[word] + place) % TAPE]
            rises = np.rint(rise / RISE_STEP).astype(np.int64)
        wanted, end = _sums(steps, word, first, last)
        moved, moved_end = _sums(known.advance[drawn], word, first, last)
        own = face.file.scale
        given = np.rint((moved - wanted) * 1000 / own).astype(np.int64)
        given_end = np.rint((moved_end - end) * 1000 / own).astype(np.int64)
        corrections = given - np.concatenate([[0], given[:-1]])
        corrections[first] = 0
        codes = self._codes(drawn, rises, corrections, given_end - given[last], starts)
        advance = np.rint((moved_end - given_end * own / 1000) * PER_EM) / PER_EM
        ink = known.ink[:, drawn]
        lefts = np.minimum(0.0, np.minimum.reduceat(wanted + ink[0], first))
        bottoms = np.minimum.reduceat(rises * RISE_STEP + ink[1], first)
        overs = np.maximum(0.0, np.maximum.reduceat(wanted + ink[2], first) - advance)
        tops = np.maximum.reduceat(rises * RISE_STEP + ink[3], first)
        glyphs = [*map(self._glyphs.__getitem__, drawn.tolist())]
        shown = [tuple(glyphs[a:b]) for a, b in pairwise(starts.tolist())]
        columns = (column.tolist() for column in (advance, lefts, bottoms, overs, tops))
        return [
            Run(face, 0, each, code, ahead, left, bottom, over, top, self.typeface.written)
            for each, code, ahead, left, bottom, over, top in zip(shown, codes, *columns, strict=True)
        ]

    def _codes(
        self, drawn: Indices, rises: Indices, corrections: Indices, at_end: Indices, starts: Indices
    ) -> list[str]:
        """What shows each word: heights where they change, corrections, the letters' codes."""
        parts = np.empty((len(drawn), 3), object)
        parts[:, 0] = ""
        if self.varies:
            changed = rises != np.concatenate([[0], rises[:-1]])
            changed[starts[:-1]] = True
            parts[changed, 0] = _HEIGHTS.of(rises[changed])
        parts[:, 1] = _CORRECTIONS.of(corrections)
        parts[:, 2] = self._known.code[drawn]
        ends = _CORRECTIONS.of(at_end)
        flat = parts.ravel().tolist()
        skipped = len(CLOSED) if self.typeface.written else 0
        return [
            f"{''.join(flat[3 * a : 3 * b])}{end}"[skipped:].replace("<>", "")
            for (a, b), end in zip(pairwise(starts.tolist()), ends, strict=True)
        ]


def _sums(steps: Floats, word: Indices, first: Indices, last: Indices) -> tuple[Floats, Floats]:
    """Where each letter of a word stands, and where the word ends."""
    ends = np.cumsum(steps)
    begin = (ends - steps)[first]
    return ends - steps - begin[word], ends[last] - begin


class _Spelled(dict[int, str]):
    """What is written for a number; the same few hundred come again and again."""

    def __init__(self, spell: Callable[[int], str]) -> None:
        super().__init__()
        self._spell = spell

    def __missing__(self, number: int) -> str:
        spelled = self[number] = self._spell(number)
        return spelled

    def of(self, numbers: Indices) -> list[str]:
        """Each number's."""
        return [*map(self.__getitem__, numbers.tolist())]


_HEIGHTS = _Spelled(at_height)
_CORRECTIONS = _Spelled(lambda by: f">{by}<" if by else "")


class _Firsts(dict[str, int]):
    """The first row of each character's shapes; less than 0 where it is not plain."""

    def __init__(self, letters: Letters) -> None:
        super().__init__()
        self._letters = letters

    def __missing__(self, character: str) -> int:
        first = self[character] = self._letters.add(character)
        return first
