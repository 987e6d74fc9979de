"""Photos for tests: drawn ones, and some that ship inside scikit-image (a woman, a cat, a cup)."""

from __future__ import annotations

import io
import struct
import zlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from PIL import Image

from app.domain.product import GangLayout, Inks, Panel, Product, Resolution, Shape, Surface, Tone
from app.photo.colour import Press
from app.registry.places import PROFILES

ICC = PROFILES / "ISOcoated_v2_300_bas.icc"
PRESS = Press(ICC, 300, Inks.CMYK, Tone.NONE)
ORIENTATION = 0x0112
SURFACE = Surface(shape=Shape.RECTANGLE, size=(40, 40), bleed=0, safe=2)
TILE = Product(
    name="tile",
    title="Tile",
    profile="isocoated-v2-300",
    substrate="clay",
    surface=SURFACE,
    panels=(Panel(name="front", pictures=(SURFACE.bleed_box,)),),
    inks=Inks.CMYK,
    tone=Tone.NONE,
    resolution=Resolution(target=200, warning=150, error=100),
    gang=GangLayout(sheet=(300, 400), margin=10, gap=4),
    contour=False,
)
P3, SRGB_CURVE = 12, 13
"""Of H.273: primaries, and a transfer."""


def scene(width: int = 640, height: int = 480) -> Image.Image:
    """Sky, hills and one red dot near the top-left corner: what is where can be told after any turn."""
    down, across = np.mgrid[0:height, 0:width] / max(width, height)
    red = 90 + 120 * across
    green = 120 + 80 * np.sin(9 * across) * down
    blue = 220 - 150 * down
    pixels = np.stack((red, green, blue), axis=-1).clip(0, 255).astype(np.uint8)
    size = max(4, width // 16)
    pixels[size : 2 * size, size : 2 * size] = (255, 0, 0)
    return Image.fromarray(pixels)


def saved(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    """The file of an image."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def oriented(image: Image.Image, orientation: int, kind: str = "JPEG") -> bytes:
    """A file whose pixels lie as a camera left them, and whose EXIF says how to turn them upright."""
    lain = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return saved(image if lain is None else image.transpose(lain), kind, exif=exif.tobytes(), quality=95)


def phone_photo(name: str) -> bytes:
    """The scene as a phone stores it: see tests/data/photos/README.md."""
    return (Path(__file__).parent / "data" / "photos" / name).read_bytes()


def told_by_numbers(data: bytes, primaries: int, transfer: int = SRGB_CURVE) -> bytes:
    """A HEIC or AVIF file without a profile, with other numbers of its colours (ITU-T H.273)."""
    at = data.index(b"colrnclx") + 8
    return data[:at] + struct.pack(">HH", primaries, transfer) + data[at + 4 :]


def _png(width: int, height: int, bits: int, pixels: bytes) -> bytes:
    """A PNG in RGB that says this of itself, whatever is in it."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, bits, 2, 0, 0, 0)
    chunks = (head, b"IDAT" + zlib.compress(pixels), b"IEND")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in chunks
    )


def png_head(width: int, height: int) -> bytes:
    """A PNG that says how large it is and has nothing in it."""
    return _png(width, height, 8, b"")


def deep_png(image: Image.Image) -> bytes:
    """The file of an RGB image with 16 bits a colour, which Pillow does not write."""
    rows = np.asarray(image, dtype=">u2") * 257
    return _png(*image.size, 16, b"".join(b"\0" + row.astype(">u2").tobytes() for row in rows))


@cache
def shipped(name: str) -> Image.Image:
    """A picture that ships inside scikit-image, such as astronaut.png."""
    found = find_spec("skimage")
    assert found is not None
    assert found.origin is not None
    return Image.open(Path(found.origin).parent / "data" / name).convert("RGB")
