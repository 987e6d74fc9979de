"""A TrueType font program of just the glyphs that a file shows (OpenType 1.9; ISO 32000-2, 9.9).

Each file shows other glyphs of the same few fonts. So a glyph's record is kept with a row of numbers of what
the tables say about it, check sum included, and a program is put together by columns.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from app.pdf.text.face import Face, Shape

_VERSION_1 = 0x00010000
_HEAD_MAGIC = 0x5F0F3CF5
_CHECKSUM_MAGIC = 0xB1B0AFBA
_MASK = 0xFFFFFFFF
_ADJUSTMENT = slice(8, 12)
"""Where `head` says what brings the sum of the whole program to the magic one."""
_TAGS = (b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp")
_DIRECTORY = struct.Struct(">IHHHH")
_ENTRY = struct.Struct(">4sIII")
_ROW = struct.Struct("=10q")
_METRICS, _BOX = slice(2, 4), slice(6, 10)
"""Of a row: advance and bearing; left, bottom, right and top."""
_NOWHERE = (1 << 20, 1 << 20, -1 << 20, -1 << 20)
_KEPT = 32_768
"""Glyphs, of some 500 bytes each."""


class Program(NamedTuple):
    """A font program, and the box around all its glyphs in font units."""

    data: bytes
    box: tuple[int, int, int, int]


@lru_cache(maxsize=_KEPT)
def _glyph(face: Face, shape: Shape) -> tuple[bytes, bytes]:
    """A shape's record, and its row: length, check sum, advance, bearing, points, contours, and its box.

    The box of a blank is one that no other is made larger by.
    """
    data, box, points, contours = face.record(shape)
    around = box if data else _NOWHERE
    return data, _ROW.pack(len(data), _checksum(data), face.advance(shape), box[0], points, contours, *around)


def font_program(face: Face, shapes: Sequence[Shape]) -> Program:
    """An sfnt whose glyph `i` is the face's `shapes[i]`.

    Only the tables that PDF asks of a CIDFontType2 are there; hints are for screens and left out.
    """
    glyphs = [_glyph(face, shape) for shape in shapes]
    count = len(glyphs)
    rows = np.frombuffer(b"".join([row for _, row in glyphs]), np.int64).reshape(count, -1)
    least, most = rows.min(axis=0).tolist(), rows.max(axis=0).tolist()
    box = (*least[_BOX][:2], *most[_BOX][2:]) if least[_BOX][0] < _NOWHERE[0] else (0, 0, 0, 0)
    _, _, widest, _, points, contours, *_ = most
    loca = np.zeros(count + 1, ">u4")
    rows[:, 0].cumsum(out=loca[1:])
    tables = (
        b"".join([data for data, _ in glyphs]),
        _head(face, box),
        _horizontal_header(face, box, widest, count),
        rows[:, _METRICS].astype(">i2").tobytes(),
        loca.tobytes(),
        # No composites, no instructions.
        struct.pack(">I3H4xH16x", _VERSION_1, count, points, contours, 1),
    )
    return Program(_sfnt(tables, int(rows[:, 1].sum()) & _MASK), box)


def _head(face: Face, box: tuple[int, int, int, int]) -> bytes:
    """`head`: revision, check sum (filled in later), magic, units; long offsets in `loca`."""
    start = struct.pack(">IIIIHH16x", _VERSION_1, _VERSION_1, 0, _HEAD_MAGIC, 0, face.units)
    return start + struct.pack(">4hHHhhh", *box, 0, 8, 2, 1, 0)


def _horizontal_header(face: Face, box: tuple[int, int, int, int], widest: int, count: int) -> bytes:
    """`hhea`: ascent and descent, widest advance, extreme bearings, upright caret, metrics of each glyph."""
    ascent, descent, _ = face.vertical_metrics
    left, _, right, _ = box
    return struct.pack(
        ">IhhhHhhhhhh10xH", _VERSION_1, ascent, descent, 0, widest, left, 0, right, 1, 0, 0, count
    )


def _sfnt(tables: Sequence[bytes], of_glyphs: int) -> bytes:
    """The file of the tables in the order of `_TAGS`; the check sum of the first is known."""
    count = len(_TAGS)
    selector = count.bit_length() - 1
    search = 16 << selector
    directory = [_DIRECTORY.pack(_VERSION_1, count, search, selector, 16 * count - search)]
    body: list[bytes] = []
    offset = _DIRECTORY.size + _ENTRY.size * count
    sums = [of_glyphs, *map(_checksum, tables[1:])]
    for tag, table, checksum in zip(_TAGS, tables, sums, strict=True):
        directory.append(_ENTRY.pack(tag, checksum, offset, len(table)))
        padding = bytes(-len(table) % 4)
        body += (table, padding)
        offset += len(table) + len(padding)
    beginning = b"".join(directory)
    adjustment = (_CHECKSUM_MAGIC - _checksum(beginning) - sum(sums)) & _MASK
    head = bytearray(tables[1])
    head[_ADJUSTMENT] = adjustment.to_bytes(4, "big")
    body[2] = bytes(head)
    return b"".join((beginning, *body))


def _checksum(data: bytes) -> int:
    """The sum of its words, as of one that is filled up with zeros."""
    whole, rest = divmod(len(data), 4)
    words: tuple[int, ...] = struct.unpack_from(f">{whole}I", data)
    last = int.from_bytes(data[4 * whole :] + bytes(4 - rest), "big") if rest else 0
    return (sum(words) + last) & _MASK
