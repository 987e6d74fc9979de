"""Opens a photo and decodes as much of it as is needed, without anything but its pixels.

What is said before the pixels (size, frames) bounds what is decoded. A JPEG is decoded at a half or less
where that is fine enough: a hundred megapixels then take no more than twelve.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from functools import cached_property

import pi_heif
from PIL import Image, ImageCms, UnidentifiedImageError
from PIL.JpegImagePlugin import JpegImageFile

from app.domain.photo import PhotoFacts
from app.errors import PhotoUnusable
from app.photo.draft import draft
from app.photo.kinds import kind_of
from app.photo.nclx import icc_of_nclx
from app.photo.turning import is_sideways, turned, upright

LARGEST_FILE = 60 * 2**20
SHORTEST_EDGE = 64
"""Pixels: under this nothing is large enough to be printed."""
THINNEST = 20
"""Most that one edge is longer than the other."""
MOST_PIXELS = {"JPEG": 150_000_000}
MOST_PIXELS_AT_ONCE = 64_000_000
"""Of formats that can only be decoded whole."""
_ORIENTATION = 0x0112
_TURNED_BY_READER = frozenset({"TIFF", "HEIF"})
_TELLS_BY_NUMBERS = frozenset({"HEIF", "AVIF"})
_STILL = frozenset({"JPEG", "TIFF", "HEIF"})
"""Formats whose further pictures are previews or pages, not movement."""
_SPACES = {"RGB": "RGB", "CMYK": "CMYK", "L": "GRAY"}
_UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, struct.error, KeyError, IndexError, TypeError)
"""What Pillow's readers raise for damaged files."""

pi_heif.register_heif_opener(thumbnails=False)


