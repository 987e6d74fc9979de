"""Images as they stand on one plate: one component of eight bits, with the same masks."""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image, UnidentifiedImageError

from app.pdf.preflight.content.paint import Space, space_of
from app.pdf.preflight.objects import entries
from app.pdf.preview.inks import ALL, Press, Samples, colorants, plate

_BYTE = 8
_PICTURES: dict[object, str] = {Name.DCTDecode: "JPEG", Name.JPXDecode: "JPEG2000"}
_BILEVEL = (Name.CCITTFaxDecode, Name.JBIG2Decode)
_MOST_SAMPLES = 250_000_000
_KEPT = ("/SMask", "/Mask", "/OC", "/Interpolate")
_MODES = {1: "L", 3: "RGB", 4: "CMYK"}


class ImageSeparator:
    """Makes one-ink copies of a file's images.

    Args:
        pdf: the file they are added to.
        press: separates what is not in inks.
        largest: pixels of the largest page drawn; nothing needs more than twice as many.
    """

    def __init__(self, pdf: pikepdf.Pdf, press: Press, largest: tuple[int, int]) -> None:
        self._pdf = pdf
        self._press = press
        self._largest = largest
        self._decoded: dict[tuple[int, int], Samples] = {}

    def on_plate(self, image: pikepdf.Stream, space: Space, ink: str) -> pikepdf.Stream:
        """The image on the plate of an ink.

        Raises:
            ValueError: its samples cannot be decoded.
        """
        names = colorants(space)
        if ink not in names and ALL not in names:
            return self._made(image, np.full((1, 1), 255, np.uint8))
        if any(one in _BILEVEL for one in entries(image.get("/Filter"))):
            return self._recoloured(image, space)
        samples = self._samples(image, space.count, indexed=space.base is not None)
        tints = plate(space, samples, ink, self._press)
        made = self._made(image, 255 - tints)
        if isinstance(image.get("/Mask"), pikepdf.Array):
            made.SMask = self._colour_key(image, samples)
            del made["/Mask"]
        return made

    def _made(self, image: pikepdf.Stream, gray: Samples) -> pikepdf.Stream:
        made = self._pdf.make_stream(np.ascontiguousarray(gray).tobytes())
        made.Type, made.Subtype = Name.XObject, Name.Image
        made.Height, made.Width = gray.shape
        made.BitsPerComponent, made.ColorSpace = _BYTE, Name.DeviceGray
        for key in _KEPT:
            if key in image:
                made[key] = image[key]
        return made

    def _recoloured(self, image: pikepdf.Stream, space: Space) -> pikepdf.Stream:
        """A fax picture of its one ink: pdfium decodes it, as gray or turned over."""
        if space.base is not None or space.count != 1:
            raise ValueError("a picture of one bit is in a colour space of more than one component")
        made = self._pdf.make_stream(image.read_raw_bytes(), Dictionary(dict(image.items())))
        made.ColorSpace = Name.DeviceGray
        if space.family in ("Separation", "DeviceN"):
            decode = [float(n) for n in image.get("/Decode", Array([0, 1])).as_list()]
            made.Decode = Array([1 - n for n in decode])
        return made

    def _samples(self, image: pikepdf.Stream, count: int, *, indexed: bool) -> Samples:
        """Rows, columns, components, after `/Decode`; an Indexed image's are indices."""
        if image.objgen in self._decoded and image.is_indirect:
            return self._decoded[image.objgen]
        width, height = int(image.Width), int(image.Height)
        if width * height * count > _MOST_SAMPLES:
            raise ValueError(f"an image of {width:,} × {height:,} pixels is more than is drawn")
        filters = entries(image.get("/Filter"))
        if filters and filters[-1] in _PICTURES:
            samples = _picture(image, filters, count)
        else:
            samples = _plain(image, (height, width, count), keep_values=indexed)
        samples = _decode(image, samples, indexed=indexed)
        if not indexed and "/Mask" not in image:
            samples = self._smaller(samples)
        if image.is_indirect:
            self._decoded = {image.objgen: samples}  # the one that the next inks ask for again
        return samples

    def _smaller(self, samples: Samples) -> Samples:
        """Means of blocks of pixels, where the whole page has less than half as many."""
        height, width, _ = samples.shape
        by = min(width // (2 * self._largest[0]), height // (2 * self._largest[1]))
        if by < 2:  # noqa: PLR2004  one pixel stays one pixel
            return samples
        return np.stack(
            [np.asarray(Image.fromarray(one).reduce(by)) for one in _components(samples)], axis=-1
        )

    def _colour_key(self, image: pikepdf.Stream, samples: Samples) -> pikepdf.Stream:
        """Colours that are left out, as a soft mask (ISO 32000-1, 8.9.6.4)."""
        most = (1 << int(image.get("/BitsPerComponent", _BYTE))) - 1
        indexed = samples.shape[2] == 1 and not isinstance(image.ColorSpace, pikepdf.Name)
        scale = 1.0 if indexed or most == 255 else 255 / most  # noqa: PLR2004  a byte's most
        limits = [float(n) * scale for n in image.Mask.as_list()]
        within = np.ones(samples.shape[:2], bool)
        for component, low, high in zip(_components(samples), limits[::2], limits[1::2], strict=False):
            within &= (component >= low) & (component <= high)
        mask = np.where(within, 0, 255).astype(np.uint8)
        return self._made(Dictionary(), mask)  # type: ignore[arg-type]  # nothing to keep of an image


def space_of_image(image: pikepdf.Stream) -> Space:
    """Its colour space.

    Raises:
        ValueError: it has none that is known.
    """
    found = image.get("/ColorSpace")
    if found is not None:
        return space_of(found)
    # Only JPEG 2000 may leave it to the picture (8.9.5.1, table 89).
    with _opened(image.read_raw_bytes(), "JPEG2000") as picture:
        return space_of({1: Name.DeviceGray, 3: Name.DeviceRGB, 4: Name.DeviceCMYK}[len(picture.getbands())])


def _components(samples: Samples) -> Iterator[Samples]:
    for at in range(samples.shape[2]):
        yield np.ascontiguousarray(samples[..., at])


def _opened(data: bytes, kind: str) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data), formats=[kind])
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise ValueError(f"an image cannot be decoded: {error}") from error


