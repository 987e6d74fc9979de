"""A photo as the pictures of a product, in ink: one decode, one crop a shape, one table."""

from __future__ import annotations

import io
import math
import warnings
from dataclasses import dataclass, replace
from functools import partial

from PIL import Image

from app.domain.geometry import Box
from app.domain.photo import ChosenBy, Crop, PhotoFacts, PhotoWarning
from app.domain.product import Product
from app.errors import PhotoUnusable
from app.photo.colour import Press, out_of_gamut, separated
from app.photo.crop import Choice, Face, Window, choose, holds_faces, turned, window
from app.photo.look import FINDS_FACES, faces_in, saliency, small
from app.photo.outline import safe_mask
from app.photo.read import Photo, Pixels
from app.photo.turning import cut, resized
from app.photo.turning import turned as turned_upright

_MM_PER_INCH = 25.4
_QUALITY = 92
_OF_MEANS = 0.84
"""Share of the wanted resolution that is fine enough of a very large photo, where each pixel is the mean of
sixteen and more: a camera's own pixels, each of one colour only, never show as much."""
_MANY_BEYOND = 0.3
"""Share of a photo whose colours the press cannot print, from which on a person should look."""
_ABOUT = 1.15
"""Times the wanted pixels along an edge that are printed as they are: at 300 ppi up to 345."""
_QUARTERS = {1: Image.Transpose.ROTATE_270, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_90}
"""Pillow turns against the clock."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in ink, ready for a file: a JPEG of `width` × `height` pixels, of 4 inks or 1."""

    box: Box
    """On the trim, in mm."""
    data: bytes
    width: int
    height: int
    inks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Developed:
    """The pictures of each panel, and what happened on the way."""

    panels: tuple[tuple[Picture, ...], ...]
    facts: PhotoFacts
    crop: Crop
    chosen_by: ChosenBy
    faces: tuple[Face, ...]
    ppi: float
    """The lowest effective resolution of all pictures."""
    beyond: float
    """Share of the photo's colours that the press cannot print, 0 to 1."""
    warnings: tuple[PhotoWarning, ...]


def develop(data: bytes, product: Product, press: Press, crop: Crop | None = None) -> Developed:
    """Make a photo into the pictures of a product.

    Args:
        data: the photo's file.
        product: what it is printed on.
        press: by what.
        crop: a person's; None to choose one.

    Raises:
        PhotoUnusable: it is no photo, damaged, over a limit, or has too few pixels for the product.
    """
    with warnings.catch_warnings(action="ignore"):  # Pillow's, on damaged metadata that nobody reads
        return _develop(Photo(data), product, press, crop)


def _develop(photo: Photo, product: Product, press: Press, crop: Crop | None) -> Developed:
    asked = crop or Crop()
    size = turned(photo.size, asked.turns)
    lowest = lowest_ppi(product, size, asked)
    if lowest < product.resolution.error:
        raise _too_coarse(photo.size, product, lowest)
    least = least_scales(product, lowest)
    printing = _Print(_turn(photo.decode(*least), asked.turns), size, product, press)
    choice = printing.choice(crop)
    made = {box: printing.picture(box, choice.crop) for box in _boxes(product)}
    beyond = printing.beyond()
    return Developed(
        panels=tuple(tuple(made[box] for box in panel.pictures) for panel in product.panels),
        facts=photo.facts,
        crop=choice.crop,
        chosen_by=choice.by,
        faces=tuple(printing.faces),
        ppi=lowest,
        beyond=beyond,
        warnings=tuple(_warnings(product, lowest, beyond, choice)),
    )


def _boxes(product: Product) -> list[Box]:
    """Each of a product's pictures once."""
    return list(dict.fromkeys(box for panel in product.panels for box in panel.pictures))


def lowest_ppi(product: Product, size: tuple[int, int], crop: Crop) -> float:
    """The lowest resolution of a product's pictures, of a photo of `size` pixels after its quarter turns."""
    return min(
        window(size, box.width / box.height, crop).width / box.width * _MM_PER_INCH for box in _boxes(product)
    )


def least_scales(product: Product, lowest: float) -> tuple[float, float]:
    """The shares of a photo's size that are fine enough: of any pixels, and of means of sixteen and more.

    Args:
        product: what it is printed on.
        lowest: the whole photo's resolution on it, ppi.
    """
    wanted = product.resolution.target
    of_means = max(wanted * _OF_MEANS, product.resolution.warning)
    return min(1.0, wanted / lowest), min(1.0, of_means / lowest)


def _turn(pixels: Pixels, turns: int) -> Pixels:
    if turns % 4 == 0:
        return pixels
    return Pixels(pixels.image, pixels.icc, pixels.scale, _QUARTERS[turns % 4])


