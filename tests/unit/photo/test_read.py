from __future__ import annotations

import warnings

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageFile
from PIL.PngImagePlugin import PngInfo

from app.errors import PhotoUnusable
from app.photo import read
from app.photo.read import Photo
from tests.photos import ICC, deep_png, oriented, phone_photo, png_head, saved, scene

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def at_red_dot(image: Image.Image) -> tuple[int, ...]:
    """The colour where the scene has its dot."""
    found = image.convert("RGB").getpixel((image.width * 3 // 32, image.width * 3 // 32))
    assert isinstance(found, tuple)
    return tuple(map(int, found))


def is_red(image: Image.Image) -> bool:
    red, green, blue = at_red_dot(image)
    return red > 200 and green < 70 and blue < 70


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG", "AVIF", "TIFF"])
def test_exif_orientation_is_applied_once(kind: str, orientation: int) -> None:
    photo = Photo(oriented(scene(), orientation, kind))
    assert photo.size == (640, 480)
    upright = photo.decode().image
    assert upright.size == (640, 480)
    assert is_red(upright)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_jpeg_that_is_decoded_smaller_stands_upright_too(orientation: int) -> None:
    pixels = Photo(oriented(scene(1600, 1200), orientation)).decode(0.4)
    assert pixels.scale == 0.5
    assert pixels.image.size == (800, 600)
    assert is_red(pixels.image)


@pytest.mark.parametrize("least", [0.13, 0.25, 0.3, 0.5, 0.51, 0.9])
def test_never_fewer_pixels_than_were_asked_for(least: float) -> None:
    pixels = Photo(saved(scene(1001, 747))).decode(least)
    assert pixels.image.width >= 1001 * least
    assert pixels.image.height >= 747 * least


@pytest.mark.parametrize("least", [0.5, 0.3, 0.2])
def test_a_jpeg_decoded_smaller_is_the_same_picture(least: float) -> None:
    whole = scene(1600, 1200)
    small = Photo(saved(whole, quality=95)).decode(least).image
    apart = np.asarray(small, dtype=int) - np.asarray(
        whole.resize(small.size, Image.Resampling.BOX), dtype=int
    )
    assert small.width == {0.5: 800, 0.3: 600, 0.2: 400}[least]
    assert np.abs(apart).mean() < 2


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "GIF", "AVIF"])
def test_every_kind_becomes_plain_rgb(kind: str) -> None:
    photo = Photo(saved(scene(), kind))
    assert photo.facts.kind == kind
    assert photo.facts.frames == 1
    assert photo.decode().image.mode == "RGB"
    assert is_red(photo.decode().image)


@pytest.mark.parametrize(("name", "kind"), [("phone.heic", "HEIF"), ("phone.avif", "AVIF")])
def test_a_phones_own_formats(name: str, kind: str) -> None:
    photo = Photo(phone_photo(name))
    pixels = photo.decode()
    assert (photo.facts.kind, pixels.image.size) == (kind, (640, 480))
    assert is_red(pixels.image)
    assert pixels.icc is not None


@pytest.mark.parametrize("data", [phone_photo("deep.heic"), deep_png(scene())], ids=["HEIC", "PNG"])
def test_more_than_eight_bits_a_colour(data: bytes) -> None:
    found = np.asarray(Photo(data).decode().image, dtype=int)
    assert np.abs(found - np.asarray(scene(), dtype=int)).mean() < 2


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "I;16"])
def test_other_modes(mode: str) -> None:
    image = scene().convert("L") if mode == "I;16" else scene()
    if mode == "I;16":
        values = np.asarray(image, dtype=np.uint16) * 257
        data = saved(Image.fromarray(values), "PNG")
    else:
        data = saved(scene().convert(mode), "PNG")
    plain = Photo(data).decode().image
    assert plain.mode == ("RGB" if mode == "P" else "L")
    if mode in {"L", "I;16"}:
        assert np.abs(np.asarray(plain, dtype=int) - np.asarray(scene().convert("L"), dtype=int)).max() <= 1


