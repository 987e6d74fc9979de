"""A signer's scanned signature as an image mask: the ink is the card's, the paper is left alone."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass

from PIL import Image, ImageChops, UnidentifiedImageError

from app.errors import ArtworkUnusable
from app.pdf.file.objects import ObjectFile
from app.pdf.file.syntax import deflate

_MASK_PPI = 1200
"""Enough that the edge of a stroke shows no steps; one bit a pixel keeps it small."""
_LARGEST_SCAN = 40_000_000
_MM_PER_INCH = 25.4
_HALF = 128


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature cut to its ink: mask bits, pixels, and its size in mm."""

    bits: bytes
    """Deflated; 0 is ink."""
    pixels: tuple[int, int]
    width: float
    height: float

    def write(self, file: ObjectFile) -> int:
        """Write the image mask; gives its object number."""
        columns, rows = self.pixels
        entries = (
            f"/Type/XObject/Subtype/Image/ImageMask true/Width {columns}/Height {rows}/BitsPerComponent 1"
        )
        return file.add_stream(self.bits, entries, packed=True)


def read_signature(picture: bytes, width: float, least_ppi: float) -> Signature:
    """A scanned signature, dark on light or on nothing.

    Args:
        picture: the file.
        width: of the whole picture as it was written, mm.
        least_ppi: the profile's smallest resolution.

    Raises:
        ArtworkUnusable: it is no picture, too large, too coarse, or blank.
    """
    ink = _ink(picture)
    ppi = ink.width / (width / _MM_PER_INCH)
    if ppi < least_ppi:
        raise ArtworkUnusable(
            f"the signature has {ppi:.0f} ppi at {width:g} mm, under {least_ppi:g} ppi",
            mend=f"scan it at {math.ceil(least_ppi * 2)} ppi or more",
        )
    scale = max(1.0, _MASK_PPI / ppi)
    fine = ink.resize((round(ink.width * scale), round(ink.height * scale)), Image.Resampling.BICUBIC)
    mask = fine.point([255 if value < _HALF else 0 for value in range(256)])
    box = ImageChops.invert(mask).getbbox()
    if box is None:
        raise ArtworkUnusable("the signature is blank", mend="scan it with more contrast")
    mask = mask.crop(box)
    mm = width / fine.width
    return Signature(
        deflate(mask.convert("1", dither=Image.Dither.NONE).tobytes()),
        mask.size,
        mask.width * mm,
        mask.height * mm,
    )


def _ink(picture: bytes) -> Image.Image:
    """How much ink each pixel has, 0 to 255."""
    try:
        with Image.open(io.BytesIO(picture)) as opened:
            if opened.width * opened.height > _LARGEST_SCAN:
                raise ArtworkUnusable(
                    f"the signature has {opened.width} × {opened.height} pixels", mend="scan it at 600 ppi"
                )
            scan = opened.convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise ArtworkUnusable(
            f"the signature is no readable picture: {error}", mend="save it as PNG"
        ) from error
    dark = ImageChops.invert(scan.convert("L"))
    return ImageChops.multiply(dark, scan.getchannel("A"))
