"""Shapes words with HarfBuzz, once for all sizes, cards and files, into the form in which they are shown.

A word is what stands between two spaces. It is shaped whole and then cut into pieces where a line may end
within it: after a hyphen, between Chinese characters, between the words of Thai. So letters join and kern
as in the whole, wherever the line is broken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

from app.pdf.text.breaks import Cut, cuts
from app.pdf.text.cluster import START, Cluster, Features, shaped
from app.pdf.text.emoji import EmojiPage
from app.pdf.text.face import Face
from app.pdf.text.glyph import UNNUMBERED, Glyph
from app.pdf.text.grid import PER_EM, on_grid
from app.pdf.text.hand import (
    RISE_STEP,
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
from app.pdf.text.shelf import Shelf

CLOSED = ">]TJ\n"
AT_REST = "0 Ts[<"
"""How a run of handwriting begins that does not leave the line."""
_SOFT_HYPHEN = "\u00ad"
_HYPHENS = ("\u2010", "-")
OPENING = frozenset("\u201c\u2018\u201e\u201a\u00ab\u2039\"'\u300c\u300e")
CLOSING = frozenset("\u201d\u2019\u201c\u2018\u00bb\u203a\"'.,\u060c\u3001\u3002\u300d\u300f-\u2013")
_WRITTEN_KEPT, _PRINTED_KEPT = 8_000, 1_000
"""Words of half a shelf, 1 kB for each writing. Print is mostly fixed texts, and codes that come once."""
_LONG = 7
"""Characters of a word that has fewer writings."""


@dataclass(slots=True, eq=False)
class Run:
    """Glyphs of one font and one direction, from left to right. Lengths in em of the text's size.

    The advance lies on the grid. `code` is what shows them, within or (`starts`) before the opening bracket
    of a `TJ` array; `ends` where it closes that. Ink reaches from `left` to `over` behind the advance, from
    `bottom` to `top`.
    """

    face: Face
    level: int
    glyphs: tuple[Glyph, ...]
    code: str
    advance: float
    left: float = 0.0
    bottom: float = 0.0
    over: float = 0.0
    top: float = 0.0
    starts: bool = False
    ends: bool = False
    space: bool = False
    """Whether it is a space between words, which a justified line widens."""
    late: tuple[Glyph, ...] = ()
    """The glyphs whose CIDs the file has to put into the code."""

    def __post_init__(self) -> None:
        """Find the late ones."""
        if UNNUMBERED in self.code:
            self.late = tuple(glyph for glyph in self.glyphs if not glyph.cid)


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


def _piece(text: str, runs: tuple[Run, ...], hyphen: Run | None, *, hyphenated: bool) -> Piece:
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


class Spaces(NamedTuple):
    """Tapes of a font's spaces."""

    runs: list[Run]
    codes: list[str]
    advances: list[float]


