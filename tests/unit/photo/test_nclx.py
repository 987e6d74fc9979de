"""Colours told by numbers alone: the same picture as with a profile, and nothing read into damaged files."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import lru_cache

import numpy as np
import pytest
from PIL import Image, ImageCms

from app.photo.develop import develop
from app.photo.master import make_master
from app.photo.nclx import icc_of_nclx
from app.photo.read import Photo
from tests.icc import wide_gamut
from tests.photos import P3, PRESS, SRGB_CURVE, TILE, phone_photo, saved, scene, told_by_numbers

BT2020, SRGB = 9, 1
GAMMA_22, PQ = 4, 16


@lru_cache
def plain_avif() -> bytes:
    """The scene without a profile."""
    return saved(scene(), "AVIF", quality=95, subsampling="4:4:4", speed=9)


def avif(primaries: int, transfer: int = SRGB_CURVE) -> bytes:
    """The scene as AVIF without a profile."""
    return told_by_numbers(plain_avif(), primaries, transfer)


def heic(primaries: int, transfer: int = SRGB_CURVE) -> bytes:
    """A phone's picture without a profile."""
    return told_by_numbers(phone_photo("deep.heic"), primaries, transfer)


def in_srgb(icc: bytes, image: Image.Image) -> np.ndarray:
    there = ImageCms.profileToProfile(
        image, ImageCms.ImageCmsProfile(io.BytesIO(icc)), ImageCms.createProfile("sRGB")
    )
    assert there is not None
    return np.asarray(there, dtype=int)


@pytest.mark.parametrize("file", [avif, heic])
def test_p3_by_numbers_is_printed_as_p3_by_profile(file: Callable[..., bytes]) -> None:
    data = file(P3, GAMMA_22)
    plain, decoded = Photo(file(SRGB)), Photo(data).decode()
    assert Photo(data).facts.profile == "Display P3"
    assert plain.facts.profile == ""
    assert decoded.image.tobytes() == plain.decode().image.tobytes()
    # The reference profile has Apple's published numbers, and a gamma of 2.2 as well.
    by_profile = saved(decoded.image, "PNG", icc_profile=wide_gamut())
    numbers, profile, none = (
        np.asarray(Image.open(io.BytesIO(develop(each, TILE, PRESS).panels[0][0].data)), dtype=int)
        for each in (data, by_profile, saved(decoded.image, "PNG"))
    )
    assert np.abs(numbers - profile).mean() < 0.5
    assert np.abs(numbers - none).mean() > 2


def test_full_p3_red_is_as_display_p3_has_it() -> None:
    icc = icc_of_nclx(avif(P3))
    assert icc is not None
    # CSS Color 4 has color(display-p3 0.8 0.4 0.3) at sRGB 0.8503, 0.3752, 0.2622.
    (found,) = in_srgb(icc, Image.new("RGB", (1, 1), (204, 102, 77)))[0]
    assert np.abs(found - (217, 96, 67)).max() <= 2


@pytest.mark.parametrize("primaries", [P3, BT2020, 11])
@pytest.mark.parametrize("transfer", [1, 2, GAMMA_22, 8, SRGB_CURVE])
def test_grey_stays_grey(primaries: int, transfer: int) -> None:
    icc = icc_of_nclx(avif(primaries, transfer))
    assert icc is not None
    seen = in_srgb(icc, Image.new("RGB", (1, 1), (128, 128, 128)))[0, 0]
    assert np.ptp(seen) <= 1
    assert in_srgb(icc, Image.new("RGB", (1, 1), "white")).min() >= 254


@pytest.mark.parametrize(("primaries", "transfer"), [(SRGB, SRGB_CURVE), (2, 2), (6, 6), (P3, PQ), (99, 99)])
def test_what_is_srgb_or_nothing_for_print_has_no_profile(primaries: int, transfer: int) -> None:
    assert icc_of_nclx(avif(primaries, transfer)) is None


def test_a_profile_goes_over_numbers() -> None:
    icc = wide_gamut()
    assert Photo(saved(scene(), "AVIF", icc_profile=icc)).facts.profile == "Wide"


def test_the_kept_photo_has_the_profile() -> None:
    master = make_master(avif(P3))
    assert master.facts.profile == "Display P3"
    kept = Photo(master.data).decode()
    assert kept.icc is not None
    seen = in_srgb(kept.icc, Image.new("RGB", (1, 1), (204, 102, 77)))[0, 0]
    assert np.abs(seen - (217, 96, 67)).max() <= 2


def test_damaged_boxes_say_nothing() -> None:
    whole = avif(P3)
    for end in range(0, 400, 7):
        icc_of_nclx(whole[:end])
    dice = np.random.default_rng(1)
    for _ in range(300):
        broken = bytearray(whole[:400])
        for at in dice.integers(0, 400, 8):
            broken[at] = dice.integers(256)
        icc_of_nclx(bytes(broken))
    assert icc_of_nclx(b"") is None
