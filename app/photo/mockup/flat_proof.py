"""A panel laid out flat with the lines that matter: the cut, the safe zone, and where a wrap meets itself."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from PIL import Image, ImageChops, ImageDraw

from app.domain.product import Rgb, Surface
from app.pdf.surface import Point, rings

CUT: Rgb = (214, 0, 110)
SAFE: Rgb = (0, 122, 84)
SEAM: Rgb = (28, 84, 178)
_FADED = 0.62
"""Of what is cut off: how far it goes towards white."""
_FINER = 3
"""Lines are drawn so many times larger, for soft edges."""
_LINE = 2.0
"""Pixels."""
_DASH, _GAP = 9.0, 6.0
"""Pixels of a dashed line."""


def flat_proof(surface: Surface, page: Image.Image) -> Image.Image:
    """A page with its lines on it.

    Args:
        surface: what is printed on.
        page: a picture of the page with its bleed.
    """
    scale = page.width / (surface.size[0] + 2 * surface.bleed)
    lines = _Lines(page.size, scale, surface.bleed)
    cut, safe = rings(surface), rings(surface, -surface.safe)
    proof = page.convert("RGB")
    white = Image.new("RGB", page.size, "white")
    kept = lines.cover(cut)
    proof = Image.composite(proof, Image.blend(proof, white, _FADED), kept)
    proof.paste(SAFE, mask=lines.drawn(piece for ring in safe for piece in _dashes(ring, scale)))
    if surface.seam:
        proof.paste(
            SEAM, mask=lines.drawn(piece for ring in _seams(surface) for piece in _dashes(ring, scale))
        )
    proof.paste(CUT, mask=lines.drawn([*ring, ring[0]] for ring in cut))
    return proof


class _Lines:
    """Draws on a page's pixels what is said in mm of its trim."""

    def __init__(self, size: tuple[int, int], scale: float, bleed: float) -> None:
        self._size = size[0] * _FINER, size[1] * _FINER
        self._scale = scale * _FINER
        self._bleed = bleed

    def drawn(self, lines: Iterator[Sequence[Point]]) -> Image.Image:
        """Where lines are."""
        mask = Image.new("L", self._size)
        pen = ImageDraw.Draw(mask)
        for line in lines:
            pen.line(self._placed(line), fill=255, width=round(_LINE * _FINER), joint="curve")
        return mask.reduce(_FINER)

    def cover(self, outlines: Sequence[Sequence[Point]]) -> Image.Image:
        """What is inside outlines; one within another is a hole."""
        whole = Image.new("1", self._size)
        for ring in outlines:
            one = Image.new("1", self._size)
            ImageDraw.Draw(one).polygon(self._placed(ring), fill=1)
            whole = ImageChops.logical_xor(whole, one)
        return whole.convert("L").reduce(_FINER)

    def _placed(self, points: Sequence[Point]) -> list[Point]:
        return [((x + self._bleed) * self._scale, (y + self._bleed) * self._scale) for x, y in points]


def _seams(surface: Surface) -> list[list[Point]]:
    width, height = surface.size
    return [[(x, 0.0), (x, height)] for x in (surface.seam, width - surface.seam)]


def _dashes(ring: Sequence[Point], scale: float) -> Iterator[list[Point]]:
    """An outline in dashes that go around its corners."""
    on, left, piece = True, _DASH / scale, [ring[0]]
    for start, end in zip(ring, [*ring[1:], ring[0]], strict=True):
        done, length = 0.0, math.dist(start, end)
        while length - done > left:
            done += left
            share = done / length
            point = start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
            if on:
                yield [*piece, point]
            on, piece = not on, [point]
            left = (_DASH if on else _GAP) / scale
        left -= length - done
        piece.append(end)
    if on and len(piece) > 1:
        yield piece
