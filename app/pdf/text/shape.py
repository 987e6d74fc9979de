"""Shapes words with HarfBuzz, once for all sizes, cards and files, into the form in which they are shown.

A word is what stands between two spaces. It is shaped whole and then cut into pieces where a line may end
within it: after a hyphen, between Chinese characters, between the words of Thai. So letters join and kern
as in the whole, wherever the line is broken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple, cast

import uharfbuzz as hb

from app.pdf.text.breaks import Cut, cuts
from app.pdf.text.emoji import EmojiPage
from app.pdf.text.face import BLANK, Face, Merged, Shape, parts_of
from app.pdf.text.glyph import Glyph
from app.pdf.text.hand import (
    RISE_STEP,
    SEPARATE_SCRIPTS,
    SPACE_SWAYS,
    TAPE,
    Sways,
    alternates,
    sways,
    writings_of,
)
from app.pdf.text.itemise import COMMON, Chain, Item, NoGlyph, itemise, script_of

_FLAGS = hb.BufferFlags.REMOVE_DEFAULT_IGNORABLES | hb.BufferFlags.DO_NOT_INSERT_DOTTED_CIRCLE
_NO_DIRECTION_MARKS = dict.fromkeys([0x61C, 0x200E, 0x200F, *range(0x2066, 0x206A)])
"""They order a text but are no part of it."""
AT_REST = "0 Ts[<"
"""How a run of handwriting begins that does not leave the line."""
_SOFT_HYPHEN = "\u00ad"
_HYPHENS = ("\u2010", "-")
_OPENING = frozenset("\u201c\u2018\u201e\u201a\u00ab\u2039\"'\u300c\u300e")
_CLOSING = frozenset("\u201d\u2019\u201c\u2018\u00bb\u203a\"'.,\u060c\u3001\u3002\u300d\u300f-\u2013")
_MOST_KEPT = 100_000
"""Words kept for one typeface and script: some 100 MB at most, and no language has as many."""
_SPACES_KEPT = 64


@dataclass(slots=True, eq=False)
class Run:
    """Glyphs of one font and one direction, from left to right. Lengths in em of the text's size.

    `code` is what shows them, within or (`starts`) before the opening bracket of a `TJ` array; `ends` where
    it closes that. Ink reaches from `left` to `over` behind the advance, from `bottom` to `top`.
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


def _piece(text: str, runs: tuple[Run, ...], hyphen: Run | None, *, hyphenated: bool) -> Piece:
    first = runs[0]
    lefts, bottoms, overs, tops = zip(*((r.left, r.bottom, r.over, r.top) for r in runs), strict=True)
    return Piece(
        run=first,
        code=first.code,
        face=runs[-1].face,
        advance=sum(run.advance for run in runs),
        simple=len(runs) == 1 and not first.level and not first.late,
        opens=_edge(first, text[:1], _OPENING, first=True),
        closes=_edge(runs[-1], text[-1:], _CLOSING, first=False),
        reach=(min(lefts), min(bottoms), max(overs), max(tops)),
        hyphenated=hyphenated,
        hyphen=hyphen,
        runs=runs,
        text=text,
    )


def _edge(run: Run, character: str, hanging: frozenset[str], *, first: bool) -> float:
    """The advance of the character at one end of a piece, where it is one that hangs."""
    if character not in hanging:
        return 0.0
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


