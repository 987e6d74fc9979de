"""Photographs: JPEG in the press's inks, whose bytes go into the file as they are.

What a RIP must know about a JPEG stands before its picture: size, colours, precision, whose inks they are.
That is read first and bounds what is decoded; the picture itself is decoded once, to see that it is whole.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from app.domain.profile import PressProfile
from app.errors import ArtworkUnusable
from app.pdf.art.kind import kind_of
from app.pdf.file.objects import ObjectFile

LONGEST_EDGE = 12_000
"""Pixels: 508 mm at 600 ppi. What is longer would slow every press, and most of it could not be seen."""
_LARGEST_FILE = 64 * 1024 * 1024
_PREVIEW_EDGE = 256
"""Pixels that a whole picture is decoded to: libjpeg reads all of it, but keeps little."""

_SOI, _EOI, _SOS, _ICC, _ADOBE = 0xD8, 0xD9, 0xDA, 0xE2, 0xEE
_BASELINE, _EXTENDED, _PROGRESSIVE = 0xC0, 0xC1, 0xC2
_TABLES = frozenset({0xC4, 0xC8, 0xCC})
"""DHT, JPG and DAC: in the range of the frame headers, but none (ITU-T T.81, table B.1)."""
_FRAMES = frozenset(range(0xC0, 0xD0)) - _TABLES
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
"""TEM and RSTn, which have no length."""
_ICC_NAME = b"ICC_PROFILE\0"
_SPACES = {1: "DeviceGray", 4: "DeviceCMYK"}
_RGB = 3


@dataclass(frozen=True, slots=True)
class Jpeg:
    """A JPEG that a press can print. `data` is the file as it is."""

    path: Path
    data: bytes
    width: int
    height: int
    inks: int
    """1 for black alone, 4 for cyan, magenta, yellow and black."""
    inverted: bool
    """Adobe's writers store CMYK as 255 for no ink."""

    def write(self, file: ObjectFile) -> int:
        """Write the image XObject, its data bit for bit; gives its object number."""
        decode = "/Decode[1 0 1 0 1 0 1 0]" if self.inverted else ""
        entries = (
            f"/Type/XObject/Subtype/Image/Width {self.width}/Height {self.height}/BitsPerComponent 8"
            f"/ColorSpace/{_SPACES[self.inks]}{decode}/Filter/DCTDecode"
        )
        return file.add_stream(self.data, entries, plain=True)


def read_jpeg(path: Path, profile: PressProfile) -> Jpeg:
    """A JPEG, read and found whole.

    Args:
        path: the file.
        profile: whose inks an embedded ICC profile must mean.

    Raises:
        ArtworkUnusable: it is missing, no JPEG, cut off, too large, in RGB or in another press's inks, or of
            a kind that RIPs do not read.
    """
    return checked_jpeg(path, _content(path), profile)


def checked_jpeg(path: Path, data: bytes, profile: PressProfile) -> Jpeg:
    """The same for a JPEG that is at hand; `path` is what it is called where it cannot be used."""
    header = _Header(path, data)
    header.check(profile)
    _check_whole(path, data)
    return Jpeg(path, data, header.width, header.height, header.components, header.inverted)


