"""Shapes words with HarfBuzz, once for all sizes, cards and files, into the form in which they are shown.

A word is what stands between two spaces. It is shaped whole and then cut into pieces where a line may end
within it: after a hyphen, between Chinese characters, between the words of Thai. So letters join and kern
as in the whole, wherever the line is broken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from app.pdf.text.breaks import Cut, cuts
from app.pdf.text.cluster import START, Features, shaped
from app.pdf.text.emoji import EmojiPage
from app.pdf.text.face import Face
from app.pdf.text.hand import (
    SEPARATE_SCRIPTS,
    SPACE_SWAYS,
    SPACES_KEPT,
    TAPE,
    Sways,
    alternates,
    sways,
    writings_of,
)
from app.pdf.text.itemise import COMMON, Chain, Item, itemise, script_of
from app.pdf.text.piece import Piece, Word, piece_of
from app.pdf.text.run import Row, Run, run_of, space_of
from app.pdf.text.shelf import Shelf

_SOFT_HYPHEN = "\u00ad"
_HYPHENS = ("\u2010", "-")
_WRITTEN_KEPT, _PRINTED_KEPT = 8_000, 1_000
"""Words of half a shelf, 1 kB for each writing. Print is mostly fixed texts, and codes that come once."""
_LONG = 7
"""Characters of a word that has fewer writings."""


class Spaces(NamedTuple):
    """Tapes of a font's spaces."""

    runs: list[Run]
    codes: list[str]
    advances: list[float]


Writings = list[Word | None]
"""A place for each of a word's writings."""
Levels = int | tuple[int, ...]
"""The level of all of a word, or of each of its characters."""


@dataclass(frozen=True, eq=False)
class Typeface:
    """A chain of fonts and the way text is set in it; keeps the words that it has shaped.

    `tracking` is added to each advance, em. `hyphenate` gives the places where a word may be hyphenated.
    """

    chain: Chain
    language: str
    tracking: float = 0.0
    written: bool = False
    """By hand: its own fonts vary, those that stand in keep their letters."""
    hyphenate: Callable[[str, str], Sequence[int]] | None = None
    _words: dict[tuple[str, Levels], Shelf[Writings]] = field(default_factory=dict)
    _spaces: dict[Face, Spaces] = field(default_factory=dict)

    def shelf(self, script: str, levels: Levels) -> Shelf[Writings]:
        """The known words of a script and direction: a place for each of a word's writings."""
        shelf = self._words.get((script, levels))
        if shelf is None:
            shelf = self._words[script, levels] = Shelf(_WRITTEN_KEPT if self.written else _PRINTED_KEPT)
        shelf.make_room()
        return shelf

    def writings(self, word: str) -> int:
        """How many ways a word is written. Long words seldom come twice on a card: two are enough."""
        return self._writings if len(word) < _LONG else min(self._writings, 2)

    @cached_property
    def _writings(self) -> int:
        return writings_of(self.chain.own[0]) if self.written else 1

    def varies(self, item: Item) -> bool:
        """Whether a hand moves the letters of an item."""
        return self.written and item.script in SEPARATE_SCRIPTS and item.face in self.chain.own

    def spaces(self, face: Face) -> Spaces:
        """The spaces between words in one of its fonts; a hand has many, and takes one after the other."""
        if isinstance(face, EmojiPage):
            face = self.chain.own[0]
        known = self._spaces.get(face)
        if known is None:
            shown = face.glyphs.of(face.nominal(0x20), " ")
            swaying = SPACE_SWAYS[:SPACES_KEPT] if self.written else (self.tracking,)
            tape = [space_of(face, shown, sway, self.tracking, written=self.written) for sway in swaying] * (
                TAPE // len(swaying)
            )
            known = Spaces(tape, [space.code for space in tape], [space.advance for space in tape])
            self._spaces[face] = known
        return known

    def write(self, word: str, script: str, levels: Levels, writing: int) -> Word:
        """Shape one writing of a word.

        Args:
            word: without spaces.
            script: what its shared characters (digits, brackets) follow until it says its own.
            levels: its direction.
            writing: 0 where it has only one.

        Raises:
            NoGlyph: a character cannot be drawn.
        """
        bare = word.replace(_SOFT_HYPHEN, "")
        items = itemise(bare, levels, self.chain, script)
        swaying = sways(bare, writing) if self.written else None
        rows = [self._row(bare, item, writing, swaying) for item in items]
        found = cuts(word, self.language, self.hyphenate)
        pieces: tuple[Piece, ...] = ()
        if len(found) > 1:
            pieces = tuple(self._pieces(bare, found, rows))
        elif rows:
            runs = tuple(self._run(row) for row in rows)
            pieces = (piece_of(bare, runs, None, hyphenated=False),)
        leaves = script if [item.script for item in items] == [script] else _last_script(bare, script)
        return Word(pieces, leaves, any(row.swaying for row in rows))

    def features(self, item: Item) -> Features:
        """What is switched on or off for all of an item."""
        if self.varies(item) and item.face.has_alternates:
            # Alternates by our dice instead of the font's own cycle (`calt`), which is 40 times slower.
            return {"calt": False}
        return {"liga": False, "clig": False} if self.tracking else {}

    def _row(self, word: str, item: Item, writing: int, swaying: Sways | None) -> Row:
        varies = self.varies(item)
        features = self.features(item)
        if varies and item.face.has_alternates:
            ranges = alternates(word, item.face, writing)
            features = {**features, "aalt": ranges} if ranges else features
        return Row(item, shaped(word, item, self.language, features), swaying if varies else None)

    def _run(self, row: Row) -> Run:
        return run_of(row, self.tracking, written=self.written)

    def _pieces(self, word: str, found: Sequence[Cut], rows: Sequence[Row]) -> Iterator[Piece]:
        """The pieces of a word that may be cut; never within a cluster."""
        whole = {cluster[START] for row in rows for cluster in row.clusters} | {len(word)}
        start = 0
        for cut in found:
            if cut.end not in whole:
                continue
            runs = tuple(
                self._run(row.part(start, cut.end))
                for row in rows
                if row.item.start < cut.end and row.item.end > start
            )
            if not runs:  # all soft hyphens
                continue
            hyphen = self._hyphen(runs[-1]) if cut.soft else None
            yield piece_of(word[start : cut.end], runs, hyphen, hyphenated=cut.soft or cut.at_hyphen)
            start = cut.end

    def _hyphen(self, last: Run) -> Run:
        """The hyphen of a word that a line's end divides; to a reader of the file it is a soft one."""
        face = last.face
        shape = next((g for c in _HYPHENS if (g := face.nominal(ord(c)))), 0)
        glyph = face.glyphs.of(shape, _SOFT_HYPHEN)
        return Run(face, last.level, (glyph,), glyph.code, glyph.advance)


def _last_script(word: str, before: str) -> str:
    """The script that a word ends in."""
    return next((own for c in reversed(word) if (own := script_of(c)) != COMMON), before)
