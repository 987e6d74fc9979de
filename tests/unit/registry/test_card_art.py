"""A designer's slips with art, as far as names and text tell them."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.geometry import Box
from app.errors import SetupError
from tests.damaged import copied, damage, load

ART = 'art = { first = "art/first.svg", "*" = "art/generic.svg" }'
PICTURE = '[[sides.pictures]]\nfile = "art/hills.jpg"\nbox = {box}\n\n[[sides.frames]]\nrole = "headline"'


def with_picture(family: Path, box: str, file: str = "hills.jpg") -> None:
    (family / "art" / file).write_bytes(b"\xff\xd8")
    damage(family, "template.toml", '[[sides.frames]]\nrole = "headline"', PICTURE.replace("{box}", box))


def test_a_jpeg_fills_a_side_around_its_focus(tmp_path: Path) -> None:
    family = copied(tmp_path)
    (family / "art/hills.JPG").write_bytes(b"\xff\xd8")
    damage(family, "template.toml", ART, 'art = { "*" = "art/hills.JPG" }\nfocus = [0.2, 0.9]')
    front = load(family).sides[0]
    assert front.art == {"*": family / "art/hills.JPG"}
    assert front.focus == (0.2, 0.9)


@pytest.mark.parametrize(
    "box", ["[20, 20, 40, 30]", "[-3, -3, 111, 60]", "[-3, 20, 50, 40]", "[60, 90, 48, 61]"]
)
def test_a_picture_stands_inside_or_bleeds(tmp_path: Path, box: str) -> None:
    family = copied(tmp_path)
    with_picture(family, box)
    (picture,) = load(family).sides[0].pictures
    assert picture.path == family / "art/hills.jpg"
    assert picture.box == Box(*map(float, box.strip("[]").split(",")))


@pytest.mark.parametrize(
    "box", ["[2, 20, 40, 30]", "[-1, 20, 40, 30]", "[0, 0, 105, 148]", "[-5, -5, 120, 60]"]
)
def test_a_picture_that_ends_near_the_knife_is_told(tmp_path: Path, box: str) -> None:
    family = copied(tmp_path)
    with_picture(family, box)
    with pytest.raises(SetupError, match=r"pictures\.0\.box: the picture ends near the knife"):
        load(family)


FAULTS = {
    "another kind": ('"art/first.svg"', '"art/first.tiff"', "first.tiff is of no kind that is printed"),
    "a folder": ('"art/first.svg"', '"art"', "art is of no kind that is printed"),
    "capitals": ('"art/first.svg"', '"art/First.svg"', "did you mean art/first.svg"),
    "outside": ('"art/first.svg"', '"/etc/hosts.svg"', "is outside the template's folder"),
    "focus in mm": (ART, f"{ART}\nfocus = [50, 70]", r"focus\.0: 50.* must be at most 1"),
}


@pytest.mark.parametrize(("old", "new", "says"), FAULTS.values(), ids=FAULTS.keys())
def test_each_slip_is_told(tmp_path: Path, old: str, new: str, says: str) -> None:
    family = copied(tmp_path)
    damage(family, "template.toml", old, new)
    with pytest.raises(SetupError, match=says):
        load(family)


def test_a_drawing_in_another_encoding_is_told(tmp_path: Path) -> None:
    family = copied(tmp_path)
    (family / "art/first.svg").write_bytes("<svg>é</svg>".encode("latin-1"))
    with pytest.raises(SetupError, match=r"first\.svg is not UTF-8 \(byte 5\)"):
        load(family)
