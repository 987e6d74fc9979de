"""What HarfBuzz makes of an item: a row of shapes, each with its place and with what it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Final, cast

import uharfbuzz as hb

from app.pdf.text.emoji import EmojiPage
from app.pdf.text.face import BLANK, Merged, Shape, parts_of
from app.pdf.text.itemise import Item, NoGlyph

Cluster = tuple[Shape, int, int, int, int, str]
"""One shape, where in the word it starts, its advance, dx and dy in font units, and what it says.

A plain tuple, for a new word makes one of each of its letters.
"""
START: Final = 1
"""Where a cluster tells its start."""
Features = Mapping[str, bool | list[tuple[int, int, int]]]
FLAGS = hb.BufferFlags.REMOVE_DEFAULT_IGNORABLES | hb.BufferFlags.DO_NOT_INSERT_DOTTED_CIRCLE
_NO_DIRECTION_MARKS = dict.fromkeys([0x61C, 0x200E, 0x200F, *range(0x2066, 0x206A)])
"""They order a text but are no part of it."""


def shaped(word: str, item: Item, language: str, features: Features) -> list[Cluster]:
    """An item's clusters from left to right: one shape each, a letter with its marks merged.

    Raises:
        NoGlyph: the font has no glyph for what its characters make.
    """
    buffer = hb.Buffer()
    # The whole word is given, so that letters at the item's ends join as their neighbours ask.
    buffer.add_str(word, item.start, item.end - item.start)
    right_to_left = item.level % 2 == 1
    buffer.direction = "rtl" if right_to_left else "ltr"
    buffer.script = item.script
    buffer.language = language
    buffer.flags = FLAGS
    hb.shape(item.face.font, buffer, features)
    found: list[Cluster] = [
        (info.codepoint, start := info.cluster, at.x_advance, at.x_offset, at.y_offset, word[start])
        for info, at in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
    ]
    shapes = [cluster[0] for cluster in found]
    if 0 in shapes:
        raise NoGlyph(found[shapes.index(0)][START])
    if len({cluster[START] for cluster in found}) < len(found):
        found = [_merged(list(glyphs)) for _, glyphs in groupby(found, key=itemgetter(START))]
    # Where there are as many clusters as characters, each says its own.
    return found if len(found) == item.end - item.start else list(_said(word, item, found))


def _merged(glyphs: Sequence[Cluster]) -> Cluster:
    if len(glyphs) == 1:
        return glyphs[0]
    pen, parts = 0, []
    for glyph, _, advance, dx, dy, _ in glyphs:
        parts.append((cast("int", glyph), pen + dx, dy))
        pen += advance
    return Merged(pen, tuple(parts)), glyphs[0][START], pen, 0, 0, glyphs[0][-1]


def _said(word: str, item: Item, found: Sequence[Cluster]) -> Iterator[Cluster]:
    """Each cluster with what it stands for.

    Readers of a file turn right-to-left text round character by character, whatever a glyph stands for: a
    lam-alef would come out alef-lam. There each glyph says one character only, and blanks before it, which is
    after it to the reader, say the others.
    """
    if not found:  # joiners with nothing to join
        return
    starts = [cluster[START] for cluster in found]
    right_to_left = item.level % 2 == 1
    ends = [item.end, *starts[:-1]] if right_to_left else [*starts[1:], item.end]
    for cluster, stop in zip(found, ends, strict=True):
        shape, start, advance, dx, dy, _ = cluster
        said = word[start:stop].translate(_NO_DIRECTION_MARKS) if stop - start > 1 else word[start]
        if len(said) > 1 and isinstance(item.face, EmojiPage):
            yield from _spread(cluster, said[::-1] if right_to_left else said)
            continue
        if right_to_left and len(said) > 1:
            for character in said[:0:-1]:
                yield BLANK, start, 0, 0, dy, character
            said = said[0]
        yield shape, start, advance, dx, dy, said


def _spread(cluster: Cluster, said: str) -> Iterator[Cluster]:
    """A picture of several characters: each takes its share of the room, from left to right.

    Readers lose characters that stand where others do, or a code for more than one pair of surrogates.
    """
    shape, start, advance, dx, dy, _ = cluster
    share, rest = divmod(advance, len(said))
    yield Merged(share + rest, parts_of(shape)), start, share + rest, dx, dy, said[0]
    for character in said[1:]:
        yield Merged(share, ()), start, share, dx, dy, character
