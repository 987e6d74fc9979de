"""Shapes whole paragraphs with HarfBuzz: characters become placed glyphs, once, whatever the size."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from operator import itemgetter
from typing import NamedTuple

import uharfbuzz as hb

from app.pdf.text.bidi import embedding_levels, line_levels, visual_order
from app.pdf.text.clean import missing_glyph
from app.pdf.text.face import BLANK, Face, Merged, Shape
from app.pdf.text.hand import SEPARATE_SCRIPTS, Hand, Sways
from app.pdf.text.itemise import Chain, Item, itemise

_FLAGS = hb.BufferFlags.REMOVE_DEFAULT_IGNORABLES | hb.BufferFlags.DO_NOT_INSERT_DOTTED_CIRCLE
_NO_DIRECTION_MARKS = dict.fromkeys([0x61C, 0x200E, 0x200F, *range(0x2066, 0x206A)])
"""They order a text but are no part of it."""


class Glyph(NamedTuple):
    """One shape on a line, in visual order. Lengths are in em of the typeface's size.

    `cluster` is the first character that it came from, `text` what it stands for.
    """

    shape: Shape
    cluster: int
    text: str
    advance: float
    dx: float
    dy: float


_Cluster = tuple[Shape, int, int, int, int]
"""Shape, first character, advance and offset in font units."""


@dataclass(frozen=True, slots=True)
class Run:
    """The glyphs of one item, from left to right."""

    item: Item
    glyphs: list[Glyph]


@dataclass(frozen=True, slots=True, kw_only=True)
class Typeface:
    """A chain of fonts, the way text is set in it, and its language (BCP 47)."""

    chain: Chain
    language: str
    tracking: float = 0.0
    """Added to each advance, em."""
    hand: Hand | None = None
    """How it is varied when it is handwriting; the fonts that stand in keep their letters."""


@dataclass(frozen=True, slots=True)
class Source:
    """A cleaned paragraph, how it is set, what it is for people, and how its characters sway."""

    text: str
    typeface: Typeface
    place: str
    sways: Sways | None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One shaped paragraph. `ends[i]` is the advance of the first `i` characters in reading order, em."""

    source: Source
    base: int
    levels: list[int]
    runs: list[Run]
    ends: list[float]

    @property
    def text(self) -> str:
        """Its characters."""
        return self.source.text

    @property
    def typeface(self) -> Typeface:
        """How it is set."""
        return self.source.typeface

    def advance(self, start: int, end: int) -> float:
        """The advance of characters `start` to `end` in em."""
        return self.ends[end] - self.ends[start]

    def line(self, start: int, end: int) -> list[Run]:
        """The runs of one line from left to right (UAX #9, L1 and L2)."""
        cut = [run for whole in self.runs if (run := self._cut(whole, start, end)) is not None]
        if all(run.item.level == 0 for run in cut):
            return cut
        levels = line_levels(self.text, self.levels, start, end, self.base)
        cut = [part for run in cut for part in _split_by_level(run, levels, start)]
        return [cut[index] for index in visual_order([run.item.level for run in cut])]

    def _cut(self, run: Run, start: int, end: int) -> Run | None:
        item, text = run.item, self.source.text
        first, last = max(start, item.start), min(end, item.end)
        if first >= last:
            return None
        if (first, last) == (item.start, item.end):
            return run
        part = Item(first, last, item.level, item.script, item.face)
        after_space = first == item.start or text[first - 1].isspace()
        if after_space and (last == item.end or text[last].isspace()):
            return Run(part, _between(run, first, last))
        # Shapes may depend on each other across anything but a space.
        return _shape_item(self.source, part)


def _between(run: Run, first: int, last: int) -> list[Glyph]:
    """The run's glyphs of characters `first` to `last`; clusters count up or down along a run."""
    glyphs, sign = run.glyphs, -1 if run.item.level % 2 else 1
    low, high = (first, last) if sign > 0 else (1 - last, 1 - first)

    def place(glyph: Glyph) -> int:
        return sign * glyph.cluster

    return glyphs[bisect_left(glyphs, low, key=place) : bisect_left(glyphs, high, key=place)]


def shape_paragraph(text: str, base: int, typeface: Typeface, place: str) -> Paragraph:
    """Shape one cleaned paragraph.

    Args:
        text: without line ends.
        base: 0 where the language runs left to right, else 1.
        typeface: the fonts, and how they are set.
        place: what the text is, for errors ("the message on the back").

    Raises:
        MissingGlyph: no font has a character, or a font has no glyph for what its characters make.
    """
    levels = embedding_levels(text, base)
    source = Source(text, typeface, place, typeface.hand.sways(text) if typeface.hand else None)
    runs = [_shape_item(source, item) for item in itemise(text, levels, typeface.chain, place)]
    advances = [0.0] * len(text)
    for run in runs:
        for glyph in run.glyphs:
            advances[glyph.cluster] += glyph.advance
    ends = list(accumulate(advances, initial=0.0))
    return Paragraph(source, base, levels, runs, ends)