def test_what_is_see_through_stands_on_white() -> None:
    clear = Image.new("RGBA", (100, 100), (10, 20, 30, 0))
    assert Photo(saved(clear, "PNG")).decode().image.getpixel((50, 50)) == (255, 255, 255)


def test_a_film_shows_its_first_frame() -> None:
    frames = [scene(), Image.new("RGB", (640, 480), "black")]
    photo = Photo(saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True))
    assert photo.facts.frames == 2
    assert is_red(photo.decode().image)


def test_the_colour_profile_is_taken_where_it_means_the_colours() -> None:
    assert Photo(saved(scene(), icc_profile=SRGB)).decode().icc == SRGB
    assert "sRGB" in Photo(saved(scene(), icc_profile=SRGB)).facts.profile
    for wrong in (b"", b"nonsense", ICC.read_bytes()):
        photo = Photo(saved(scene(), icc_profile=wrong))
        assert photo.decode().icc is None
        assert not photo.facts.profile


def test_cmyk_keeps_its_inks_and_profile() -> None:
    photo = Photo(saved(Image.new("CMYK", (200, 100), (0, 255, 255, 0)), icc_profile=ICC.read_bytes()))
    pixels = photo.decode()
    assert pixels.image.mode == "CMYK"
    assert pixels.icc == ICC.read_bytes()
    assert pixels.image.getpixel((50, 50)) == (0, 255, 255, 0)


def test_damaged_exif_says_nothing() -> None:
    with warnings.catch_warnings(action="ignore"):
        photo = Photo(saved(scene(), exif=b"Exif\0\0MM\0*\xff\xff\xff\xff"))
    assert photo.size == (640, 480)


REFUSED = [
    pytest.param(saved(scene())[:4000], "damaged", id="cut-off-jpeg"),
    pytest.param(saved(scene(), "PNG")[:4000], "damaged", id="cut-off-png"),
    pytest.param(saved(scene(), "WEBP")[:900], "damaged", id="cut-off-webp"),
    pytest.param(saved(scene(), "TIFF")[:9000], "damaged", id="cut-off-tiff"),
    pytest.param(saved(scene(), "AVIF")[:2000], "damaged", id="cut-off-avif"),
    pytest.param(b"\xff\xd8\xff\xe0\0\x10JFIF", "damaged", id="jpeg-head-alone"),
    pytest.param(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "damaged", id="heic-head-alone"),
    pytest.param(b"GIF89a", "damaged", id="gif-head-alone"),
    pytest.param(saved(Image.new("RGB", (63, 200))), "too_small", id="small"),
    pytest.param(saved(Image.new("L", (30_000, 1)), "PNG"), "too_thin", id="strip"),
    pytest.param(png_head(30_000, 30_000), "too_many_pixels", id="bomb"),
    pytest.param(png_head(0, 400), "damaged", id="no-width"),
]


@pytest.mark.parametrize(("data", "reason"), REFUSED)
def test_what_cannot_be_printed_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(PhotoUnusable) as refused:
        Photo(data).decode()
    assert refused.value.reason == reason
    assert refused.value.mend


def test_a_file_over_the_limit_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "LARGEST_FILE", 1000)
    with pytest.raises(PhotoUnusable, match="MB are taken"):
        Photo(saved(scene()))


def test_a_bomb_is_refused_before_anything_of_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in the lab's processes, where Pillow's own limit is off."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda _: pytest.fail("it was decoded"))
    with pytest.raises(PhotoUnusable, match="up to 64 million"):
        Photo(png_head(30_000, 30_000))


def test_a_compressed_text_bomb_is_not_unpacked() -> None:
    info = PngInfo()
    info.add_text("comment", "x" * 10_000_000, zip=True)
    with pytest.raises(PhotoUnusable, match="damaged"):
        Photo(saved(scene(), "PNG", pnginfo=info)).decode()
