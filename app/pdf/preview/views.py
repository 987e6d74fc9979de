"""The views that are made of plates."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.pdf.preview.coverage import heat_map, most_ink
from app.pdf.preview.inks import Press
from app.pdf.preview.pages import as_file
from app.pdf.preview.plates import Plates, file_profile, plates_of
from app.pdf.preview.proof import soft_proof
from app.pdf.preview.wanted import Picture, View, Wanted

_presses: dict[str, Press] = {}
"""The press seen last; a plant's cards all carry the same profile."""


def draw(pdf: bytes, wanted: Wanted) -> list[Picture]:
    """The pictures of a view of plates.

    Raises:
        ValueError: the file cannot be read or separated, or has none of the inks wanted.
    """
    own = b"" if wanted.icc and not wanted.own_first else file_profile(pdf)
    if not own and not wanted.icc:
        raise ValueError("it carries no output profile; name a press profile")
    press = _press(own or wanted.icc)
    return [
        picture for plates in plates_of(pdf, wanted, press) for picture in _pictures(plates, press, wanted)
    ]


def _press(icc: bytes) -> Press:
    key = sha256(icc).hexdigest()
    if key not in _presses:
        made = Press(icc)
        _presses.clear()
        _presses[key] = made
    return _presses[key]


def _pictures(plates: Plates, press: Press, wanted: Wanted) -> Iterator[Picture]:
    if unknown := [ink for ink in wanted.inks if ink not in plates.inks]:
        raise ValueError(f"page {plates.page} has no ink {unknown[0]}; it has {', '.join(plates.inks)}")
    if wanted.view is View.SEPARATIONS:
        for name, plate in plates.inks.items():
            if not wanted.inks or name in wanted.inks:
                gray: NDArray[Any] = np.subtract(255, plate)
                yield Picture(plates.page, _file(Image.fromarray(gray), plates, wanted), name)
        return
    if wanted.view is View.INK:
        most = most_ink(plates, wanted.limit)
        yield Picture(plates.page, _file(heat_map(plates, wanted.limit, most), plates, wanted), most=most)
        return
    proof = soft_proof(plates, press, wanted.intent, wanted.inks)
    yield Picture(plates.page, _file(proof, plates, wanted))


def _file(picture: Image.Image, plates: Plates, wanted: Wanted) -> bytes:
    return as_file(picture.crop(plates.trim) if wanted.area == "trim" else picture, wanted.file)
