"""The heat map: how much ink, where it is the most, and what is over the press's limit."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from app.pdf.preview import InkLimit, MostInk, Picture, View, Wanted, draw
from app.pdf.window_means import window_means
from tests.sound_pdf import BLEED, append, rectangle, saved, sound

DPI = 127  # 5 pixels a mm
OVER = (214, 0, 108)


def heat(content: bytes, limit: InkLimit | None = None) -> tuple[Picture, MostInk]:
    pdf = sound()
    append(pdf, content)
    (picture,) = draw(
        saved(pdf), Wanted(view=View.INK, dpi=DPI, file="png", pages=(1,), limit=limit or InkLimit())
    )
    assert picture.most
    return picture, picture.most


def pixel(picture: Picture, x: float, y: float) -> tuple[int, ...]:
    with Image.open(io.BytesIO(picture.content)) as image:
        found = image.getpixel((int((x + BLEED) * DPI / 25.4), int((y + BLEED) * DPI / 25.4)))
    assert isinstance(found, tuple)
    return found


def test_a_patch_over_the_limit_is_found_at_its_place() -> None:
    picture, most = heat(b"1 0.9 0.8 0.6 k " + rectangle(40, 20, 15, 15) + b"f")
    assert (most.x, most.y, most.width, most.height) == pytest.approx((40, 20, 15, 15), abs=0.3)
    assert most.percent == pytest.approx(330, abs=2)
    assert most.peak == pytest.approx(330, abs=2)
    assert pixel(picture, 50, 30) == OVER
    assert pixel(picture, 60, 30) != OVER


def test_a_small_patch_over_the_limit_is_shown_but_its_window_is_not_over_it() -> None:
    picture, most = heat(b"1 1 1 1 k " + rectangle(40, 20, 5, 5) + b"f")
    assert most.peak == pytest.approx(400, abs=1)
    assert most.percent < 100
    assert pixel(picture, 42, 22) == OVER
    _, wide = heat(b"1 1 1 1 k " + rectangle(40, 20, 5, 5) + b"f", InkLimit(percent=300, window=5))
    assert (wide.x, wide.y, wide.percent) == pytest.approx((40, 20, 400), abs=1)


def test_the_limit_itself_is_not_over_it() -> None:
    picture, most = heat(b"1 1 1 0 k " + rectangle(40, 20, 15, 15) + b"f")
    assert most.percent == pytest.approx(300, abs=0.5)
    assert pixel(picture, 50, 30) != OVER


def test_more_ink_is_darker() -> None:
    steps = b"".join(
        b"0 0 0 0 k %g 0 0 %g k " % (min(t, 1), max(t - 1, 0)) + rectangle(10 + 9 * n, 110, 8, 8) + b"f "
        for n, t in enumerate((0.2, 0.6, 1.0, 1.4, 2.0))
    )
    picture, _ = heat(steps, InkLimit(percent=200))
    shades = [sum(pixel(picture, 14 + 9 * n, 114)) for n in range(5)]
    assert shades == sorted(shades, reverse=True)
    assert len(set(shades)) == 5


def test_a_page_smaller_than_the_window_is_measured_whole() -> None:
    means = window_means(np.array([[1.0, 2.0], [3.0, 6.0]]), 5)
    assert means.tolist() == [[3.0]]


def test_windows_agree_with_their_plain_sums() -> None:
    amount = np.random.default_rng(3).random((17, 23))
    means = window_means(amount, 6)
    assert means.shape == (12, 18)
    assert means[4, 7] == pytest.approx(amount[4:10, 7:13].mean())
