from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageCms

from app.domain.product import Inks, Tone
from app.photo.colour import Press, out_of_gamut, separated
from tests.icc import wide_gamut
from tests.photos import ICC, PRESS, scene, shipped

STEPS = range(0, 256, 5)
FOAM = Press(ICC, 100, Inks.BLACK, Tone.FOAM)
CMYK_ICC = ICC.read_bytes()


def by_littlecms(image: Image.Image) -> Image.Image:
    """What LittleCMS itself makes of sRGB, pixel by pixel."""
    found = ImageCms.profileToProfile(
        image,
        ImageCms.createProfile("sRGB"),
        str(ICC),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        outputMode="CMYK",
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    assert found is not None
    return found


def every_colour() -> Image.Image:
    """140,608 colours, evenly from all of RGB, few of them the table's own."""
    colours = np.array(list(itertools.product(STEPS, STEPS, STEPS)), dtype=np.uint8)
    return Image.fromarray(colours.reshape(-1, len(STEPS), 3))


@pytest.mark.parametrize("image", [every_colour(), shipped("astronaut.png"), shipped("coffee.png")])
def test_the_table_agrees_with_littlecms(image: Image.Image) -> None:
    unlimited = replace(PRESS, ink_limit=400)
    ours = np.asarray(separated(image, None, unlimited), dtype=int)
    apart = np.abs(ours - np.asarray(by_littlecms(image), dtype=int))
    assert apart.mean() <= 1
    assert apart.max() <= 10


@pytest.mark.parametrize("limit", [180, 220, 260, 300])
def test_no_pixel_carries_more_ink_than_the_press_takes(limit: float) -> None:
    inks = np.asarray(separated(every_colour(), None, replace(PRESS, ink_limit=limit)), dtype=float)
    assert inks.sum(axis=2).max() <= limit / 100 * 255 + 1
    assert inks.sum(axis=2).max() > limit / 100 * 255 * 0.9


def test_the_limit_takes_colour_and_leaves_black() -> None:
    dark = Image.new("RGB", (4, 4), (8, 6, 4))
    free, held = (separated(dark, None, replace(PRESS, ink_limit=limit)) for limit in (400, 200))
    before, after = free.getpixel((0, 0)), held.getpixel((0, 0))
    assert isinstance(before, tuple)
    assert isinstance(after, tuple)
    assert after[3] >= before[3] - 1
    assert sum(after) <= 510 < sum(before)


def test_white_paper_takes_no_ink() -> None:
    assert separated(Image.new("RGB", (4, 4), "white"), None, PRESS).getpixel((1, 1)) == (0, 0, 0, 0)


def test_a_wide_gamut_profile_is_honoured() -> None:
    """A red that is P3's is redder than sRGB's; both profiles differ little near grey."""
    red = Image.new("RGB", (4, 4), (200, 40, 40))
    there = np.asarray(separated(red, wide_gamut(), PRESS), dtype=int)[0, 0]
    here = np.asarray(separated(red, None, PRESS), dtype=int)[0, 0]
    assert there[1] + there[2] > here[1] + here[2]
    assert there[0] < here[0]


def test_inks_of_the_same_press_stay_as_they_are() -> None:
    inks = Image.new("CMYK", (4, 4), (10, 200, 30, 40))
    assert separated(inks, None, PRESS).getpixel((0, 0)) == (10, 200, 30, 40)
    assert separated(inks, CMYK_ICC, PRESS).getpixel((0, 0)) == (10, 200, 30, 40)


def test_inks_over_the_limit_are_held() -> None:
    inks = Image.new("CMYK", (4, 4), (255, 255, 255, 255))
    held = np.asarray(separated(inks, None, PRESS), dtype=int)
    assert held.sum(axis=2).max() <= 765


def test_a_grey_photo_prints_grey() -> None:
    grey = scene().convert("L")
    assert separated(grey, None, PRESS).mode == "CMYK"
    assert separated(grey, None, PRESS).tobytes() == separated(grey.convert("RGB"), None, PRESS).tobytes()


def test_foam_is_one_tone_that_is_never_solid() -> None:
    toned = separated(shipped("astronaut.png"), None, FOAM)
    levels = np.asarray(toned)
    assert toned.mode == "L"
    assert levels.min() >= 0.29 * 255
    assert levels.max() == 255
    ramp = np.asarray(separated(Image.linear_gradient("L").convert("RGB"), None, FOAM), dtype=int)[:, 0]
    assert (np.diff(ramp) >= 0).all()
    middle = ramp[160] - ramp[96]
    assert middle > ramp[255] - ramp[191]


def test_edible_colours_are_lighter_and_stronger() -> None:
    sugar = replace(PRESS, tone=Tone.EDIBLE, ink_limit=220)
    plain = replace(PRESS, ink_limit=220)
    shadow = Image.new("RGB", (4, 4), (110, 90, 75))
    lighter, darker = (np.asarray(separated(shadow, None, each), dtype=int) for each in (sugar, plain))
    assert lighter.sum() < darker.sum()


def test_out_of_gamut_is_a_share() -> None:
    loud = Image.new("RGB", (10, 10), (0, 0, 255))
    quiet = Image.new("RGB", (10, 10), (150, 140, 130))
    half = Image.new("RGB", (20, 10), (150, 140, 130))
    half.paste(loud, (0, 0))
    assert out_of_gamut(loud, None, PRESS) == 1
    assert out_of_gamut(quiet, None, PRESS) == 0
    assert out_of_gamut(half, None, PRESS) == pytest.approx(0.5)
    assert out_of_gamut(half.convert("CMYK"), None, PRESS) == 0
