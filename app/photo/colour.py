"""A photo's colours as ink: by LittleCMS, through a table that is made once for each pair of profiles.

Relative colorimetric with black-point compensation. A photo's millions of pixels go through a table of 33³
colours, between which Pillow reads in straight lines; the table is held to the ink limit, and so is all that
lies between its entries. Inks and greys, which have no such table, go through LittleCMS pixel by pixel.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageFilter

from app.domain.product import Inks, Tone
from app.photo.tone import toned

_STEPS = 33
_CMYK = 4
_OUT_OF_GAMUT = 10.0
"""ΔE*ab between a colour and what the press makes of it: more than a little paler."""
_ROUNDING = 1
"""Steps of 255 that table and rounding may add to a sum of inks."""


@dataclass(frozen=True, slots=True)
class Press:
    """What a photo is printed with: an ICC profile's file, the limit of its inks in percent, and how."""

    icc: Path
    ink_limit: float
    inks: Inks
    tone: Tone


@dataclass(frozen=True, slots=True)
class _Table:
    """`lut` turns RGB into ink; `beyond` tells of each of its colours whether the press cannot print it."""

    lut: ImageFilter.Color3DLUT
    beyond: NDArray[np.bool_]


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
        inked = image.filter(_table(icc, press).lut)
        return inked if press.inks is Inks.CMYK else inked.getchannel(0)
    if image.mode == "CMYK" and press.inks is Inks.CMYK and press.tone is Tone.NONE:
        return _held(_between_presses(image, icc, press), press.ink_limit)
    return separated(_in_srgb(image, icc, press), None, press)


def out_of_gamut(image: Image.Image, icc: bytes | None, press: Press) -> float:
    """The share of a small photo's pixels whose colour the press cannot print; 0 for inks and greys."""
    if image.mode != "RGB":
        return 0.0
    table = _table(icc, press)
    places = np.rint(np.asarray(image, dtype=np.float64) / 255 * (_STEPS - 1)).astype(np.intp)
    return float(table.beyond[places[..., 2], places[..., 1], places[..., 0]].mean())


@lru_cache(maxsize=32)
def _table(icc: bytes | None, press: Press) -> _Table:
    # Color3DLUT's order: red changes fastest.
    steps = np.rint(np.linspace(0, 255, _STEPS)).astype(np.uint8)
    blue, green, red = np.meshgrid(steps, steps, steps, indexing="ij")
    asked = np.stack((red, green, blue), axis=-1).reshape(1, -1, 3)
    photo = Image.fromarray(asked)
    wanted = _as_rgb(photo, icc, press.tone)
    source = None if press.tone is not Tone.NONE else icc
    beyond = _beyond(wanted, source, press.icc).reshape(_STEPS, _STEPS, _STEPS)
    if press.inks is Inks.BLACK:
        grey = wanted.convert("L")
        values = np.repeat(np.asarray(grey, dtype=np.float64).reshape(-1, 1) / 255, 3, axis=1)
        lut = ImageFilter.Color3DLUT(_STEPS, values.ravel().tolist(), 3, "RGB")
        return _Table(lut, np.zeros_like(beyond))
    inks = np.asarray(_to_inks(source, press.icc).apply(wanted), dtype=np.float64).reshape(-1, _CMYK)
    values = _limited(inks / 255, press.ink_limit / 100)
    lut = ImageFilter.Color3DLUT(_STEPS, values.ravel().tolist(), _CMYK, "CMYK")
    return _Table(lut, beyond)


def _as_rgb(photo: Image.Image, icc: bytes | None, tone: Tone) -> Image.Image:
    """The colours after a tone curve, which is one of sRGB; untouched where there is none."""
    if tone is Tone.NONE:
        return photo
    seen = photo if icc is None else _apply(_to_srgb(icc), photo)
    colours = toned(np.asarray(seen, dtype=np.float64) / 255, tone)
    return Image.fromarray(np.rint(colours * 255).astype(np.uint8))


def _limited(inks: NDArray[np.float64], limit: float) -> NDArray[np.float64]:
    """Inks, 0 to 1, whose sum keeps the limit: colours give way to black, which darkens as much alone."""
    total = inks.sum(axis=1)
    colours = inks[:, :3].sum(axis=1)
    room = np.clip(limit - _ROUNDING * _CMYK / 255 - inks[:, 3], 0, None)
    share = np.where(total > limit - _ROUNDING * _CMYK / 255, room / np.maximum(colours, 1e-9), 1.0)
    held = inks.copy()
    held[:, :3] *= np.minimum(share, 1.0)[:, None]
    return held


def _held(inks: Image.Image, limit: float) -> Image.Image:
    """A picture in inks, held to the limit."""
    values = np.asarray(inks, dtype=np.float64) / 255
    if float(values.sum(axis=2).max()) <= limit / 100:
        return inks
    held = _limited(values.reshape(-1, _CMYK), limit / 100).reshape(values.shape)
    return Image.fromarray(np.floor(held * 255).astype(np.uint8), mode="CMYK")


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
