"""Shapes whole paragraphs with HarfBuzz: characters become placed glyphs, once, whatever the size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

import uharfbuzz as hb

from app.pdf.text.bidi import embedding_levels, line_levels, visual_order
from app.pdf.text.clean import missing_glyph
from app.pdf.text.face import BLANK, Merged, Shape
from app.pdf.text.hand import SEPARATE_SCRIPTS, STILL, Hand, Sway
from app.pdf.text.itemise import Chain, Item, itemise

_FLAGS = hb.BufferFlags.REMOVE_DEFAULT_IGNORABLES | hb.BufferFlags.DO_NOT_INSERT_DOTTED_CIRCLE
_NO_DIRECTION_MARKS = dict.fromkeys([0x61C, 0x200E, 0x200F, *range(0x2066, 0x206A)])
"""They order a text but are no part of it."""
_UNSAFE_TO_BREAK = int(hb.GlyphFlags.UNSAFE_TO_BREAK)


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
    unsafe: bool


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
    sways: Sequence[Sway]


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
        item = run.item
        first, last = max(start, item.start), min(end, item.end)
        if first >= last:
            return None
        if (first, last) == (item.start, item.end):
            return run
        part = Item(first, last, item.level, item.script, item.face)
        if any(glyph.unsafe and glyph.cluster in (first, last) for glyph in run.glyphs):
            return _shape_item(self.source, part)
        return Run(part, [glyph for glyph in run.glyphs if first <= glyph.cluster < last])


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
    source = Source(text, typeface, place, typeface.hand.sways(text) if typeface.hand else ())
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
    hb.shape(item.face.font, buffer, _features(source.text, item, source.typeface))
    return Run(item, _read(buffer, source, item))


def _features(text: str, item: Item, typeface: Typeface) -> dict[str, bool | list[tuple[int, int, int]]]:
    """Alternates by our dice instead of the font's own cycle (`calt`), which is 40 times slower."""
    hand = typeface.hand
    if hand is None or item.face not in typeface.chain.own or not item.face.has_alternates:
        return {"liga": False, "clig": False} if typeface.tracking else {}
    ranges = hand.alternates(text, item.start, item.end, item.face)
    return {"calt": False, "aalt": ranges} if ranges else {"calt": False}


def _read(buffer: hb.Buffer, source: Source, item: Item) -> list[Glyph]:
    """One glyph a cluster, so that each says just what it stands for and none is left without words."""
    infos, positions = buffer.glyph_infos, buffer.glyph_positions
    clusters = [info.cluster for info in infos]
    starts = sorted(set(clusters))
    ends = dict(zip(starts, [*starts[1:], item.end], strict=True))
    glyphs: list[Glyph] = []
    index = 0
    while index < len(infos):
        cluster, end = clusters[index], index + 1
        while end < len(infos) and clusters[end] == cluster:
            end += 1
        if any(info.codepoint == 0 for info in infos[index:end]):
            raise missing_glyph(source.text[cluster], cluster, source.place)
        drawn = _drawn(infos[index:end], positions[index:end])
        unsafe = any(info.flags & _UNSAFE_TO_BREAK for info in infos[index:end])
        glyphs += _placed(drawn, cluster, ends[cluster], source, item, unsafe=unsafe)
        index = end
    return glyphs


def _drawn(
    infos: Sequence[hb.GlyphInfo], positions: Sequence[hb.GlyphPosition]
) -> tuple[Shape, int, int, int]:
    """What a cluster draws, its advance and its offset, in font units: letter and marks become one shape."""
    first = positions[0]
    if len(infos) == 1:
        return infos[0].codepoint, first.x_advance, first.x_offset, first.y_offset
    pen, parts = 0, []
    for info, position in zip(infos, positions, strict=True):
        parts.append((info.codepoint, pen + position.x_offset, position.y_offset))
        pen += position.x_advance
    return Merged(pen, tuple(parts)), pen, 0, 0


def _placed(
    drawn: tuple[Shape, int, int, int], cluster: int, end: int, source: Source, item: Item, *, unsafe: bool
) -> Iterator[Glyph]:
    """The cluster's glyph, in em, with what it stands for.

    Readers of a file turn right-to-left text round character by character, whatever a glyph stands for: a
    lam-alef would come out alef-lam. There each glyph says one character only, and blanks before it, which is
    after it to the reader, say the others.
    """
    shape, advance, x_offset, y_offset = drawn
    said = source.text[cluster:end].translate(_NO_DIRECTION_MARKS)
    sway = source.sways[cluster] if source.sways and item.script in SEPARATE_SCRIPTS else STILL
    scale = item.face.scale
    spaced = advance * scale + sway.advance + source.typeface.tracking if advance else 0.0
    rise = y_offset * scale + sway.rise
    if item.level % 2:
        for character in said[:0:-1]:
            yield Glyph(BLANK, cluster, character, 0.0, 0.0, rise, unsafe)
        said = said[:1]
    yield Glyph(shape, cluster, said, spaced, x_offset * scale, rise, unsafe)


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
            parts.append(Run(part, [glyph for glyph in run.glyphs if first <= glyph.cluster < last]))
    return parts
