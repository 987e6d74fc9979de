"""Colours as the tint of each ink, for single colours and for whole pictures."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from app.pdf.preflight.content.paint import PROCESS, Space

Samples = NDArray[np.uint8]
"""Rows, columns, components; 255 the most."""
ALL = "All"
_NONE = "None"
_FULL = 255
_GRAYS = ("DeviceGray", "CalGray")
NAMED = ("Separation", "DeviceN")


class Press:
    """What the press does to colours that are not in its inks: its profile's own separation.

    Args:
        icc: a CMYK output profile.

    Raises:
        ValueError: it is none.
    """

    def __init__(self, icc: bytes) -> None:
        try:
            profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
            space = profile.profile.xcolor_space.strip()
        except (OSError, ImageCms.PyCMSError) as error:
            raise ValueError("its output profile cannot be read") from error
        if space != "CMYK":
            raise ValueError(f"its output profile is {space}, not CMYK")
        self.profile = profile
        self._from: dict[str, ImageCms.ImageCmsTransform] = {}

    def separated(self, samples: Samples, mode: str) -> Samples:
        """Pixels of RGB (as sRGB) or LAB in the press's inks: relative, with black-point compensation."""
        if mode not in self._from:
            source = ImageCms.createProfile("sRGB" if mode == "RGB" else "LAB")
            self._from[mode] = ImageCms.buildTransform(
                source,
                self.profile,
                mode,
                "CMYK",
                ImageCms.Intent.RELATIVE_COLORIMETRIC,
                ImageCms.Flags.BLACKPOINTCOMPENSATION,
            )
        picture = Image.frombytes(mode, samples.shape[1::-1], np.ascontiguousarray(samples).tobytes())
        return np.asarray(applied(self._from[mode], picture))


def applied(transform: ImageCms.ImageCmsTransform, picture: Image.Image) -> Image.Image:
    """A new picture, through LittleCMS."""
    made = ImageCms.applyTransform(picture, transform)
    if made is None:  # only where it works in place
        raise RuntimeError("LittleCMS made no picture")
    return made


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour on one plate: its tint there, 0 to 1, and what decides whether an overprint touches it."""

    tint: float
    family: str
    named: bool = True
    """Whether the ink is one of its own space's."""
    nothing: bool = False
    """The colorant None, which marks no plate at all."""

    def lands(self, ink: str, *, overprints: bool, mode: int) -> bool:
        """Whether the plate is touched; a plate that is knocked out is (ISO 32000-1, 8.6.7, table 149)."""
        if self.nothing:
            return False
        if not overprints or self.family == "Pattern":
            return True
        if self.family in NAMED:
            return self.named
        return ink in PROCESS and not (self.family == "DeviceCMYK" and mode == 1 and self.tint == 0)


def colorants(space: Space) -> tuple[str, ...]:
    """The inks that a space's colours can print, `All` for every one."""
    bottom = space.base or space
    if bottom.family in _GRAYS or (bottom.family == "ICCBased" and bottom.count == 1):
        return ("Black",)
    named = tuple(name for name in bottom.inks if name != _NONE)
    return named if named or bottom.family in NAMED else PROCESS


def colour(space: Space, components: list[float], ink: str, press: Press) -> Colour:
    """A colour of a space on the plate of an ink.

    Raises:
        ValueError: the number of components is not the space's.
    """
    if len(components) != space.count:
        raise ValueError(f"{space.family} has {space.count} components, not {len(components)}")
    bottom = space.base or space
    names = colorants(space)
    if not names:
        return Colour(0.0, bottom.family, named=False, nothing=True)
    named = ink in names or ALL in names
    if space.base is None and bottom.inks and named:
        # Exact where it can be: eight bits would turn a limit of 300 % into 299.6 or 300.4.
        at = bottom.inks.index(ink if ink in names else ALL)
        tint = min(max(components[at], 0.0), 1.0)
        return Colour(1 - tint if bottom.count == 1 and bottom.family not in NAMED else tint, bottom.family)
    pixel = np.array(_bytes(space, components), np.uint8).reshape(1, 1, -1)
    return Colour(float(plate(space, pixel, ink, press)[0, 0]) / _FULL, bottom.family, named)


def plate(space: Space, samples: Samples, ink: str, press: Press) -> Samples:
    """One ink of pixels of a space: rows and columns, 255 full ink."""
    if space.base is not None:
        table = np.frombuffer(space.palette, np.uint8)
        table = table[: len(table) // space.base.count * space.base.count].reshape(1, -1, space.base.count)
        if not table.size:
            raise ValueError("an Indexed colour space has no colours")
        tints = plate(space.base, table, ink, press)[0]
        looked_up: Samples = tints[np.minimum(samples[..., 0], len(tints) - 1)]
        return looked_up
    names = colorants(space)
    if ink not in names and ALL not in names:
        return np.zeros(samples.shape[:2], np.uint8)
    if space.inks and (space.count > 1 or space.family in NAMED):
        return samples[..., space.inks.index(ink if ink in names else ALL)]
    if space.count == 1:
        return _FULL - samples[..., 0]
    mode = "LAB" if space.family == "Lab" else "RGB"
    return press.separated(samples, mode)[..., PROCESS.index(ink)]


def _bytes(space: Space, components: list[float]) -> list[int]:
    """Components as samples of eight bits; of Lab as Pillow has it, 128 for an a or b of zero."""
    if space.base is not None:
        return [int(min(max(components[0], 0), _FULL))]
    if space.family == "Lab":
        lightness, a, b = components
        return [
            round(min(max(lightness, 0), 100) * 2.55),
            *(round(min(max(n, -128), 127)) + 128 for n in (a, b)),
        ]
    return [round(min(max(n, 0.0), 1.0) * _FULL) for n in components]
