"""A TrueType font program of just the glyphs that a file shows (OpenType 1.9; ISO 32000-2, 9.9)."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from app.pdf.text.face import Face, Shape
from app.pdf.text.outline import Record

_VERSION_1 = 0x00010000
_HEAD_MAGIC = 0x5F0F3CF5
_CHECKSUM_MAGIC = 0xB1B0AFBA
_MASK = 0xFFFFFFFF


class Program(NamedTuple):
    """A font program, and the box around all its glyphs in font units."""

    data: bytes
    box: tuple[int, int, int, int]


def font_program(face: Face, shapes: Sequence[Shape]) -> Program:
    """An sfnt whose glyph `i` is the face's `shapes[i]`.

    Only the tables that PDF asks of a CIDFontType2 are there; hints are for screens and left out.
    """
    records = [face.record(shape) for shape in shapes]
    offsets = list(accumulate((len(record.data) for record in records), initial=0))
    inked = [record.box for record in records if record.data] or [(0, 0, 0, 0)]
    lefts, bottoms, rights, tops = zip(*inked, strict=True)
    box = min(lefts), min(bottoms), max(rights), max(tops)
    advances = [face.advance(shape) for shape in shapes]
    metrics = [value for pair in zip(advances, (r.box[0] for r in records), strict=True) for value in pair]
    tables = {
        b"glyf": b"".join(record.data for record in records),
        b"head": _head(face, box),
        b"hhea": _horizontal_header(face, box, max(advances), len(shapes)),
        b"hmtx": struct.pack(">" + "Hh" * len(shapes), *metrics),
        b"loca": struct.pack(f">{len(offsets)}I", *offsets),
        b"maxp": _maximum_profile(records),
    }
    return Program(_sfnt(tables), box)


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


def _maximum_profile(records: Sequence[Record]) -> bytes:
    """`maxp`: number of glyphs, most points and contours of one; no composites, no instructions."""
    points, contours = max(r.points for r in records), max(r.contours for r in records)
    return struct.pack(">I3H4xH16x", _VERSION_1, len(records), points, contours, 1)


def _sfnt(tables: dict[bytes, bytes]) -> bytes:
    count = len(tables)
    selector = count.bit_length() - 1
    search = 16 << selector
    directory = struct.pack(">IHHHH", _VERSION_1, count, search, selector, 16 * count - search)
    offset = len(directory) + 16 * count
    body = b""
    for tag in sorted(tables):
        table = tables[tag]
        directory += struct.pack(">4sIII", tag, _checksum(table), offset + len(body), len(table))
        body += table + bytes(-len(table) % 4)
    program = bytearray(directory + body)
    head = 12 + 16 * sorted(tables).index(b"head")
    start = struct.unpack_from(">I", program, head + 8)[0]
    struct.pack_into(">I", program, start + 8, (_CHECKSUM_MAGIC - _checksum(bytes(program))) & _MASK)
    return bytes(program)


def _checksum(data: bytes) -> int:
    padded = data + bytes(-len(data) % 4)
    return int(np.frombuffer(padded, dtype=">u4").sum(dtype=np.uint64)) & _MASK