def _shape_item(source: Source, item: Item) -> Run:
    buffer = hb.Buffer()
    # The whole text is given, so that letters at the item's ends join as their neighbours ask.
    buffer.add_str(source.text, item.start, item.end - item.start)
    buffer.direction = "rtl" if item.level % 2 else "ltr"
    buffer.script = item.script
    buffer.language = source.typeface.language
    buffer.flags = _FLAGS
    hb.shape(item.face.font, buffer, _features(source, item.face))
    return Run(item, _glyphs(_clusters(buffer, source), source, item))


def _features(source: Source, face: Face) -> dict[str, bool | list[tuple[int, int, int]]]:
    """Alternates by our dice instead of the font's own cycle (`calt`), which is 40 times slower."""
    typeface = source.typeface
    hand = typeface.hand
    if hand is None or face not in typeface.chain.own or not face.has_alternates:
        return {"liga": False, "clig": False} if typeface.tracking else {}
    ranges = hand.alternates(source.text, face)
    return {"calt": False, "aalt": ranges} if ranges else {"calt": False}


def _clusters(buffer: hb.Buffer, source: Source) -> list[_Cluster]:
    """What HarfBuzz made of an item: one shape a cluster, a letter with its marks merged."""
    infos, positions = buffer.glyph_infos, buffer.glyph_positions
    found = [
        (info.codepoint, info.cluster, at.x_advance, at.x_offset, at.y_offset)
        for info, at in zip(infos, positions, strict=True)
    ]
    for glyph, cluster, *_ in found:
        if glyph == 0:
            raise missing_glyph(source.text[cluster], cluster, source.place)
    if len({cluster for _, cluster, *_ in found}) == len(found):
        return found
    return [_merged(list(glyphs)) for _, glyphs in groupby(found, key=itemgetter(1))]


def _merged(glyphs: list[tuple[int, int, int, int, int]]) -> _Cluster:
    if len(glyphs) == 1:
        return glyphs[0]
    pen, parts = 0, []
    for glyph, _, advance, dx, dy in glyphs:
        parts.append((glyph, pen + dx, dy))
        pen += advance
    return Merged(pen, tuple(parts)), glyphs[0][1], pen, 0, 0


def _glyphs(clusters: Sequence[_Cluster], source: Source, item: Item) -> list[Glyph]:
    """The clusters in em, each with what it stands for.

    Readers of a file turn right-to-left text round character by character, whatever a glyph stands for: a
    lam-alef would come out alef-lam. There each glyph says one character only, and blanks before it, which is
    after it to the reader, say the others.
    """
    text, scale, tracking = source.text, item.face.scale, source.typeface.tracking
    sways = source.sways if item.script in SEPARATE_SCRIPTS else None
    right_to_left = item.level % 2 == 1
    starts = [cluster for _, cluster, *_ in clusters]
    ends = [item.end, *starts[:-1]] if right_to_left else [*starts[1:], item.end]
    glyphs: list[Glyph] = []
    for (shape, start, advance, dx, dy), end in zip(clusters, ends, strict=True):
        said = text[start:end].translate(_NO_DIRECTION_MARKS) if end - start > 1 else text[start]
        spaced = advance * scale + tracking if advance else 0.0
        rise = dy * scale
        if sways is not None:
            rise += sways.rises[start]
            spaced += sways.advances[start] if advance else 0.0
        if right_to_left and len(said) > 1:
            glyphs += [Glyph(BLANK, start, character, 0.0, 0.0, rise) for character in said[:0:-1]]
            said = said[0]
        glyphs.append(Glyph(shape, start, said, spaced, dx * scale, rise))
    return glyphs


def _split_by_level(run: Run, levels: Sequence[int], line_start: int) -> list[Run]:
    """Trailing spaces that went back to the base level leave their run (L1)."""
    item = run.item
    end = item.end
    while end > item.start and levels[end - 1 - line_start] != item.level:
        end -= 1
    if end == item.end:
        return [run]
    parts = []
    for first, last, level in ((item.start, end, item.level), (end, item.end, levels[end - line_start])):
        if first < last:
            part = Item(first, last, level, item.script, item.face)
            parts.append(Run(part, _between(run, first, last)))
    return parts
