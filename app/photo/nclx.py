"""Colours that a HEIC or AVIF file tells by numbers alone (`nclx`), as an ICC profile.

Phones embed a profile; programs that write AVIF often save its bytes and give three numbers of ITU-T H.273
instead. Readers of files turn YCbCr into RGB by them, but leave open which red, green and blue are meant.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.photo.clean_icc import text_tag, write_icc

_BOX = 8
_FULL = 4
"""Bytes of a full box's version and flags (ISO/IEC 14496-12, 4.2)."""
_D65 = (0.3127, 0.3290)
_PRIMARIES = {
    9: ("BT.2020", ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)), _D65),
    11: ("DCI-P3", ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)), (0.314, 0.351)),
    12: ("Display P3", ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)), _D65),
}
"""Name, red, green and blue, and white (H.273, table 2); all others are near enough to sRGB's."""
_SRGB_CURVE = struct.pack(
    ">HH5i", 3, 0, *(round(n * 65536) for n in (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045))
)
_CURVES = {
    **dict.fromkeys((1, 2, 6, 13, 14, 15), _SRGB_CURVE),
    4: struct.pack(">HHi", 0, 0, round(2.2 * 65536)),
    8: struct.pack(">HHi", 0, 0, 65536),
}
"""By H.273's table 3, as `para` tags have them (ICC.1:2022, 10.18). A camera's curve of a film is for screens
that undo it as sRGB's. Those of high dynamic range are no curves of a print, and are read as sRGB."""
Numbers = NDArray[np.float64]
_D50 = np.array((0.9642, 1.0, 0.8249))
_BRADFORD = np.array(((0.8951, 0.2664, -0.1614), (-0.7502, 1.7135, 0.0367), (0.0389, -0.0685, 1.0296)))


def icc_of_nclx(data: bytes) -> bytes | None:
    """The profile of a HEIC or AVIF file's main picture; None where it says none, or one as good as sRGB."""
    try:
        told = _nclx(data)
    except (struct.error, IndexError):  # damaged: the reader has a better word for that
        return None
    return None if told is None else _profile(*told)


def _nclx(data: bytes) -> tuple[int, int] | None:
    """Primaries and transfer of the primary item (ISO/IEC 23008-12, 6.5.5; 14496-12, 12.1.5)."""
    meta = next((body for kind, body in _boxes(data) if kind == b"meta"), b"")
    inside = dict(_boxes(meta[_FULL:]))
    properties = dict(_boxes(inside.get(b"iprp", b"")))
    held = list(_boxes(properties.get(b"ipco", b"")))
    for index in _of_item(properties.get(b"ipma", b""), _primary(inside.get(b"pitm", b""))):
        kind, body = held[index - 1]
        if index and kind == b"colr" and body[:4] == b"nclx":
            primaries, transfer = struct.unpack_from(">HH", body, 4)
            return primaries, transfer
    return None


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The boxes of a file or of a box, as their kinds and what they hold."""
    at = 0
    while at + _BOX <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        head = _BOX
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, at + _BOX)
            head = 2 * _BOX
        size = size or len(data) - at
        if size < head:
            return
        yield kind, data[at + head : at + size]
        at += size


def _primary(pitm: bytes) -> int:
    wide = pitm[:1] != b"\0"
    (item,) = struct.unpack_from(">I" if wide else ">H", pitm, _FULL)
    return int(item)


def _of_item(ipma: bytes, wanted: int) -> list[int]:
    """The numbers, from 1, of an item's properties."""
    wide_item, wide_index = ipma[0] > 0, ipma[3] & 1
    (count,) = struct.unpack_from(">I", ipma, _FULL)
    at = 2 * _FULL
    for _ in range(count):
        (item,) = struct.unpack_from(">I" if wide_item else ">H", ipma, at)
        at += 4 if wide_item else 2
        many, at = ipma[at], at + 1
        # The first bit says that the property is essential.
        if item == wanted and wide_index:
            return [index & 0x7FFF for index in struct.unpack_from(f">{many}H", ipma, at)]
        if item == wanted:
            return [index & 0x7F for index in ipma[at : at + many]]
        at += many * (2 if wide_index else 1)
    return []


@lru_cache(maxsize=32)
def _profile(primaries: int, transfer: int) -> bytes | None:
    if primaries not in _PRIMARIES or transfer not in _CURVES:
        return None
    name, colours, white = _PRIMARIES[primaries]
    adapted = _adapted(np.array([_xyz(*colour) for colour in colours]).T, np.array(_xyz(*white)))
    curve = b"para" + bytes(4) + _CURVES[transfer]
    tags = {
        b"desc": text_tag(b"desc", name, 4),
        b"cprt": text_tag(b"text", "none", 4),
        b"wtpt": _numbers(b"XYZ ", _D50),
        **{
            tag: _numbers(b"XYZ ", column)
            for tag, column in zip((b"rXYZ", b"gXYZ", b"bXYZ"), adapted.T, strict=True)
        },
        **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve),
    }
    head = bytearray(128)
    struct.pack_into(">I4s4s4s", head, 8, 0x04300000, b"mntr", b"RGB ", b"XYZ ")
    head[36:40] = b"acsp"
    head[68:80] = _numbers(b"", _D50)[4:]
    return write_icc(bytes(head), tags)


def _xyz(x: float, y: float) -> tuple[float, float, float]:
    return x / y, 1.0, (1 - x - y) / y


def _adapted(colours: Numbers, white: Numbers) -> Numbers:
    """XYZ of full red, green and blue, a column each, under D50 (Bradford, as ICC.1:2022, annex E)."""
    under_white = colours * np.linalg.solve(colours, white)
    share = np.diag((_BRADFORD @ _D50) / (_BRADFORD @ white))
    adapted: Numbers = np.linalg.inv(_BRADFORD) @ share @ _BRADFORD @ under_white
    return adapted


def _numbers(kind: bytes, values: Numbers) -> bytes:
    return kind + bytes(4) + struct.pack(f">{len(values)}i", *(round(float(each) * 65536) for each in values))