def _content(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > _LARGEST_FILE:
            raise ArtworkUnusable(
                f"{path} has {size / 2**20:.0f} MB; up to {_LARGEST_FILE / 2**20:.0f} MB are taken",
                mend="save it at the size at which it is printed, 300 ppi",
            )
        data = path.read_bytes()
    except OSError as error:
        raise ArtworkUnusable(
            f"{path} cannot be read ({error.strerror})", mend="put the picture there"
        ) from error
    if data[:2] != bytes((0xFF, _SOI)):
        raise ArtworkUnusable(
            f"{path} is named JPEG but is {kind_of(data)}", mend="save it as JPEG, in CMYK or greyscale"
        )
    return data


class _Header:
    """What a JPEG says of itself before its picture (ITU-T T.81, annex B)."""

    def __init__(self, path: Path, data: bytes) -> None:
        self._path = path
        self.frame = 0
        self.precision = self.width = self.height = self.components = 0
        self.inverted = False
        parts: list[bytes] = []
        for marker, segment in self._segments(data):
            if marker in _FRAMES:
                self.frame = marker
                self.precision, self.height, self.width, self.components = struct.unpack(">BHHB", segment[:6])
            elif marker == _ADOBE and segment.startswith(b"Adobe"):
                self.inverted = True
            elif marker == _ICC and segment.startswith(_ICC_NAME):
                # Two bytes after the name count the parts; writers keep them in order.
                parts.append(segment[len(_ICC_NAME) + 2 :])
        self._icc = b"".join(parts)
        self.inverted &= self.components == len("CMYK")

    def _segments(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Marker and content of each segment before the picture."""
        at = 2
        while True:
            while data[at : at + 1] == b"\xff" and data[at + 1 : at + 2] == b"\xff":
                at += 1  # fill bytes (B.1.1.2)
            if at + 4 > len(data) or data[at] != 0xFF:  # noqa: PLR2004 - what every marker begins with
                raise self._cut_off()
            marker = data[at + 1]
            at += 2
            if marker in _ALONE:
                continue
            if marker in (_SOS, _EOI):
                return
            length = int.from_bytes(data[at : at + 2])
            if length < 2 or at + length > len(data):  # noqa: PLR2004 - it counts its own two bytes
                raise self._cut_off()
            yield marker, data[at + 2 : at + length]
            at += length

    def check(self, profile: PressProfile) -> None:
        """Whether a press can print it.

        Raises:
            ArtworkUnusable: it cannot.
        """
        if not self.frame or not self.components:
            raise self._cut_off()
        if self.frame not in (_BASELINE, _EXTENDED, _PROGRESSIVE):
            raise self._refused("is a lossless or arithmetic JPEG", "save it as baseline or progressive JPEG")
        if self.precision != 8:  # noqa: PLR2004 - bits
            raise self._refused(f"has {self.precision} bits a colour", "save it with 8 bits a colour")
        if max(self.width, self.height) > LONGEST_EDGE:
            raise self._refused(
                f"has {self.width:,} × {self.height:,} pixels; up to {LONGEST_EDGE:,} an edge are taken",
                "save it at the size at which it is printed, 300 ppi",
            )
        if not self.width or not self.height:
            raise self._refused("does not say how large it is", "save it as JPEG again")
        if self.components not in _SPACES:
            colours = "in RGB" if self.components == _RGB else f"of {self.components} colours"
            raise self._refused(
                f"is {colours}, which no press prints",
                f"convert it to CMYK with the profile {profile.icc.name}, so that you see what it turns into",
            )
        self._check_profile(profile)

    def _check_profile(self, profile: PressProfile) -> None:
        """Its ink values must mean the inks of the press that prints them: nobody converts them any more."""
        if self._icc and self._icc != profile.icc.read_bytes():
            raise self._refused(
                f"was separated for another press: its colour profile is not {profile.icc.name}, so the same "
                "inks would print other colours",
                f"convert it to {profile.icc.name}; if it is meant for {profile.output_condition} anyway, "
                "save it without a colour profile",
            )

    def _cut_off(self) -> ArtworkUnusable:
        return self._refused("is cut off or damaged", "save or copy it again")

    def _refused(self, problem: str, mend: str) -> ArtworkUnusable:
        return ArtworkUnusable(f"{self._path} {problem}", mend=mend)


def _check_whole(path: Path, data: bytes) -> None:
    """Decode it, small: a picture that ends early prints as a grey field, and viewers do not complain.

    Raises:
        ArtworkUnusable: it does not decode to its end.
    """
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG"]) as picture:
            picture.draft(picture.mode, (_PREVIEW_EDGE, _PREVIEW_EDGE))
            picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise ArtworkUnusable(
            f"{path} is cut off or damaged: {error}", mend="save or copy it again"
        ) from error