@dataclass(frozen=True)
class Pixels:
    """A decoded photo: RGB, CMYK or L, 8 bits. `scale` is its size over that of the whole photo."""

    lying: Image.Image
    """As it was written; `turning` turns it upright."""
    icc: bytes | None
    """What the values mean, where the photo says it; else sRGB, the press's own inks, or its grey."""
    scale: float
    turning: Image.Transpose | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height as it stands upright."""
        width, height = self.lying.size
        return (height, width) if is_sideways(self.turning) else (width, height)

    @cached_property
    def image(self) -> Image.Image:
        """The whole photo, upright."""
        return turned(self.lying, self.turning)


class Photo:
    """A photo that was opened; nothing of it is decoded yet."""

    def __init__(self, data: bytes) -> None:
        """Read what it says of itself.

        Raises:
            PhotoUnusable: it is no photo, too large, too small, or cut off.
        """
        if len(data) > LARGEST_FILE:
            raise PhotoUnusable(
                f"the photo has {len(data) / 2**20:.0f} MB; up to {LARGEST_FILE // 2**20} MB are taken",
                mend="send it as JPEG, or smaller",
                reason="too_large",
            )
        self._kind = kind_of(data)
        self._data = data
        self._image = self._open()
        # Before anything else is asked of it: Pillow decodes a whole PNG to say how it stands.
        self._check_size()
        width, height = self._image.size
        self.size = (height, width) if is_sideways(upright(self._orientation)) else (width, height)

    def _open(self) -> Image.Image:
        try:
            return Image.open(io.BytesIO(self._data), formats=[self._kind])
        except Image.DecompressionBombError as error:
            raise PhotoUnusable(
                "the photo has far more pixels than any camera's",
                mend="send it smaller",
                reason="too_many_pixels",
            ) from error
        except (UnidentifiedImageError, *_UNREADABLE) as error:
            raise _damaged() from error

    def _check_size(self) -> None:
        width, height = self._image.size
        said = f"the photo has {width:,} × {height:,} pixels"
        if width * height > MOST_PIXELS.get(self._kind, MOST_PIXELS_AT_ONCE):
            most = MOST_PIXELS.get(self._kind, MOST_PIXELS_AT_ONCE) // 1_000_000
            raise PhotoUnusable(
                f"{said}; as {self._kind} up to {most} million are taken",
                mend="send it smaller" if self._kind == "JPEG" else "send it as JPEG, or smaller",
                reason="too_many_pixels",
            )
        if min(width, height) < 1 or max(width, height) > THINNEST * min(width, height):
            raise PhotoUnusable(
                f"{said}: that is a strip, no photo", mend="send the photo uncropped", reason="too_thin"
            )
        if min(width, height) < SHORTEST_EDGE:
            raise PhotoUnusable(
                f"{said}; {SHORTEST_EDGE} are the least", mend="send the original photo", reason="too_small"
            )

    @cached_property
    def _orientation(self) -> int:
        """EXIF's, 1 to 8, where Pillow has not turned the photo by itself; damaged EXIF says nothing."""
        if self._kind in _TURNED_BY_READER:
            return 1
        try:
            said = self._image.getexif().get(_ORIENTATION, 1)
        except _UNREADABLE:
            return 1
        return said if isinstance(said, int) and 1 <= said <= len("12345678") else 1

    @property
    def facts(self) -> PhotoFacts:
        """What the photo is."""
        frames = 1 if self._kind in _STILL else getattr(self._image, "n_frames", 1)
        return PhotoFacts(kind=self._kind, size=self.size, frames=frames, profile=_description(self._icc))

    @cached_property
    def _icc(self) -> bytes | None:
        """Its colour profile, if that is whole and means its colours."""
        icc = self._image.info.get("icc_profile")
        if not icc and self._kind in _TELLS_BY_NUMBERS:
            icc = icc_of_nclx(self._data)
        try:
            profile = ImageCms.ImageCmsProfile(io.BytesIO(icc)).profile if icc else None
        except (OSError, TypeError):  # LittleCMS cannot read it
            return None
        space = profile.xcolor_space.strip() if profile else ""
        return icc if space and space == _SPACES.get(_target_mode(self._image.mode)) else None

    def decode(self, least: float = 1.0, least_of_means: float | None = None) -> Pixels:
        """The pixels, once.

        Args:
            least: the share of the photo's size that is fine enough.
            least_of_means: the same, of a large photo in means of sixteen pixels; None for as much.

        Raises:
            PhotoUnusable: it is cut off or damaged.
        """
        image, icc = self._image, self._icc
        whole = image.size[0]
        if isinstance(image, JpegImageFile) and least < 1:
            draft(image, least, least if least_of_means is None else least_of_means)
        try:
            image.load()
        except _UNREADABLE as error:
            raise _damaged() from error
        scale = image.size[0] / whole
        return Pixels(_plain(image), icc, scale, upright(self._orientation))


def _damaged() -> PhotoUnusable:
    return PhotoUnusable("the photo is cut off or damaged", mend="send it again", reason="damaged")


def _description(icc: bytes | None) -> str:
    if icc is None:
        return ""
    profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
    return ImageCms.getProfileDescription(profile).strip()[:60]


def _target_mode(mode: str) -> str:
    """The mode that a photo's own becomes."""
    if mode == "CMYK":
        return "CMYK"
    return "L" if mode in {"L", "LA", "La", "1", "I", "F"} or mode.startswith("I;16") else "RGB"


def _plain(image: Image.Image) -> Image.Image:
    """RGB, CMYK or L in 8 bits; what is see-through stands on white, as on paper."""
    mode = _target_mode(image.mode)
    if image.mode in {"I", "F"} or image.mode.startswith("I;16"):
        return _eight_bits(image)
    if image.mode == "LAB":
        return _of_lab(image)
    if image.has_transparency_data:
        seen = image.convert("RGBA")
        paper = Image.new("RGBA", seen.size, "white")
        return Image.alpha_composite(paper, seen).convert(mode)
    return image if image.mode == mode else image.convert(mode)


def _eight_bits(image: Image.Image) -> Image.Image:
    """Sixteen bits of grey as eight; Pillow would cut off all that is over 255."""
    return image.convert("I").point(lambda value: value / 256).convert("L")


def _of_lab(image: Image.Image) -> Image.Image:
    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    converted = ImageCms.profileToProfile(image, lab, srgb, outputMode="RGB")
    assert converted is not None  # noqa: S101 - it is only where done in place
    return converted
