"""Photos that lie on their side: turned only as far as they are looked at.

A phone writes what its sensor saw and, in EXIF, how to turn it upright. Turning millions of pixels takes as
long as decoding them; turning the piece that is printed takes next to nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PIL import Image
from PIL.Image import Transpose

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, pixels."""
_UPRIGHT: Mapping[int, Transpose] = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
"""What turns a photo upright, by its EXIF orientation (Exif 2.32, 4.6.4)."""
_SIDEWAYS = frozenset({Transpose.TRANSPOSE, Transpose.TRANSVERSE, Transpose.ROTATE_90, Transpose.ROTATE_270})
_LIES_AT: Mapping[Transpose, Callable[[float, float, float, float], tuple[float, float]]] = {
    Transpose.FLIP_LEFT_RIGHT: lambda x, y, width, _: (width - x, y),
    Transpose.ROTATE_180: lambda x, y, width, height: (width - x, height - y),
    Transpose.FLIP_TOP_BOTTOM: lambda x, y, _, height: (x, height - y),
    Transpose.TRANSPOSE: lambda x, y, *_: (y, x),
    Transpose.ROTATE_270: lambda x, y, width, _: (y, width - x),
    Transpose.TRANSVERSE: lambda x, y, width, height: (height - y, width - x),
    Transpose.ROTATE_90: lambda x, y, _, height: (height - y, x),
}
"""Where a point of the turned picture lies before: of x, y and the turned picture's size."""


def upright(orientation: int) -> Transpose | None:
    """What turns a photo of this EXIF orientation upright; None for nothing."""
    return _UPRIGHT.get(orientation)


def is_sideways(turning: Transpose | None) -> bool:
    """Whether width and height change places."""
    return turning in _SIDEWAYS


def turned(image: Image.Image, turning: Transpose | None) -> Image.Image:
    """The picture, turned."""
    return image if turning is None else image.transpose(turning)


def resized(
    image: Image.Image,
    turning: Transpose | None,
    box: Box,
    size: tuple[int, int],
    resampling: Image.Resampling,
) -> Image.Image:
    """A piece of the turned picture at a size, without turning the rest.

    Args:
        image: as it lies.
        turning: what turns it.
        box: the piece, in pixels of the turned picture.
        size: of what comes out, pixels.
        resampling: how.
    """
    lying = size[::-1] if is_sideways(turning) else size
    return turned(image.resize(lying, resampling, box=_lying(image, turning, box), reducing_gap=2.0), turning)


def cut(image: Image.Image, turning: Transpose | None, box: Box) -> Image.Image:
    """A piece of the turned picture in its own pixels, its edges between them.

    Args:
        image: as it lies.
        turning: what turns it.
        box: the piece, in pixels of the turned picture.
    """
    left, top, right, bottom = _lying(image, turning, box)
    (x, width), (y, height) = (
        _between_pixels(*span) for span in ((left, right, image.width), (top, bottom, image.height))
    )
    return turned(image.crop((x, y, x + width, y + height)), turning)


def _between_pixels(start: float, end: float, edge: int) -> tuple[int, int]:
    """The nearest start and length in whole pixels."""
    length = max(1, round(end - start))
    return min(max(0, round(start)), edge - length), length


def _lying(image: Image.Image, turning: Transpose | None, box: Box) -> Box:
    """Where a piece of the turned picture lies in it."""
    if turning is None:
        return box
    edges = image.size[::-1] if is_sideways(turning) else image.size
    corners = [_LIES_AT[turning](x, y, *edges) for x, y in (box[:2], box[2:])]
    (left, right), (top, bottom) = (sorted(corner[axis] for corner in corners) for axis in (0, 1))
    return left, top, right, bottom