class _Cluster(NamedTuple):
    """One shape of an item, what it says and where it goes, in font units."""

    shape: Shape
    start: int
    advance: int
    dx: int
    dy: int


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
    _words: dict[tuple[str, Levels], dict[str, list[Word | None]]] = field(default_factory=dict)
    _spaces: dict[Face, Spaces] = field(default_factory=dict)

    def shelf(self, script: str, levels: Levels) -> dict[str, list[Word | None]]:
        """The known words of a script and direction: a place for each of a word's writings."""
        shelf = self._words.get((script, levels))
        if shelf is None:
            shelf = self._words[script, levels] = {}
        elif len(shelf) > _MOST_KEPT:
            shelf.clear()
        return shelf

    def places(self) -> list[Word | None]:
        """Empty places for a new word's writings."""
        return [None] * self._writings

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
            swaying = SPACE_SWAYS[:_SPACES_KEPT] if self.written else (self.tracking,)
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
        own_levels = [levels] * len(bare) if isinstance(levels, int) else list(levels)
        items = itemise(bare, own_levels, self.chain, script)
        clusters = [(item, _shape(self, bare, item, writing)) for item in items]
        whole = {cluster.start for _, shaped in clusters for cluster in shaped} | {len(bare)}
        found = [cut for cut in cuts(word, self.language, self.hyphenate) if cut.end in whole]
        swaying = sways(bare, writing) if self.written else None
        pieces = tuple(self._pieces(bare, found, clusters, swaying))
        scripts = [own for c in bare if (own := script_of(c)) != COMMON]
        return Word(pieces, scripts[-1] if scripts else script, any(map(self.varies, items)))

    def _pieces(
        self,
        word: str,
        found: Sequence[Cut],
        items: Sequence[tuple[Item, list[_Cluster]]],
        swaying: Sways | None,
    ) -> Iterator[Piece]:
        start = 0
        for cut in found:
            runs = tuple(
                self._run(word, item, [c for c in clusters if start <= c.start < cut.end], cut.end, swaying)
                for item, clusters in items
                if item.start < cut.end and item.end > start
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

    def _run(
        self, word: str, item: Item, clusters: Sequence[_Cluster], end: int, swaying: Sways | None
    ) -> Run:
        """The glyphs of a piece that are of one item, with the code that shows them."""
        pen = _Pen(self, item, swaying if swaying and self.varies(item) else None)
        for cluster, said in _said(word, item, clusters, min(end, item.end)):
            pen.show(cluster, said)
        return pen.run(item.level)


def _space(typeface: Typeface, face: Face, shown: Glyph, sway: float) -> Run:
    """A space; where text is written it ends its array, since the next word stands at another height."""
    scale = face.file.scale
    before = round(typeface.tracking * 1000 / scale)
    correction = round(sway * 1000 / scale)
    code = f">{-before}<" if before else ""
    code += shown.code + (f">{-correction}" if correction else ">" if typeface.written else "")
    code += "]TJ\n" if typeface.written else "<" if correction else ""
    run = Run(face, 0, (shown,), code, shown.advance + (before + correction) * scale / 1000)
    run.space, run.ends = True, typeface.written
    return run


class _Pen:
    """Writes the code of a run. The next glyph belongs at `wanted`; PDF would put it at `at`. In em."""

    def __init__(self, typeface: Typeface, item: Item, swaying: Sways | None) -> None:
        self._face = item.face
        self._tracking = typeface.tracking
        self._starts = typeface.written
        self._swaying = swaying
        self._wanted = self._at = 0.0
        self._rise: int | None = None if typeface.written else 0
        self._code: list[str] = []
        self._glyphs: list[Glyph] = []
        self._inks: list[tuple[float, float, float, float]] = []

    def show(self, cluster: _Cluster, said: str) -> None:
        """Show one shape and move on."""
        face, scale = self._face, self._face.scale
        glyph = face.glyphs.of(cluster.shape, said)
        rise = round(cluster.dy * scale / RISE_STEP)
        spaced = cluster.advance * scale + self._tracking if cluster.advance else 0.0
        if self._swaying is not None:
            rise += self._swaying.rises[cluster.start]
            spaced += self._swaying.advances[cluster.start] if cluster.advance else 0.0
        dx = cluster.dx * scale
        self._move(rise, dx)
        self._code.append(glyph.code)
        self._glyphs.append(glyph)
        if glyph.ink is not None:
            left, bottom, right, top = glyph.ink
            x, y = self._wanted + dx, rise * RISE_STEP
            self._inks.append((x + left, y + bottom, x + right, y + top))
        self._at += glyph.advance
        self._wanted += spaced

    def _move(self, rise: int, dx: float) -> None:
        if rise != self._rise:
            if self._rise is not None:
                self._code.append(">]TJ\n")
            self._code.append(f"{rise * RISE_STEP:.3g} Ts[<")
            self._rise = rise
        self._correct(dx)

    def _correct(self, dx: float) -> None:
        own = self._face.file.scale
        correction = round((self._at - self._wanted - dx) * 1000 / own)
        if correction:
            self._code.append(f">{correction}<")
            self._at -= correction * own / 1000

    def run(self, level: int) -> Run:
        """What was written."""
        self._correct(0.0)
        if self._rise and self._swaying is None:
            self._code.append(f">]TJ\n{AT_REST}")
        code = "".join(self._code).replace("<>", "")
        run = Run(self._face, level, tuple(self._glyphs), code, self._at)
        run.starts = self._starts
        if self._inks:
            lefts, bottoms, rights, tops = zip(*self._inks, strict=True)
            run.left, run.bottom, run.top = min(0.0, *lefts), min(bottoms), max(tops)
            run.over = max(0.0, max(rights) - self._at)
        return run


def _shape(typeface: Typeface, word: str, item: Item, writing: int) -> list[_Cluster]:
    """What HarfBuzz makes of an item: one shape a cluster, a letter with its marks merged."""
    buffer = hb.Buffer()
    # The whole word is given, so that letters at the item's ends join as their neighbours ask.
    buffer.add_str(word, item.start, item.end - item.start)
    buffer.direction = "rtl" if item.level % 2 else "ltr"
    buffer.script = item.script
    buffer.language = typeface.language
    buffer.flags = _FLAGS
    hb.shape(item.face.font, buffer, _features(typeface, word, item, writing))
    found = [
        _Cluster(info.codepoint, info.cluster, at.x_advance, at.x_offset, at.y_offset)
        for info, at in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
    ]
    for cluster in found:
        if cluster.shape == 0:
            raise NoGlyph(cluster.start)
    if len({cluster.start for cluster in found}) == len(found):
        return found
    return [_merged(list(glyphs)) for _, glyphs in groupby(found, key=itemgetter(1))]


def _features(
    typeface: Typeface, word: str, item: Item, writing: int
) -> dict[str, bool | list[tuple[int, int, int]]]:
    """Alternates by our dice instead of the font's own cycle (`calt`), which is 40 times slower."""
    if not typeface.varies(item) or not item.face.has_alternates:
        return {"liga": False, "clig": False} if typeface.tracking else {}
    ranges = alternates(word, item.face, writing)
    return {"calt": False, "aalt": ranges} if ranges else {"calt": False}


def _merged(glyphs: Sequence[_Cluster]) -> _Cluster:
    if len(glyphs) == 1:
        return glyphs[0]
    pen, parts = 0, []
    for glyph, _, advance, dx, dy in glyphs:
        parts.append((cast("int", glyph), pen + dx, dy))
        pen += advance
    return _Cluster(Merged(pen, tuple(parts)), glyphs[0].start, pen, 0, 0)


def _said(word: str, item: Item, clusters: Sequence[_Cluster], end: int) -> Iterator[tuple[_Cluster, str]]:
    """Each cluster with what it stands for.

    Readers of a file turn right-to-left text round character by character, whatever a glyph stands for: a
    lam-alef would come out alef-lam. There each glyph says one character only, and blanks before it, which is
    after it to the reader, say the others.
    """
    if not clusters:  # joiners with nothing to join
        return
    starts = [cluster.start for cluster in clusters]
    right_to_left = item.level % 2 == 1
    ends = [end, *starts[:-1]] if right_to_left else [*starts[1:], end]
    for cluster, start, stop in zip(clusters, starts, ends, strict=True):
        said = word[start:stop].translate(_NO_DIRECTION_MARKS) if stop - start > 1 else word[start]
        if len(said) > 1 and isinstance(item.face, EmojiPage):
            yield from _spread(cluster, said[::-1] if right_to_left else said)
            continue
        if right_to_left and len(said) > 1:
            for character in said[:0:-1]:
                yield _Cluster(BLANK, start, 0, 0, cluster.dy), character
            said = said[0]
        yield cluster, said


def _spread(cluster: _Cluster, said: str) -> Iterator[tuple[_Cluster, str]]:
    """A picture of several characters: each takes its share of the room, from left to right.

    Readers lose characters that stand where others do, or a code for more than one pair of surrogates.
    """
    share, rest = divmod(cluster.advance, len(said))
    drawn = Merged(share + rest, parts_of(cluster.shape))
    yield cluster._replace(shape=drawn, advance=drawn.advance), said[0]
    for character in said[1:]:
        yield cluster._replace(shape=Merged(share, ()), advance=share), character
