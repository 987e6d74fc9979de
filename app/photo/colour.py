"""A photo's colours as ink: by LittleCMS, through a table that is made once for each pair of profiles.

Relative colorimetric with black-point compensation. A photo's millions of pixels are looked up in a table of
128³ colours, every second one along each axis; each entry is held to the ink limit, and so is the picture.
Inks and greys, which have no such table, go through LittleCMS pixel by pixel.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from app.domain.product import Inks, Tone
from app.photo.tone import toned

_BITS = 7
"""Of each of a pixel's three values that the table looks at."""
_STEPS = 1 << _BITS
_DROPPED = 8 - _BITS
_PLACES = tuple(
    (8 * n + _DROPPED - (2 - n) * _BITS, np.uint32((_STEPS - 1) << (2 - n) * _BITS)) for n in range(3)
)
"""How far each of a pixel's values (four bytes, red first) moves to the right to be part of its place."""
_COARSE = 33
"""Steps that are fine enough to tell which colours cannot be printed."""
_NEAREST = np.rint(np.arange(256) / 255 * (_COARSE - 1)).astype(np.intp)
"""The coarse step nearest to each of a pixel's values."""
_STRIP = 1 << 15
"""Pixels that are looked up at once: few enough to stay in the processor's cache."""
_MOST_TABLES = 8
"""Of 8 MB each."""
_CMYK = 4
_OUT_OF_GAMUT = 10.0
"""ΔE*ab between a colour and what the press makes of it: more than a little paler."""


@dataclass(frozen=True, slots=True)
class Press:
    """What a photo is printed with: an ICC profile's file, the limit of its inks in percent, and how."""

    icc: Path
    ink_limit: float
    inks: Inks
    tone: Tone


def separated(image: Image.Image, icc: bytes | None, press: Press) -> Image.Image:
    """The photo in the press's inks.

    Args:
        image: RGB, CMYK or L.
        icc: what its values mean; None for sRGB, its grey, or the press's own inks.
        press: what prints it.

    Returns:
        CMYK, or L with 255 for no ink where there is one tone.
    """
    if image.mode == "RGB":
        return _looked_up(image, _table(icc, press))
    if image.mode == "CMYK" and press.inks is Inks.CMYK and press.tone is Tone.NONE:
        return _held(_between_presses(image, icc, press), press.ink_limit)
    return separated(_in_srgb(image, icc, press), None, press)


def out_of_gamut(image: Image.Image, icc: bytes | None, press: Press) -> float:
    """The share of a small photo's pixels whose colour the press cannot print; 0 for inks and greys."""
    if image.mode != "RGB":
        return 0.0
    places = _NEAREST[np.asarray(image)]
    place = (places[..., 0] * _COARSE + places[..., 1]) * _COARSE + places[..., 2]
    return float(_beyond_all(icc, press).ravel()[place].mean())


def _looked_up(image: Image.Image, table: NDArray[np.uint8]) -> Image.Image:
    """The ink of each pixel: its three values, without their last bits, are its place in the table."""
    pixels = np.frombuffer(image.tobytes("raw", "RGBX"), dtype="<u4")
    entries = table.view(np.uint32).ravel() if table.shape[1] == _CMYK else table.ravel()
    inked = np.empty(len(pixels), dtype=entries.dtype)
    for start in range(0, len(pixels), _STRIP):
        strip = pixels[start : start + _STRIP]
        place = np.zeros(len(strip), dtype=np.uint32)
        for shift, mask in _PLACES:
            place |= (strip >> shift if shift > 0 else strip << -shift) & mask
        np.take(entries, place.astype(np.intp), out=inked[start : start + _STRIP], mode="clip")
    mode = "CMYK" if table.shape[1] == _CMYK else "L"
    return Image.frombuffer(mode, image.size, inked.view(np.uint8), "raw", mode, 0, 1)


@lru_cache(maxsize=_MOST_TABLES)
def _table(icc: bytes | None, press: Press) -> NDArray[np.uint8]:
    """The inks of every colour, blue changing fastest; one column where there is one tone."""
    wanted = _as_rgb(_colours(_STEPS), icc, press.tone)
    if press.inks is Inks.BLACK:
        return np.asarray(wanted.convert("L")).reshape(-1, 1)
    inks = _to_inks(_source(icc, press), press.icc).apply(wanted)
    return np.asarray(_held(inks, press.ink_limit)).reshape(-1, _CMYK)


@lru_cache(maxsize=_MOST_TABLES)
def _beyond_all(icc: bytes | None, press: Press) -> NDArray[np.bool_]:
    """Of each colour, by red, green and blue, whether the press cannot print it."""
    if press.inks is Inks.BLACK:
        return np.zeros((_COARSE,) * 3, dtype=np.bool_)
    wanted = _as_rgb(_colours(_COARSE), icc, press.tone)
    return _beyond(wanted, _source(icc, press), press.icc).reshape((_COARSE,) * 3)


def _colours(steps: int) -> Image.Image:
    """All of RGB in even steps from 0 to 255, blue changing fastest: a row of the picture for each red.

    One picture, since Pillow reads the target's profile anew for each that LittleCMS converts.
    """
    even = np.rint(np.linspace(0, 255, steps)).astype(np.uint8)
    colours = np.stack(np.meshgrid(even, even, even, indexing="ij"), axis=-1)
    return Image.fromarray(colours.reshape(steps, -1, 3))


