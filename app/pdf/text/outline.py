"""Glyph outlines as HarfBuzz draws them, packed as TrueType `glyf` records.

The file then shows exactly what was shaped, whatever the font's own format: instances of variable fonts,
composites and CFF outlines all come out as plain quadratic contours.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

import uharfbuzz as hb
from fontTools.cu2qu.cu2qu import curve_to_quadratic

_Point = tuple[float, float]
_CUBIC_ERROR = 0.001
"""Largest distance of a converted curve, in em: 0.02 pt at 17 pt, under any printer's dot."""
_ON = 0x01
_X_SHORT, _X_SAME, _Y_SHORT, _Y_SAME = 0x02, 0x10, 0x04, 0x20


@dataclass(slots=True)
class _Contours:
    """What HarfBuzz draws into: contours of (x, y, on curve) in font units."""

    tolerance: float
    contours: list[list[tuple[float, float, bool]]] = field(default_factory=list)


def _move(x: float, y: float, drawn: _Contours) -> None:
    drawn.contours.append([(x, y, True)])


def _line(x: float, y: float, drawn: _Contours) -> None:
    drawn.contours[-1].append((x, y, True))


def _quadratic(cx: float, cy: float, x: float, y: float, drawn: _Contours) -> None:
    contour = drawn.contours[-1]
    # A point midway between two control points is implied: it is left out, as the font itself did.
    if len(contour) > 1 and not contour[-2][2]:
        (px, py, _), (mx, my, _) = contour[-2:]
        if mx == (px + cx) / 2 and my == (py + cy) / 2:
            contour.pop()
    contour += ((cx, cy, False), (x, y, True))


def _cubic(  # noqa: PLR0917 - HarfBuzz calls it so
    ax: float, ay: float, bx: float, by: float, x: float, y: float, drawn: _Contours
) -> None:
    contour = drawn.contours[-1]
    start = contour[-1][:2]
    spline: list[_Point] = curve_to_quadratic((start, (ax, ay), (bx, by), (x, y)), drawn.tolerance)
    contour += [(px, py, False) for px, py in spline[1:-1]]
    contour.append((x, y, True))


def _close(drawn: _Contours) -> None:
    contour = drawn.contours[-1]
    if len(contour) > 1 and contour[-1] == contour[0]:
        contour.pop()


_DRAW = hb.DrawFuncs()
_DRAW.set_move_to_func(_move)
_DRAW.set_line_to_func(_line)
_DRAW.set_quadratic_to_func(_quadratic)
_DRAW.set_cubic_to_func(_cubic)
_DRAW.set_close_path_func(_close)


class Record(NamedTuple):
    """One simple `glyf` record (OpenType 1.9, glyf), padded to 4 bytes; empty where the glyph is blank."""

    data: bytes
    box: tuple[int, int, int, int]
    """Left, bottom, right and top in font units."""
    points: int
    contours: int


_BLANK_RECORD = Record(b"", (0, 0, 0, 0), 0, 0)


def glyph_record(font: hb.Font, parts: Iterable[tuple[int, int, int]]) -> Record:
    """Glyphs as one record.

    Args:
        font: at the instance that is shown.
        parts: each glyph with its x and y in font units.
    """
    contours = [contour for part in parts for contour in _contours(font, *part)]
    if not contours:
        return _BLANK_RECORD
    points = [point for contour in contours for point in contour]
    xs, ys = [x for x, _, _ in points], [y for _, y, _ in points]
    ends = [end - 1 for end in accumulate(map(len, contours))]
    box = min(xs), min(ys), max(xs), max(ys)
    header = struct.pack(f">5h{len(ends)}HH", len(contours), *box, *ends, 0)
    data = header + _coordinates(points)
    return Record(data + bytes(-len(data) % 4), box, len(points), len(contours))


def _contours(font: hb.Font, glyph: int, dx: int, dy: int) -> list[list[tuple[int, int, bool]]]:
    drawn = _Contours(font.face.upem * _CUBIC_ERROR)
    font.draw_glyph(glyph, _DRAW, drawn)
    return [
        [(round(x) + dx, round(y) + dy, on) for x, y, on in contour]
        for contour in drawn.contours
        if len(contour) > 1
    ]


def _coordinates(points: list[tuple[int, int, bool]]) -> bytes:
    """Flags, x and y of the points, each relative to the one before, as short as the format allows."""
    flags, x_bytes, y_bytes = bytearray(), bytearray(), bytearray()
    last_x = last_y = 0
    for x, y, on in points:
        flag = _ON if on else 0
        flag |= _delta(x - last_x, x_bytes, _X_SHORT, _X_SAME)
        flag |= _delta(y - last_y, y_bytes, _Y_SHORT, _Y_SAME)
        flags.append(flag)
        last_x, last_y = x, y
    return bytes(flags + x_bytes + y_bytes)


def _delta(step: int, out: bytearray, short: int, same_or_positive: int) -> int:
    if step == 0:
        return same_or_positive
    if -256 < step < 256:  # noqa: PLR2004 - what one byte holds
        out.append(abs(step))
        return short | (same_or_positive if step > 0 else 0)
    out += struct.pack(">h", step)
    return 0