class _Row(NamedTuple):
    """The clusters of an item, or of what a piece has of it; `swaying` where a hand moves them."""

    item: Item
    clusters: list[Cluster]
    swaying: Sways | None

    def part(self, start: int, end: int) -> _Row:
        """What stands from one place in the word to another."""
        return self._replace(clusters=[c for c in self.clusters if start <= c[START] < end])


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
    _words: dict[tuple[str, Levels], Shelf[list[Word | None]]] = field(default_factory=dict)
    _spaces: dict[Face, Spaces] = field(default_factory=dict)

    def shelf(self, script: str, levels: Levels) -> Shelf[list[Word | None]]:
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
            tape = [_space(self, face, shown, sway) for sway in swaying] * (TAPE // len(swaying))
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
            runs = tuple(_run(self, row) for row in rows)
            pieces = (_piece(bare, runs, None, hyphenated=False),)
        leaves = script if [item.script for item in items] == [script] else _last_script(bare, script)
        return Word(pieces, leaves, any(row.swaying for row in rows))

    def features(self, item: Item) -> Features:
        """What is switched on or off for all of an item."""
        if self.varies(item) and item.face.has_alternates:
            # Alternates by our dice instead of the font's own cycle (`calt`), which is 40 times slower.
            return {"calt": False}
        return {"liga": False, "clig": False} if self.tracking else {}

    def _row(self, word: str, item: Item, writing: int, swaying: Sways | None) -> _Row:
        varies = self.varies(item)
        features = self.features(item)
        if varies and item.face.has_alternates:
            ranges = alternates(word, item.face, writing)
            features = {**features, "aalt": ranges} if ranges else features
        return _Row(item, shaped(word, item, self.language, features), swaying if varies else None)

    def _pieces(self, word: str, found: Sequence[Cut], rows: Sequence[_Row]) -> Iterator[Piece]:
        """The pieces of a word that may be cut; never within a cluster."""
        whole = {cluster[START] for row in rows for cluster in row.clusters} | {len(word)}
        start = 0
        for cut in found:
            if cut.end not in whole:
                continue
            runs = tuple(
                _run(self, row.part(start, cut.end))
                for row in rows
                if row.item.start < cut.end and row.item.end > start
            )
            if not runs:  # all soft hyphens
                continue
            hyphen = self._hyphen(runs[-1]) if cut.soft else None
            yield _piece(word[start : cut.end], runs, hyphen, hyphenated=cut.soft or cut.at_hyphen)
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


def _space(typeface: Typeface, face: Face, shown: Glyph, sway: float) -> Run:
    """A space; where text is written it ends its array, since the next word stands at another height."""
    scale = face.file.scale
    before = round(typeface.tracking * 1000 / scale)
    correction = round(sway * 1000 / scale)
    code = f">{-before}<" if before else ""
    code += shown.code + (f">{-correction}" if correction else ">" if typeface.written else "")
    code += "]TJ\n" if typeface.written else "<" if correction else ""
    advance = on_grid(shown.advance + (before + correction) * scale / 1000)
    run = Run(face, 0, (shown,), code, advance)
    run.space, run.ends = True, typeface.written
    return run


def _run(typeface: Typeface, row: _Row) -> Run:
    """The glyphs of a row, with the code that shows them.

    One long loop, for a word that is shaped spends most of its time here. The next glyph belongs at `wanted`;
    PDF would put it at `at`, less what was `given` by corrections. Both in em, on the grid.
    """
    item, clusters, swaying = row
    face, tracking = item.face, on_grid(typeface.tracking)
    scale, own, glyph_of = face.scale, face.file.scale, face.glyphs.of
    advances, rises = swaying or (None, None)
    written = typeface.written
    height = None if written else 0
    given = 0
    code: list[str] = []
    glyphs: list[Glyph] = []
    inks: list[tuple[float, float, float, float]] = []
    wanted = at = 0.0
    for shape, start, advance, dx, dy, said in clusters:
        glyph = glyph_of(shape, said)
        rise = round(dy * scale / RISE_STEP) if dy else 0
        shift = dx * scale
        if rises is not None:
            rise += rises[start]
        if rise != height:
            code.append(at_height(rise))
            height = rise
        correction = round((at - wanted - shift) * 1000 / own) - given
        if correction:
            code.append(f">{correction}<")
            given += correction
        code.append(glyph.code)
        glyphs.append(glyph)
        if glyph.ink is not None:
            left, bottom, right, top = glyph.ink
            x, y = wanted + shift, rise * RISE_STEP
            inks.append((x + left, y + bottom, x + right, y + top))
        at += glyph.advance
        if advance:
            spaced = round(advance * scale * PER_EM) / PER_EM + tracking
            wanted += spaced if advances is None else spaced + advances[start]
    correction = round((at - wanted) * 1000 / own) - given
    if correction:
        code.append(f">{correction}<")
        given += correction
    if height and rises is None:
        code.append(at_height(0))
    shown = "".join(code)[len(CLOSED) if written else 0 :].replace("<>", "")
    run = Run(face, item.level, tuple(glyphs), shown, on_grid(at - given * own / 1000))
    run.starts = written
    if inks:
        lefts, bottoms, rights, tops = zip(*inks, strict=True)
        run.left, run.bottom, run.top = min(0.0, *lefts), min(bottoms), max(tops)
        run.over = max(0.0, max(rights) - run.advance)
    return run


@lru_cache(maxsize=4096)
def at_height(rise: int) -> str:
    """What begins glyphs that stand some steps over the line, after others."""
    return f"{CLOSED}{rise * RISE_STEP:.3g} Ts[<"
