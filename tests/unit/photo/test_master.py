from __future__ import annotations

import io

import pytest
from PIL import Image, ImageCms

from app.errors import PhotoUnusable
from app.photo.clean_icc import clean_icc
from app.photo.master import make_master
from tests.photos import ICC, ORIENTATION, oriented, saved, scene

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data), formats=["JPEG"])


def test_nothing_but_pixels_survives() -> None:
    exif = Image.Exif()
    exif[0x010E] = "at home, 52.5 N"
    exif[ORIENTATION] = 6
    photo = saved(scene(), exif=exif, comment=b"secret note", icc_profile=SRGB) + b"PK\x03\x04 a ZIP archive"
    master = make_master(photo)
    for secret in (b"at home", b"secret note", b"PK\x03\x04", b"Exif", b"Copyright", b"lcms"):
        assert secret in photo or secret in {b"Copyright", b"lcms", b"Exif"}
        assert secret not in master.data
    assert opened(master.data).size == master.size == (480, 640)
    assert master.facts.kind == "JPEG"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_stands_upright(orientation: int) -> None:
    image = opened(make_master(oriented(scene(), orientation)).data)
    red, green, blue = image.convert("RGB").crop((60, 60, 61, 61)).tobytes()
    assert red > 200
    assert max(green, blue) < 60


def test_the_same_photo_gives_the_same_bytes() -> None:
    photo = saved(scene(), "PNG")
    assert make_master(photo) == make_master(photo)


def test_more_pixels_than_anything_prints_are_not_kept() -> None:
    master = make_master(saved(Image.new("RGB", (8000, 6000), "teal"), quality=60))
    assert master.facts.size == (8000, 6000)
    assert 23e6 < master.size[0] * master.size[1] < 24.1e6
    assert make_master(saved(Image.new("L", (6200, 4200), 120), "PNG")).size[0] < 6000


def test_a_photo_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(PhotoUnusable):
        make_master(saved(scene())[:2000])


@pytest.mark.parametrize(("mode", "icc"), [("RGB", SRGB), ("CMYK", ICC.read_bytes())], ids=["RGB", "CMYK"])
def test_a_profile_keeps_its_colours_and_loses_its_words(mode: str, icc: bytes) -> None:
    clean = clean_icc(icc)
    assert clean is not None
    assert clean_icc(clean) == clean
    assert (
        opened(make_master(saved(scene().convert(mode), icc_profile=icc)).data).info["icc_profile"] == clean
    )
    lab = ImageCms.createProfile("LAB")
    colours = scene(64, 64).convert(mode)
    before, after = (
        ImageCms.profileToProfile(colours, ImageCms.ImageCmsProfile(io.BytesIO(each)), lab, outputMode="LAB")
        for each in (icc, clean)
    )
    assert before is not None
    assert after is not None
    assert before.tobytes() == after.tobytes()
    assert b"opyright" not in clean
    assert b"no copyright" not in clean


@pytest.mark.parametrize(
    "damaged",
    [b"", b"x" * 500, SRGB[:100], SRGB[:128] + b"\xff\xff\xff\xff" + SRGB[132:], SRGB[:200]],
    ids=["empty", "noise", "cut", "many tags", "cut tags"],
)
def test_what_is_no_profile_is_dropped(damaged: bytes) -> None:
    assert clean_icc(damaged) is None


def test_a_hidden_tag_is_dropped() -> None:
    count = int.from_bytes(SRGB[128:132])
    at = len(SRGB) + 12
    moved = bytearray(SRGB[132 : 132 + 12 * count])
    for index in range(count):
        start = int.from_bytes(moved[12 * index + 4 : 12 * index + 8]) + 12
        moved[12 * index + 4 : 12 * index + 8] = start.to_bytes(4)
    entry = b"priv" + at.to_bytes(4) + (11).to_bytes(4)
    with_secret = (
        SRGB[:128] + (count + 1).to_bytes(4) + moved + entry + SRGB[132 + 12 * count :] + b"curvSECRET!"
    )
    clean = clean_icc(bytes(with_secret))
    assert clean is not None
    assert b"SECRET" not in clean
