"""Soft proof of patches whose look is known: from the printing condition's published Lab values."""

from __future__ import annotations

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms

from app.pdf.preview import Intent, View, Wanted, draw
from tests.sound_pdf import BLEED, PROFILE, append, rectangle, saved, sound, with_spot

# FOGRA39 (ISO 12647-2:2004/Amd 1, paper type 1/2 on white backing), CIELAB D50: all inside sRGB.
PATCHES = {
    (0.0, 0.0, 0.0, 0.0): (95, 0, -2),
    (0.0, 0.0, 0.0, 1.0): (16, 0, 0),
    (0.0, 1.0, 0.0, 0.0): (48, 74, -3),
    (0.0, 1.0, 1.0, 0.0): (47, 68, 48),
    (1.0, 1.0, 0.0, 0.0): (24, 22, -46),
}
_TO_D65 = (
    (0.9555766, -0.0230393, 0.0631636),
    (-0.0282895, 1.0099416, 0.0210077),
    (0.0122982, -0.0204830, 1.3299098),
)
_TO_RGB = (
    (3.2404542, -1.5371385, -0.4985314),
    (-0.9692660, 1.8760108, 0.0415560),
    (0.0556434, -0.2040259, 1.0572252),
)


def proof(
    intent: Intent, *tints: float, content: bytes | None = None, inks: tuple[str, ...] = ()
) -> list[int]:
    """The sRGB of a patch in the middle of a card."""
    pdf = with_spot(sound())
    box = rectangle(60, 20, 20, 20)
    append(pdf, (content or b"%g %g %g %g k " % tints) + box + b"f")
    wanted = Wanted(view=View.PROOF, dpi=25.4, file="png", pages=(1,), intent=intent, inks=inks)
    (picture,) = draw(saved(pdf), wanted)
    with Image.open(io.BytesIO(picture.content)) as image:
        pixel = image.getpixel((70 + int(BLEED), 30 + int(BLEED)))
    assert isinstance(pixel, tuple)
    return list(pixel)


def srgb(lab: tuple[float, float, float]) -> NDArray[np.float64]:
    """CIELAB D50 as sRGB, by the formulas of CIE 15 and IEC 61966-2-1 with Bradford's adaptation."""
    y = (lab[0] + 16) / 116
    relative = [
        f**3 if f > 6 / 29 else 3 * (6 / 29) ** 2 * (f - 4 / 29)
        for f in (y + lab[1] / 500, y, y - lab[2] / 200)
    ]
    xyz = np.array(relative) * (0.96422, 1.0, 0.82521)
    linear = np.clip(np.array(_TO_RGB) @ np.array(_TO_D65) @ xyz, 0, 1)
    encoded: NDArray[np.float64] = np.where(
        linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055
    )
    return encoded * 255


@pytest.mark.parametrize(("tints", "lab"), PATCHES.items())
def test_patches_look_as_the_printing_condition_says(
    tints: tuple[float, float, float, float], lab: tuple[int, int, int]
) -> None:
    assert proof(Intent.ABSOLUTE, *tints) == pytest.approx(srgb(lab), abs=8)


def test_the_papers_white_shows_or_is_taken_for_white() -> None:
    assert proof(Intent.RELATIVE, 0, 0, 0, 0) == [255, 255, 255]
    red, green, blue = proof(Intent.ABSOLUTE, 0, 0, 0, 0)
    assert red < blue < 250
    assert green > 230


@pytest.mark.parametrize("intent", Intent)
def test_a_call_of_littlecms_by_itself_says_the_same(intent: Intent) -> None:
    chosen, flags = {
        Intent.ABSOLUTE: (ImageCms.Intent.ABSOLUTE_COLORIMETRIC, ImageCms.Flags.NONE),
        Intent.RELATIVE: (ImageCms.Intent.RELATIVE_COLORIMETRIC, ImageCms.Flags.BLACKPOINTCOMPENSATION),
    }[intent]
    screen = ImageCms.createProfile("sRGB")
    transform = ImageCms.buildTransform(str(PROFILE.icc), screen, "CMYK", "RGB", chosen, flags)
    for patch in ((51, 102, 153, 25), (255, 0, 128, 0), (20, 20, 20, 60)):
        shown = ImageCms.applyTransform(Image.new("CMYK", (1, 1), patch), transform)
        assert shown
        assert proof(intent, *(n / 255 for n in patch)) == pytest.approx(list(shown.tobytes()), abs=2)


def test_a_spot_lies_over_the_inks_in_its_alternates_colour() -> None:
    gold = proof(Intent.RELATIVE, content=b"/Spot cs 1 scn ")
    assert gold[0] > gold[1] > gold[2]
    assert gold[2] < 110
    assert proof(Intent.RELATIVE, content=b"/Spot cs 0 scn ") == [255, 255, 255]


def test_inks_by_choice() -> None:
    both = proof(Intent.RELATIVE, 0.8, 0, 0.9, 0, inks=("Cyan", "Yellow"))
    assert both == proof(Intent.RELATIVE, 0.8, 0, 0.9, 0)
    assert proof(Intent.RELATIVE, 0.8, 0, 0.9, 0, inks=("Cyan",)) == proof(Intent.RELATIVE, 0.8, 0, 0, 0)
    assert proof(Intent.RELATIVE, 0.8, 0, 0.9, 0, inks=("Black", "Gold")) == [255, 255, 255]