def _source(icc: bytes | None, press: Press) -> bytes | None:
    """What colours mean when they come to the press: after a tone curve they are sRGB."""
    return icc if press.tone is Tone.NONE else None


def _as_rgb(photo: Image.Image, icc: bytes | None, tone: Tone) -> Image.Image:
    """The colours after a tone curve, which is one of sRGB; untouched where there is none."""
    if tone is Tone.NONE:
        return photo
    seen = np.asarray(photo if icc is None else _apply(_to_srgb(icc), photo))
    rows = [np.rint(toned(row / 255, tone) * 255).astype(np.uint8) for row in seen]
    return Image.fromarray(np.stack(rows))


def _held(inks: Image.Image, limit: float) -> Image.Image:
    """Inks whose sum keeps a limit in percent: colours give way to black, which darkens as much alone."""
    values, most = np.asarray(inks), limit / 100 * 255
    over = values.sum(axis=2, dtype=np.uint16) > most
    if not over.any():
        return inks
    held, wet = values.copy(), values[over].astype(np.float64)
    share = np.clip((most - wet[:, 3:]) / np.maximum(wet[:, :3].sum(axis=1, keepdims=True), 1.0), 0, 1)
    wet[:, :3] = np.floor(wet[:, :3] * share)
    held[over] = wet.astype(np.uint8)
    return Image.fromarray(held, mode="CMYK")


def _beyond(colours: Image.Image, icc: bytes | None, target: Path) -> NDArray[np.bool_]:
    """Which colours come out of the press more than a little different."""
    inks = _apply(_to_inks(icc, target, compensate=False), colours)
    there = np.asarray(_apply(_lab_of_inks(target), inks), dtype=np.int16)
    wanted = np.asarray(_apply(_lab_of(icc), colours), dtype=np.int16)
    # Pillow's LAB has L in 255 steps, a and b as signed bytes.
    lightness = (wanted[..., 0] - there[..., 0]) * (100 / 255)
    shades = [_signed(wanted[..., n]) - _signed(there[..., n]) for n in (1, 2)]
    far = np.sqrt(lightness**2 + shades[0] ** 2.0 + shades[1] ** 2.0) > _OUT_OF_GAMUT
    found: NDArray[np.bool_] = far
    return found


def _signed(values: NDArray[np.int16]) -> NDArray[np.int16]:
    return np.where(values > 127, values - 256, values).astype(np.int16)  # noqa: PLR2004 - a signed byte's most


def _between_presses(image: Image.Image, icc: bytes | None, press: Press) -> Image.Image:
    """Inks of one press in those of another; without a profile they are this press's own."""
    if icc is None or icc == press.icc.read_bytes():
        return image
    return _apply(_of_inks(icc, press.icc), image)


def _in_srgb(image: Image.Image, icc: bytes | None, press: Press) -> Image.Image:
    """Inks or a grey as sRGB."""
    if image.mode == "CMYK":
        return _apply(_screen_of_inks(icc or press.icc.read_bytes()), image)
    return image.convert("RGB") if icc is None else _apply(_screen_of_grey(icc), image)


def _apply(transform: ImageCms.ImageCmsTransform, image: Image.Image) -> Image.Image:
    return transform.apply(image)


def _profile(icc: bytes | None) -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(io.BytesIO(icc) if icc else ImageCms.createProfile("sRGB"))


def _transform(
    source: ImageCms.ImageCmsProfile,
    target: ImageCms.ImageCmsProfile,
    modes: tuple[str, str],
    *,
    compensate: bool = True,
) -> ImageCms.ImageCmsTransform:
    flags = ImageCms.Flags.BLACKPOINTCOMPENSATION if compensate else ImageCms.Flags.NONE
    return ImageCms.buildTransform(
        source, target, *modes, renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC, flags=flags
    )


@lru_cache(maxsize=32)
def _to_inks(icc: bytes | None, target: Path, *, compensate: bool = True) -> ImageCms.ImageCmsTransform:
    press = ImageCms.ImageCmsProfile(str(target))
    return _transform(_profile(icc), press, ("RGB", "CMYK"), compensate=compensate)


@lru_cache(maxsize=32)
def _of_inks(icc: bytes, target: Path) -> ImageCms.ImageCmsTransform:
    return _transform(_profile(icc), ImageCms.ImageCmsProfile(str(target)), ("CMYK", "CMYK"))


@lru_cache(maxsize=32)
def _to_srgb(icc: bytes) -> ImageCms.ImageCmsTransform:
    return _transform(_profile(icc), _profile(None), ("RGB", "RGB"))


@lru_cache(maxsize=32)
def _screen_of_inks(icc: bytes) -> ImageCms.ImageCmsTransform:
    return _transform(_profile(icc), _profile(None), ("CMYK", "RGB"))


@lru_cache(maxsize=32)
def _screen_of_grey(icc: bytes) -> ImageCms.ImageCmsTransform:
    return _transform(_profile(icc), _profile(None), ("L", "RGB"))


@lru_cache(maxsize=32)
def _lab_of(icc: bytes | None) -> ImageCms.ImageCmsTransform:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    return _transform(_profile(icc), lab, ("RGB", "LAB"), compensate=False)


@lru_cache(maxsize=32)
def _lab_of_inks(target: Path) -> ImageCms.ImageCmsTransform:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    return _transform(ImageCms.ImageCmsProfile(str(target)), lab, ("CMYK", "LAB"), compensate=False)
