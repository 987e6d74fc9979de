from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from app.domain.geometry import Box
from app.domain.profile import PressProfile
from app.domain.template import CodeOptions, Frame, Role
from app.domain.units import points
from app.errors import ArtworkUnusable
from app.pdf.codes.bars import bar_code, lines_below
from app.pdf.text.area import Area
from app.registry.places import PROFILES
from app.registry.profiles import load_profiles

PROFILE: PressProfile = load_profiles(PROFILES)["isocoated-v2-300"]
BOX = Box(10, 100, 40, 20)
AREA = Area(points(10), points(10), points(50), points(30))
EAN = Frame(role=Role.EAN, box=BOX, size=(7.0, 8.0))
CODE_128 = Frame(role=Role.CODE_128, box=BOX, size=(7.0, 8.0))
GTIN = "4006381333931"


def bars(operators: bytes) -> list[list[float]]:
    """The rectangles after the white one: x, y, width, height."""
    path = operators.split(b" cm\n")[1]
    return [[float(part) for part in each.split()] for each in path.split(b"re")[:-1]]


def test_an_ean_has_its_bars_and_longer_guards() -> None:
    drawn = bars(bar_code(EAN, GTIN, "the EAN").operators(AREA, PROFILE))
    assert len(drawn) == 30
    assert (drawn[0][0], drawn[-1][0] + drawn[-1][2]) == (0, 95)
    assert [bar[0] for bar in drawn if bar[1] < 0] == [0, 2, 46, 48, 92, 94]
    assert len({bar[1] + bar[3] for bar in drawn}) == 1


def test_without_its_text_all_bars_have_the_whole_height() -> None:
    bare = replace(EAN, code=CodeOptions(label=False))
    drawn = bars(bar_code(bare, GTIN, "the EAN").operators(AREA, PROFILE))
    assert {(y, round(height, 2)) for _, y, _, height in drawn} == {(0, round(points(20), 2))}
    assert not list(lines_below(bare, BOX, GTIN))


def test_bars_of_a_height_stand_in_the_middle_with_their_text() -> None:
    low = replace(CODE_128, code=CodeOptions(bar_height=8))
    operators = bar_code(low, "A1", "the Code 128").operators(AREA, PROFILE)
    assert {round(height, 2) for *_, height in bars(operators)} == {round(points(8), 2)}
    ((line, said),) = lines_below(low, BOX, "A1")
    assert said == "A1"
    assert line.box.bottom == pytest.approx(BOX.y + 10 + (8 + low.line_below) / 2)


def test_the_quiet_zone_is_the_kinds_or_more() -> None:
    assert bar_code(EAN, GTIN, "").quiet == (11, 7)
    assert bar_code(EAN, "96385074", "").quiet == (7, 7)
    assert bar_code(CODE_128, "A1", "").quiet == (10, 10)
    assert bar_code(replace(CODE_128, code=CodeOptions(quiet=12.5)), "A1", "").quiet == (12.5, 12.5)


@pytest.mark.parametrize(
    ("frame", "text", "says"),
    [
        (EAN, GTIN, r"the code has 113 modules with its quiet zones: 29\.8 mm at 0\.264 mm each, and its"),
        (CODE_128, "a" * 20, r"the code has 275 modules with its quiet zones: 68\.8 mm at 0\.25 mm each"),
    ],
)
def test_bars_too_fine_for_their_frame_are_refused(frame: Frame, text: str, says: str) -> None:
    narrow = Area(0, 0, points(28), points(20))
    with pytest.raises(ArtworkUnusable, match=says) as caught:
        bar_code(frame, text, "the code").operators(narrow, PROFILE)
    assert caught.value.frame == "the code"
    assert caught.value.mend


def test_a_wide_frame_does_not_coarsen_a_short_code() -> None:
    wide = Area(0, 0, points(100), points(20))
    assert b"cm\n" in bar_code(CODE_128, "A", "").operators(wide, PROFILE)
    assert f"{points(0.5):.5f} 0 0 1" in bar_code(CODE_128, "A", "").operators(wide, PROFILE).decode()
    assert f"{points(0.66):.5f} 0 0 1" in bar_code(EAN, GTIN, "").operators(wide, PROFILE).decode()


def test_digits_below_stay_inside_the_frame_and_apart() -> None:
    lines = sorted(lines_below(EAN, BOX, GTIN), key=lambda line: line[0].box.x)
    assert [said for _, said in lines] == ["4", "006381", "333931"]
    assert all(BOX.contains(frame.box) and not frame.mirror for frame, _ in lines)
    assert all(a.box.right < b.box.x for (a, _), (b, _) in pairwise(lines))


def test_what_cannot_be_written_below_is_refused() -> None:
    with pytest.raises(ArtworkUnusable, match="control characters") as caught:
        list(lines_below(CODE_128, BOX, "A\tB"))
    assert "label = false" in caught.value.mend