def _picture(image: pikepdf.Stream, filters: list[pikepdf.Object], count: int) -> Samples:
    if len(filters) > 1:
        raise ValueError("a JPEG image is packed twice")
    with _opened(image.read_raw_bytes(), _PICTURES[filters[0]]) as picture:
        # Pillow turns Adobe's CMYK over while decoding; PDF does not (ISO 32000-1, 7.4.8).
        turned = picture.mode == "CMYK" and "adobe" in picture.info
        if picture.mode not in _MODES.values() or count != len(picture.getbands()):
            raise ValueError(f"a picture is {picture.mode}, its colour space has {count} components")
        try:
            samples = np.asarray(picture)
        except (OSError, SyntaxError) as error:
            raise ValueError(f"an image cannot be decoded: {error}") from error
    samples = samples.reshape(*samples.shape[:2], -1)
    return 255 - samples if turned else samples


def _plain(image: pikepdf.Stream, shape: tuple[int, int, int], *, keep_values: bool) -> Samples:
    """Samples of 1 to 16 bits as bytes, 255 the most; indices as they are."""
    height, width, count = shape
    bits = int(image.get("/BitsPerComponent", _BYTE))
    row = (width * count * bits + 7) // 8
    data = image.read_bytes()
    if bits not in (1, 2, 4, 8, 16) or len(data) < row * height:
        raise ValueError("an image's data are cut off")
    rows = np.frombuffer(data, np.uint8, count=row * height).reshape(height, row)
    if bits == 16:  # noqa: PLR2004  the high byte says all that a screen shows
        rows = rows[:, ::2]
    elif bits < _BYTE:
        rows = _unpacked(rows, bits, stretched=not keep_values)
    return rows[:, : width * count].reshape(shape)


def _unpacked(rows: Samples, bits: int, *, stretched: bool) -> Samples:
    shifts = np.arange(_BYTE - bits, -1, -bits, dtype=np.uint8)
    most = (1 << bits) - 1
    values = (rows[..., None] >> shifts) & np.uint8(most)
    values = values.reshape(rows.shape[0], -1)
    return values * np.uint8(255 // most) if stretched else values


def _decode(image: pikepdf.Stream, samples: Samples, *, indexed: bool) -> Samples:
    """`/Decode`; an Indexed image's turns indices over, which nobody writes, so it is left."""
    decode = [float(n) for n in image.get("/Decode", Array()).as_list()]
    count = samples.shape[2]
    if indexed or len(decode) != 2 * count or decode == [0.0, 1.0] * count:
        return samples
    if decode == [1.0, 0.0] * count:
        return 255 - samples
    low, high = np.array(decode[::2], np.float32), np.array(decode[1::2], np.float32)
    stretched = low * 255 + samples * (high - low)
    return np.clip(stretched.round(), 0, 255).astype(np.uint8)
