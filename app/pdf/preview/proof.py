"""Soft proof: plates as they look in print, through LittleCMS with the press's profile."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PIL import Image, ImageCms

from app.pdf.preflight.content.paint import PROCESS
from app.pdf.preview.inks import Press, applied
from app.pdf.preview.plates import Plate, Plates
from app.pdf.preview.wanted import Intent

_INTENTS = {
    Intent.ABSOLUTE: (ImageCms.Intent.ABSOLUTE_COLORIMETRIC, ImageCms.Flags.NONE),
    Intent.RELATIVE: (ImageCms.Intent.RELATIVE_COLORIMETRIC, ImageCms.Flags.BLACKPOINTCOMPENSATION),
}


def soft_proof(plates: Plates, press: Press, intent: Intent, inks: tuple[str, ...] = ()) -> Image.Image:
    """The page as sRGB; `inks` narrows it to these, all where empty.

    A spot ink lies over the process inks as a filter of the colour that its alternate has: the file knows no
    more of it.
    """
    shown = {name: plate for name, plate in plates.inks.items() if not inks or name in inks}
    empty = np.zeros(plates.shape, np.uint8)
    process = np.stack([shown.get(name, empty) for name in PROCESS], axis=-1)
    picture = Image.frombytes("CMYK", process.shape[1::-1], process.tobytes())
    proof = applied(_to_screen(press, intent), picture)
    for name, colour in plates.spots.items():
        if name in shown:
            proof = _filtered(proof, shown[name], colour)
    return proof


@lru_cache(maxsize=8)
def _to_screen(press: Press, intent: Intent) -> ImageCms.ImageCmsTransform:
    chosen, flags = _INTENTS[intent]
    return ImageCms.buildTransform(
        press.profile, ImageCms.createProfile("sRGB"), "CMYK", "RGB", chosen, flags
    )


def _filtered(proof: Image.Image, plate: Plate, colour: tuple[int, int, int]) -> Image.Image:
    tint = plate[..., None].astype(np.float32) / 255
    through = 1 - tint * (1 - np.array(colour, np.float32) / 255)
    return Image.fromarray((np.asarray(proof) * through).round().astype(np.uint8))
