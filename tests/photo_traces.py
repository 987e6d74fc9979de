"""Looks through every file of a plant for one photo, by what can still be made of the bytes."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

_JPEG = b"\xff\xd8\xff"
_SEEN = 32


def striped(edge: int = 640) -> Image.Image:
    """Loud red and green stripes, which nothing else in a plant shows: any crop is told by its colours."""
    pixels = np.zeros((edge, edge, 3), dtype=np.uint8)
    across = np.arange(edge) // (edge // 16) % 2 == 0
    pixels[:, across, 0] = 230
    pixels[:, ~across, 1] = 190
    return Image.fromarray(pixels)


def traces(folder: Path, sent: bytes) -> set[str]:
    """The kinds (suffixes) of files below a folder that hold the striped photo, in whatever form.

    Args:
        folder: where to look.
        sent: the photo's file as it was sent.
    """
    text = base64.b64encode(sent)
    pieces = [text[at : at + 48] for at in range(200, len(text) - 48, 997)]
    found = set()
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            if any(piece in data for piece in pieces) or any(map(_is_striped, _pictures(data))):
                found.add(path.suffix)
    return found


def _pictures(data: bytes) -> Iterator[Image.Image]:
    """Whatever decodes: the file itself, and every JPEG that begins somewhere in it (as in a PDF)."""
    starts = [0, *(match.start() for match in re.finditer(re.escape(_JPEG), data))]
    for start in starts:
        try:
            with Image.open(io.BytesIO(data[start:])) as picture:
                yield picture.convert("RGB").resize((_SEEN, _SEEN), Image.Resampling.NEAREST)
        except (OSError, SyntaxError, ValueError):
            continue


def _is_striped(picture: Image.Image) -> bool:
    red, green, blue = np.asarray(picture, dtype=int).transpose(2, 0, 1)
    loud_red = (red > green + 70) & (red > blue + 70)
    loud_green = (green > red + 40) & (green > blue + 40)
    return bool(loud_red.mean() > 1 / 8 and loud_green.mean() > 1 / 8)
