"""Image samples as ink, scaled down to what an ink measurement needs."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
import pikepdf
from numpy.typing import NDArray
from pikepdf import Name
from PIL import Image, UnidentifiedImageError

from app.pdf.preflight.content.marks import ImageMark
from app.pdf.preflight.content.paint import PROCESS
from app.pdf.preflight.limits import MOST_PIXELS
from app.pdf.preflight.objects import entries

_BYTE = 8
_FLAT = (Name.FlateDecode, Name.RunLengthDecode, Name.ASCII85Decode, Name.ASCIIHexDecode)
_WANTED = 256
"""Pixels on the shorter side that are kept at most: a 15 mm window on an A4 picture still has 18 × 18."""

_INLINE = 0, 0
"""The object number of what is no object of its own."""

Samples = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class InkImage:
    """Rows of pixels from the top, one plane an ink, 0 to 1; `alpha` where it has a soft mask."""

    inks: tuple[str, ...]
    samples: Samples
    alpha: Samples | None


def stencil(mark: ImageMark) -> Samples | None:
    """Where a stencil lets its colour through, 0 to 1, rows from the top; None where that is not known.

    One bit a pixel, 0 painted unless `/Decode` turns it over (ISO 32000-1, 8.9.6.2).
    """
    if mark.stream is None or any(one not in _FLAT for one in entries(mark.stream.get("/Filter"))):
        return None
    row = (mark.width + 7) // 8
    data = mark.stream.read_bytes()
    if len(data) < row * mark.height or mark.width * mark.height > MOST_PIXELS:
        return None
    packed = np.frombuffer(data, dtype=np.uint8, count=row * mark.height).reshape(mark.height, row)
    step = max(1, min(mark.width, mark.height) // _WANTED)
    # Rows are left out before they are unpacked: a signature of 1,200 ppi is many of them.
    bits = np.unpackbits(packed[::step], axis=1)[:, : mark.width]
    turned = [int(n) for n in mark.stream.get("/Decode", pikepdf.Array()).as_list()] == [1, 0]
    painted = bits if turned else 1 - bits
    return painted[:, ::step].astype(np.float32)


def measurable(mark: ImageMark) -> bool:
    """Whether `ink_image` can read it, told from its dictionary alone."""
    if mark.stencil:
        return mark.look.fill.measured
    if mark.stream is None or mark.space is None or mark.width * mark.height > MOST_PIXELS:
        return False
    filters = entries(mark.stream.get("/Filter"))
    jpeg = filters == [Name.DCTDecode]
    if mark.bits != _BYTE or not (jpeg or all(one in _FLAT for one in filters)):
        return False
    space = mark.space if mark.space.base is None else mark.space.base
    return bool(space.inks) and not (jpeg and mark.space.base is not None)


def most_ink(mark: ImageMark) -> float:
    """The most ink that any of its pixels can have, without decoding it; 1 a full ink."""
    if mark.stencil:
        return mark.look.fill.total
    if mark.space is None:
        return float(len(PROCESS))
    if mark.space.base is not None:
        count = max(mark.space.base.count, 1)
        usable = len(mark.space.palette) // count * count
        palette = np.frombuffer(mark.space.palette[:usable], dtype=np.uint8)
        sums = palette.reshape(-1, count).sum(axis=1, dtype=np.int64)
        return float(sums.max(initial=0)) / 255 if count == len(PROCESS) else 1.0
    return float(len(mark.space.inks) or len(PROCESS))


class InkImages:
    """Reads pictures; the last one is remembered, since pages that follow each other often share theirs."""

    def __init__(self) -> None:
        self._last: tuple[object, InkImage] | None = None

    def of(self, mark: ImageMark, finest: int) -> InkImage:
        """The picture's inks; arguments and errors as for `ink_image`."""
        if mark.stream is None or mark.stream.objgen == _INLINE:
            return ink_image(mark, finest)
        key = mark.stream.objgen, finest
        if self._last is None or self._last[0] != key:
            self._last = key, ink_image(mark, finest)
        return self._last[1]


