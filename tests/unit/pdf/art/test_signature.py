"""Signatures: the ink of a scan as a mask at the size it was written."""

from __future__ import annotations

import io
import zlib

import pytest
from PIL import Image, ImageDraw

from app.errors import ArtworkUnusable
from app.pdf.art.signature import read_signature
from app.pdf.file.objects import ObjectFile


def _png(size: tuple[int, int] = (600, 200), *, transparent: bool = False, ink: bool = True) -> bytes:
    image = Image.new("RGBA", size, (0, 0, 0, 0) if transparent else (255, 255, 255, 255))
    if ink:
        ImageDraw.Draw(image).rectangle((150, 50, 449, 149), fill=(20, 20, 60, 255))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("transparent", [False, True])
def test_it_is_cut_to_its_ink_and_keeps_its_size(transparent: bool) -> None:  # noqa: FBT001 - a case
    signature = read_signature(_png(transparent=transparent), 30.0, 150)
    assert signature.width == pytest.approx(15, abs=0.1)
    assert signature.height == pytest.approx(5, abs=0.1)
    assert signature.pixels[0] / (signature.width / 25.4) == pytest.approx(1200, rel=0.01)


def test_ink_is_zero_in_the_mask() -> None:
    signature = read_signature(_png(), 30.0, 150)
    bits, stride = zlib.decompress(signature.bits), (signature.pixels[0] + 7) // 8
    middle = bits[signature.pixels[1] // 2 * stride :][:stride]
    assert set(middle[1:-1]) == {0}


def test_the_mask_says_its_size() -> None:
    file = ObjectFile()
    signature = read_signature(_png(), 30.0, 150)
    signature.write(file)
    written = file.prefix().data
    assert b"/ImageMask true" in written
    assert b"/Width %d/Height %d" % signature.pixels in written


def test_too_coarse_a_scan_is_refused_with_its_resolution() -> None:
    with pytest.raises(ArtworkUnusable, match="102 ppi at 150 mm, under 150 ppi"):
        read_signature(_png(), 150.0, 150)


def test_a_blank_scan_is_refused() -> None:
    with pytest.raises(ArtworkUnusable, match="blank"):
        read_signature(_png(ink=False), 30.0, 150)


def test_too_large_a_scan_is_refused_before_it_is_decoded() -> None:
    huge = io.BytesIO()
    Image.new("1", (8000, 6000), 1).save(huge, "PNG")
    with pytest.raises(ArtworkUnusable, match="8000 × 6000 pixels"):
        read_signature(huge.getvalue(), 30.0, 150)


@pytest.mark.parametrize("content", [b"", b"not a picture", _png()[:200]])
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(ArtworkUnusable, match="no readable picture"):
        read_signature(content, 30.0, 150)
