"""Screen pictures in press inks: white is paper, colours keep to the ink limit, edges stay what they were."""

from __future__ import annotations

import zlib

import numpy as np
import pytest
from PIL import Image

from app.pdf.art.separation import Separation, separate
from app.pdf.file.objects import ObjectFile
from app.registry.places import PROFILES
from app.registry.profiles import load_profiles

_PROFILE = load_profiles(PROFILES)["isocoated-v2-300"]


def _separated(*pixels: tuple[int, int, int, int]) -> Separation:
    picture = Image.new("RGBA", (len(pixels), 1))
    picture.putdata(pixels)
    return separate(picture, _PROFILE.icc)


def _inks(separation: Separation) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    return np.frombuffer(zlib.decompress(separation.inks), dtype=np.uint8).reshape(-1, 4)


def test_white_and_what_is_not_seen_print_nothing() -> None:
    assert not _inks(_separated((255, 255, 255, 255), (0, 0, 0, 0), (200, 10, 10, 0))).any()


def test_a_red_is_mostly_magenta_and_yellow() -> None:
    cyan, magenta, yellow, black = _inks(_separated((237, 28, 36, 255)))[0]
    assert min(magenta, yellow) > 200
    assert max(cyan, black) < 40


@pytest.mark.parametrize("shade", [(0, 0, 0), (20, 0, 30), (0, 30, 0), (0, 0, 90), (60, 20, 10)])
def test_the_sum_of_inks_keeps_to_the_profile(shade: tuple[int, int, int]) -> None:
    inks = _inks(_separated((*shade, 255)))[0]
    assert inks.sum() / 255 * 100 <= _PROFILE.ink_limit + 1


def test_opacity_is_kept_and_halved_for_files_without_transparency() -> None:
    separation = _separated(*[(9, 9, 9, level) for level in (0, 127, 128, 255, 64, 255, 255, 255)])
    assert zlib.decompress(separation.opacity) == bytes([0, 127, 128, 255, 64, 255, 255, 255])
    assert zlib.decompress(separation.outline) == bytes([0b11001000]), "0 is printed"


def test_a_file_without_transparency_gets_a_mask_of_bits() -> None:
    separation = _separated((9, 9, 9, 255))
    soft, hard = ObjectFile(), ObjectFile()
    separation.write(soft, transparent=True)
    separation.write(hard, transparent=False)
    assert b"/SMask 1 0 R" in soft.prefix().data
    assert b"/ImageMask" not in soft.prefix().data
    assert b"/Mask 1 0 R" in hard.prefix().data
    assert b"/ImageMask true" in hard.prefix().data
    assert b"/SMask" not in hard.prefix().data
