"""Pictures of the screen turned into the press's inks, with what is see-through apart.

LittleCMS converts from sRGB by the profile that the file is printed by (relative colorimetric with black
point compensation), so the sum of inks stays within what that profile was made for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageCms

from app.pdf.file.objects import ObjectFile
from app.pdf.file.syntax import deflate

_WHITE = (255, 255, 255)
_HALF = 128


@dataclass(frozen=True, slots=True)
class Separation:
    """A picture in cyan, magenta, yellow and black, a byte each; all three streams are deflated."""

    width: int
    height: int
    inks: bytes
    opacity: bytes
    """A byte a pixel, 255 where nothing shows through."""
    outline: bytes
    """A bit a pixel, 0 where the picture is: opacity for files that know no transparency."""

    def write(self, file: ObjectFile, *, transparent: bool) -> int:
        """Write the image XObject and its mask; gives its object number.

        Args:
            file: takes the objects.
            transparent: whether the file may hold a soft mask; PDF/X-1a may not (ISO 15930-4, 6.17).
        """
        image = f"/Type/XObject/Subtype/Image/Width {self.width}/Height {self.height}"
        if transparent:
            entries = f"{image}/ColorSpace/DeviceGray/BitsPerComponent 8"
            mask = f"/SMask {file.add_stream(self.opacity, entries, packed=True)} 0 R"
        else:
            entries = f"{image}/ImageMask true/BitsPerComponent 1"
            mask = f"/Mask {file.add_stream(self.outline, entries, packed=True)} 0 R"
        return file.add_stream(
            self.inks, f"{image}/ColorSpace/DeviceCMYK/BitsPerComponent 8{mask}", packed=True
        )


def separate(picture: Image.Image, icc: Path) -> Separation:
    """The picture in the inks of a CMYK profile.

    Args:
        picture: RGBA in sRGB.
        icc: the profile's file.
    """
    alpha = picture.getchannel("A")
    # Where nothing is seen, nothing is printed; white also packs well.
    seen = Image.new("RGB", picture.size, _WHITE)
    seen.paste(picture.convert("RGB"), mask=alpha.point([0] + [255] * 255))
    inks = _transform(icc).apply(seen)
    outline = alpha.point([255 if level < _HALF else 0 for level in range(256)])
    return Separation(
        picture.width,
        picture.height,
        deflate(inks.tobytes()),
        deflate(alpha.tobytes()),
        deflate(outline.convert("1", dither=Image.Dither.NONE).tobytes()),
    )


@lru_cache(maxsize=16)
def _transform(icc: Path) -> ImageCms.ImageCmsTransform:
    return ImageCms.buildTransform(
        ImageCms.createProfile("sRGB"),
        ImageCms.getOpenProfile(str(icc)),
        "RGB",
        "CMYK",
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