def _too_coarse(size: tuple[int, int], product: Product, ppi: float) -> PhotoUnusable:
    factor = product.resolution.error / ppi
    needed = f"{math.ceil(size[0] * factor):,} × {math.ceil(size[1] * factor):,}"
    return PhotoUnusable(
        f"the photo has {size[0]:,} × {size[1]:,} pixels: on {product.title} that is {ppi:.0f} ppi, "
        f"and under {product.resolution.error:g} it would look blurred",
        mend=f"send the original photo, of at least {needed} pixels, or crop it less",
        reason="too_coarse",
    )


class _Print:
    """A decoded photo on its way to a product. `size` is that of the whole photo, after its quarter turns."""

    def __init__(self, pixels: Pixels, size: tuple[int, int], product: Product, press: Press) -> None:
        self._pixels = pixels
        self._size = size
        self._product = product
        self._press = press
        self._small = turned_upright(small(pixels.lying), pixels.turning)
        self.faces = faces_in(self._small)

    def choice(self, crop: Crop | None) -> Choice:
        """The crop, a person's or one that is chosen. A product's first picture decides for all."""
        boxes = _boxes(self._product)
        safe = safe_mask(self._product.surface, self._product.covered), self._product.surface.size
        choice = (
            Choice(crop, ChosenBy.PERSON, cuts_face=False)
            if crop
            else choose(self._size, boxes[0], safe, self.faces, partial(saliency, self._small))
        )
        cuts = not all(holds_faces(self._size, box, safe, self.faces, choice.crop) for box in boxes)
        return replace(choice, cuts_face=cuts)

    def beyond(self) -> float:
        """The share of its colours that the press cannot print."""
        rgb = self._pixels.lying.mode == "RGB"
        return out_of_gamut(self._small, self._pixels.icc, self._press) if rgb else 0.0

    def picture(self, box: Box, crop: Crop) -> Picture:
        """One picture, as fine as it is printed and no finer than the photo."""
        seen = window(self._size, box.width / box.height, crop)
        scale = max(self._pixels.lying.size) / max(self._size)
        seen = Window(seen.x * scale, seen.y * scale, seen.width * scale, seen.height * scale, seen.angle)
        target = self._product.resolution.target / _MM_PER_INCH
        fine = min(1.0, seen.width / (box.width * target))
        width, height = (max(1, round(edge * target * fine)) for edge in (box.width, box.height))
        cut_out = _cut_out(self._pixels, seen, (width, height))
        inked = separated(cut_out, self._pixels.icc, self._press)
        return Picture(box, _jpeg(inked), *inked.size, len(inked.getbands()))


def _cut_out(photo: Pixels, seen: Window, size: tuple[int, int]) -> Image.Image:
    """A window of the photo, at a size or a little finer. One that leans is cut out of the photo as a whole.

    Pixels that are about as fine as wanted stay what they are: weighing them anew takes as long as decoding
    them did, and would only blur them.
    """
    if seen.angle:
        return _leaning(photo.image, seen, size)
    width, height = photo.size
    box = (
        max(0.0, seen.x - seen.width / 2),
        max(0.0, seen.y - seen.height / 2),
        min(float(width), seen.x + seen.width / 2),
        min(float(height), seen.y + seen.height / 2),
    )
    if box[2] - box[0] <= _ABOUT * size[0]:
        return cut(photo.lying, photo.turning, box)
    # Made clearly smaller, HAMMING shows as much as BICUBIC, in half of the time.
    return resized(photo.lying, photo.turning, box, size, Image.Resampling.HAMMING)


def _leaning(image: Image.Image, seen: Window, size: tuple[int, int]) -> Image.Image:
    cos, sin = math.cos(seen.angle), math.sin(seen.angle)
    across, down = seen.width / size[0], seen.height / size[1]
    matrix = (
        across * cos,
        -down * sin,
        seen.x - cos * seen.width / 2 + sin * seen.height / 2,
        across * sin,
        down * cos,
        seen.y - sin * seen.width / 2 - cos * seen.height / 2,
    )
    return image.transform(size, Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC)


def _jpeg(inked: Image.Image) -> bytes:
    """The picture as a file of its own: nothing of what came with the photo is in it."""
    inked.info = {}  # Pillow would write comments and EXIF again
    out = io.BytesIO()
    inked.save(out, "JPEG", quality=_QUALITY, subsampling=0)
    return out.getvalue()


def _warnings(product: Product, ppi: float, beyond: float, choice: Choice) -> list[PhotoWarning]:
    found = {
        PhotoWarning.FACE_CUT: choice.cuts_face,
        PhotoWarning.SOFT: ppi < product.resolution.warning,
        PhotoWarning.OUT_OF_GAMUT: beyond > _MANY_BEYOND,
        PhotoWarning.FACES_UNKNOWN: not FINDS_FACES and choice.by is not ChosenBy.PERSON,
    }
    return [warning for warning, given in found.items() if given]
