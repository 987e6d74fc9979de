"""A colour profile with nothing in it but numbers: what it says of colours stays, every text goes.

A photo keeps its wide gamut only if its profile is kept; but a profile is a file of tags, and senders may
write what they like into it. So it is written again from those tags that carry colours (ICC.1:2022, 9.2).
"""

from __future__ import annotations

import struct
from typing import Final

_HEADER = 128
_COUNT = 4
_ENTRY = 12
_MOST_TAGS = 100
_LARGEST = 4 * 2**20
_COLOURS: Final = frozenset({
    b"wtpt", b"bkpt", b"chad", b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC", b"kTRC",
    b"A2B0", b"A2B1", b"A2B2", b"B2A0", b"B2A1", b"B2A2", b"gamt",
})  # fmt: skip
_NUMBERS: Final = frozenset({b"XYZ ", b"sf32", b"curv", b"para", b"mft1", b"mft2", b"mAB ", b"mBA "})
_FREE: Final = ((40, 44), (48, 64), (80, 128))
"""Bytes of the header that say who made the profile and for what machine; its date and its id besides."""
_DATE, _ID = (24, 36), (84, 100)


def clean_icc(icc: bytes) -> bytes | None:
    """The same profile without texts, makers, dates and whatever a tag nobody asked for holds.

    The same colours give the same bytes. None where it is no sound profile.
    """
    if not _HEADER + _COUNT <= len(icc) <= _LARGEST or icc[36:40] != b"acsp":
        return None
    (count,) = struct.unpack_from(">I", icc, _HEADER)
    if count > _MOST_TAGS or _HEADER + _COUNT + count * _ENTRY > len(icc):
        return None
    tags: dict[bytes, bytes] = {}
    for index in range(count):
        name, start, size = struct.unpack_from(">4sII", icc, _HEADER + _COUNT + index * _ENTRY)
        body = icc[start : start + size]
        if name in _COLOURS and len(body) == size and body[:4] in _NUMBERS:
            tags[name] = body
    described = icc[16:20].decode("ascii", "replace").strip()
    tags[b"desc"] = text_tag(b"desc", f"photo, {described}", icc[8])
    tags[b"cprt"] = text_tag(b"text", "none", icc[8])
    return write_icc(icc[:_HEADER], tags)


def text_tag(kind: bytes, said: str, version: int) -> bytes:
    """A text tag of our own, as the profile's version has them (10.24 textType, 10.15 multiLocalized…)."""
    if version >= 4:  # noqa: PLR2004 - ICC version 4
        words = said.encode("utf-16-be")
        return struct.pack(">4sIIIHHII", b"mluc", 0, 1, 12, 0x656E, 0x5553, len(words), 28) + words
    words = said.encode("ascii") + b"\0"
    if kind == b"text":
        return b"text\0\0\0\0" + words
    return struct.pack(">4sII", b"desc", 0, len(words)) + words + bytes(4 + 4 + 2 + 1 + 67)


def write_icc(header: bytes, tags: dict[bytes, bytes]) -> bytes:
    """A profile of these tags, under a header that loses all but its numbers."""
    head = bytearray(header)
    for start, end in (*_FREE, _DATE, _ID):
        head[start:end] = bytes(end - start)
    head[4:8] = bytes(4)
    # 7.2.8 asks for a valid date.
    head[24:36] = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)
    at = _HEADER + _COUNT + len(tags) * _ENTRY
    table, bodies = bytearray(struct.pack(">I", len(tags))), bytearray()
    for name, body in sorted(tags.items()):
        bodies += bytes(-len(bodies) % 4)
        table += struct.pack(">4sII", name, at + len(bodies), len(body))
        bodies += body
    bodies += bytes(-len(bodies) % 4)
    head[0:4] = struct.pack(">I", at + len(bodies))
    return bytes(head + table + bodies)
