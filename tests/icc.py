"""Writes small ICC profiles: no wide-gamut one ships with the packages that we have."""

from __future__ import annotations

import struct
from collections.abc import Sequence

_PRIMARIES = (b"rXYZ", b"gXYZ", b"bXYZ")
_D50 = (0.9642, 1.0, 0.8249)


def matrix_profile(primaries: Sequence[Sequence[float]], *, gamma: float) -> bytes:
    """An RGB display profile of version 2 (ICC.1:2001-04).

    Args:
        primaries: XYZ of red, green and blue, adapted to D50.
        gamma: of all three.
    """
    colours = {each: _xyz(primary) for each, primary in zip(_PRIMARIES, primaries, strict=True)}
    return _profile(b"RGB ", colours | dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), _curve(gamma)))


def wide_gamut() -> bytes:
    """A profile with Display P3's primaries."""
    return matrix_profile(
        ((0.5151, 0.2412, -0.0011), (0.2919, 0.6922, 0.0419), (0.1572, 0.0666, 0.7841)), gamma=2.2
    )


def grey_profile(gamma: float = 2.2) -> bytes:
    """A profile of greys."""
    return _profile(b"GRAY", {b"kTRC": _curve(gamma)})


def _curve(gamma: float) -> bytes:
    return b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256)) + bytes(2)


def _profile(space: bytes, colours: dict[bytes, bytes]) -> bytes:
    name = b"Wide\0"
    description = b"desc" + bytes(4) + struct.pack(">I", len(name)) + name + bytes(78)
    tags = {
        b"desc": description,
        b"cprt": b"text" + bytes(4) + b"None\0\0\0\0",
        b"wtpt": _xyz(_D50),
        **colours,
    }
    table, body = [], b""
    start = 128 + 4 + 12 * len(tags)
    for tag, value in tags.items():
        padded = value + bytes(-len(value) % 4)
        table.append(tag + struct.pack(">II", start + len(body), len(value)))
        body += padded
    head = struct.pack(">I4sI4s4s4s", start + len(body), b"none", 0x02400000, b"mntr", space, b"XYZ ")
    head += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(28)
    head += struct.pack(">3i", *(round(each * 65536) for each in _D50))
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + b"".join(table) + body


def _xyz(values: Sequence[float]) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3i", *(round(each * 65536) for each in values))