def ink_image(mark: ImageMark, finest: int) -> InkImage:
    """The picture's inks. Only for a `measurable` one that is no stencil.

    Args:
        mark: the picture.
        finest: pixels on its shorter side that are fine enough.

    Raises:
        ValueError: its samples cannot be decoded.
    """
    if mark.stream is None or mark.space is None:
        raise ValueError("the image has no samples")
    wanted = min(finest, _WANTED)
    samples = _decoded(mark.stream, mark, wanted)
    if mark.space.base is not None:
        table = np.frombuffer(mark.space.palette, dtype=np.uint8).astype(np.float32) / np.float32(255)
        table = table.reshape(-1, mark.space.base.count)
        indices = np.minimum((samples[..., 0] * 255).round().astype(np.intp), len(table) - 1)
        samples = table[indices]
    family = mark.space if mark.space.base is None else mark.space.base
    if family.count == 1 and family.family in ("DeviceGray", "ICCBased"):
        samples = 1 - samples
    return InkImage(family.inks, _smaller(samples, wanted), _alpha(mark, wanted))


def _alpha(mark: ImageMark, wanted: int) -> Samples | None:
    mask = None if mark.stream is None else mark.stream.get("/SMask")
    if not isinstance(mask, pikepdf.Stream) or int(mask.get("/BitsPerComponent", 8)) != _BYTE:
        return None
    return _smaller(_samples(mask, (int(mask.Width), int(mask.Height)), 1, wanted), wanted)


def _decoded(stream: pikepdf.Stream, mark: ImageMark, wanted: int) -> Samples:
    count = 1 if mark.space is None else mark.space.count
    samples = _samples(stream, (mark.width, mark.height), count, wanted)
    decode = [float(n) for n in stream.get("/Decode", pikepdf.Array()).as_list()]
    if len(decode) == 2 * count and mark.space is not None and mark.space.base is None:
        low, high = np.array(decode[::2], np.float32), np.array(decode[1::2], np.float32)
        # Means first: this is linear, and then goes over few pixels.
        samples = low + _smaller(samples, wanted) * (high - low)
    return samples


def _samples(stream: pikepdf.Stream, size: tuple[int, int], count: int, wanted: int) -> Samples:
    if entries(stream.get("/Filter")) == [Name.DCTDecode]:
        return _jpeg(stream.read_raw_bytes(), count, wanted)
    width, height = size
    data = stream.read_bytes()
    whole = width * height * count
    if len(data) < whole:
        raise ValueError("the image's data are cut off")
    pixels = np.frombuffer(data, dtype=np.uint8, count=whole).reshape(height, width, count)
    step = max(1, min(size) // wanted)
    return pixels[::step, ::step].astype(np.float32) / 255


def _jpeg(data: bytes, count: int, wanted: int) -> Samples:
    """A JPEG, decoded at the smallest scale that still has the wanted pixels."""
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG"]) as picture:
            # Pillow turns every CMYK over while decoding, Adobe's or not; PDF none (ISO 32000-1, 7.4.8).
            turned = picture.mode == "CMYK"
            scale = max(1, min(picture.size) // wanted)
            picture.draft(picture.mode, (picture.width // scale, picture.height // scale))
            pixels = np.asarray(picture, dtype=np.float32) / np.float32(255)
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise ValueError(f"the image cannot be decoded: {error}") from error
    pixels = pixels.reshape(*pixels.shape[:2], -1)
    if pixels.shape[2] != count:
        raise ValueError(f"the JPEG has {pixels.shape[2]} components, its colour space {count}")
    return 1 - pixels if turned else pixels


def _smaller(samples: Samples, wanted: int) -> Samples:
    """Means of blocks, so that no more than about twice the wanted pixels remain."""
    height, width, count = samples.shape
    step = max(1, min(height, width) // wanted)
    height, width = height // step * step, width // step * step
    blocks = samples[:height, :width].reshape(height // step, step, width // step, step, count)
    means: Samples = blocks.mean(axis=(1, 3), dtype=np.float32)
    return means
