"""A photo as it is kept: its pixels encoded anew, upright, and the numbers of its colour profile.

Nothing else of the file survives: no metadata, no thumbnails, no further frames, nothing behind its end.
"""

from __future__ import annotations

import io
import math
import warnings
from dataclasses import dataclass, replace

from PIL import Image, JpegImagePlugin

from app.domain.photo import PhotoFacts
from app.photo.clean_icc import clean_icc
from app.photo.read import Photo

_MOST_PIXELS = 24_000_000
"""Enough for 300 ppi on a sheet of 50 × 34 cm; what has more is kept smaller."""
_QUALITY = 93


@dataclass(frozen=True, slots=True, kw_only=True)
class Master:
    """A photo's own file, a JPEG of `size` pixels; `facts` are those of what came."""

    data: bytes
    size: tuple[int, int]
    facts: PhotoFacts


def make_master(data: bytes) -> Master:
    """Encode a photo anew; the same bytes give the same master.

    Raises:
        PhotoUnusable: it is no photo, damaged or over a limit.
    """
    with warnings.catch_warnings(action="ignore"):  # Pillow's, on damaged metadata that nobody reads
        photo = Photo(data)
        width, height = photo.size
        share = min(1.0, math.sqrt(_MOST_PIXELS / (width * height)))
        pixels = photo.decode(share)
    image = pixels.image
    if image.width * image.height > _MOST_PIXELS:
        image = image.resize(
            (round(width * share), round(height * share)), Image.Resampling.LANCZOS, reducing_gap=2.0
        )
    icc = None if pixels.icc is None else clean_icc(pixels.icc)
    # Pillow would write comments and EXIF again.
    image.info = {}
    out = io.BytesIO()
    image.save(out, "JPEG", quality=_QUALITY, subsampling=_subsampling(data), icc_profile=icc)
    facts = replace(photo.facts, profile="" if icc is None else photo.facts.profile)
    return Master(data=out.getvalue(), size=image.size, facts=facts)


def _subsampling(data: bytes) -> int:
    """As the photo had it, where it is a JPEG; none for others. Pillow's numbers, 0 for none."""
    if not data.startswith(b"\xff\xd8"):
        return 0
    with Image.open(io.BytesIO(data), formats=["JPEG"]) as image:
        found: int = JpegImagePlugin.get_sampling(image)
    return max(0, found)
