"""Small JPEGs for tests, sound or broken in one way."""

from __future__ import annotations

import io
import struct

import numpy as np
from PIL import Image

Size = tuple[int, int]


def jpeg(
    mode: str = "CMYK", size: Size = (1400, 1900), *, icc: bytes | None = None, **options: object
) -> bytes:
    """A picture of two soft waves, in any of Pillow's modes."""
    width, height = size
    across = np.linspace(0, 6, width)[None, :]
    down = np.linspace(0, 9, height)[:, None]
    wave = ((np.sin(across) + np.cos(down) + 2) * 50).astype(np.uint8)
    channels = len(Image.new(mode, (1, 1)).getbands())
    planes = (
        wave
        if channels == 1
        else np.stack([np.roll(wave, 97 * n, axis=1) // (n + 1) for n in range(channels)], -1)
    )
    made = io.BytesIO()
    Image.fromarray(planes, mode).save(made, "JPEG", quality=60, icc_profile=icc, **options)
    return made.getvalue()


def claiming(
    data: bytes,
    *,
    width: int | None = None,
    height: int | None = None,
    bits: int | None = None,
    frame: int | None = None,
) -> bytes:
    """The same JPEG with another frame header, which is all that is read before it is decoded."""
    at = next(data.index(bytes((0xFF, kind))) for kind in (0xC0, 0xC2) if bytes((0xFF, kind)) in data[:4000])
    said_bits, said_height, said_width = struct.unpack(">BHH", data[at + 4 : at + 9])
    header = struct.pack(
        ">BHH", bits or said_bits, said_height if height is None else height, width or said_width
    )
    return data[: at + 1] + bytes((frame or data[at + 1],)) + data[at + 2 : at + 4] + header + data[at + 9 :]


def without_adobe(data: bytes) -> bytes:
    """The same JPEG without Adobe's marker, which says that its inks are stored the other way round."""
    at = data.index(b"\xff\xee")
    length = int.from_bytes(data[at + 2 : at + 4])
    return data[:at] + data[at + 2 + length :]
