"""Photographs: passed through bit for bit, or refused with what is wrong and how to mend it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.errors import ArtworkUnusable
from app.pdf.art.jpeg import LONGEST_EDGE, read_jpeg
from app.registry.places import PROFILES
from app.registry.profiles import load_profiles
from tests.photographs import claiming, jpeg, without_adobe

PROFILE = load_profiles(PROFILES)["isocoated-v2-300"]
SMALL = (300, 200)


def saved(tmp_path: Path, data: bytes, name: str = "hills.jpg") -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "inks", "inverted"),
    [
        (jpeg("CMYK", SMALL), 4, True),
        (without_adobe(jpeg("CMYK", SMALL)), 4, False),
        (jpeg("L", SMALL), 1, False),
        (jpeg("CMYK", SMALL, progressive=True), 4, True),
    ],
    ids=["CMYK as Adobe writes it", "CMYK", "grey", "progressive"],
)
def test_it_says_what_a_press_must_know(tmp_path: Path, data: bytes, inks: int, *, inverted: bool) -> None:
    read = read_jpeg(saved(tmp_path, data), PROFILE)
    assert (read.width, read.height, read.inks, read.inverted) == (*SMALL, inks, inverted)
    assert read.data == data


ICC = PROFILE.icc.read_bytes()
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "RGB": (lambda: jpeg("RGB", SMALL), r"hills\.jpg is in RGB, which no press prints"),
    "20,000 px wide": (
        lambda: claiming(jpeg("CMYK", SMALL), width=20_000),
        r"has 20,000 × 200 pixels; up to 12,000",
    ),
    "height unknown": (lambda: claiming(jpeg("L", SMALL), height=0), "does not say how large it is"),
    "16 bits": (lambda: claiming(jpeg("L", SMALL), bits=16), "has 16 bits a colour"),
    "lossless": (lambda: claiming(jpeg("L", SMALL), frame=0xC3), "lossless or arithmetic"),
    "arithmetic": (lambda: claiming(jpeg("L", SMALL), frame=0xC9), "lossless or arithmetic"),
    "truncated picture": (lambda: jpeg("CMYK", SMALL)[:-2000], "is cut off or damaged"),
    "truncated header": (lambda: jpeg("CMYK", SMALL)[:100], "is cut off or damaged"),
    "no picture": (lambda: b"\xff\xd8\xff\xd9", "is cut off or damaged"),
    "empty": (lambda: b"", "is named JPEG but is empty"),
    "a PNG": (lambda: b"\x89PNG\r\n\x1a\n", "is named JPEG but is a PNG"),
    "JPEG 2000": (lambda: b"\0\0\0\x0cjP  \r\n\x87\n", "is named JPEG but is a JPEG 2000"),
    "a PDF": (lambda: b"%PDF-1.4", "is named JPEG but is a PDF"),
    "an HEIC": (lambda: b"\0\0\0\x18ftypheic", "is named JPEG but is an HEIC photo"),
    "a WebP": (lambda: b"RIFF\0\0\0\0WEBPVP8 ", "is named JPEG but is a WebP"),
    "words": (lambda: b"hello", "is named JPEG but is something else"),
    "another press's inks": (
        lambda: jpeg("CMYK", SMALL, icc=ICC[:-4] + b"\1\2\3\4"),
        r"separated for another press: its colour profile is not ISOcoated_v2_300_bas\.icc",
    ),
}


@pytest.mark.parametrize(("make", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_what_a_press_cannot_print_is_refused(tmp_path: Path, make: Callable[[], bytes], says: str) -> None:
    with pytest.raises(ArtworkUnusable, match=says) as caught:
        read_jpeg(saved(tmp_path, make()), PROFILE)
    assert caught.value.mend


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArtworkUnusable, match=r"gone\.jpg cannot be read \(No such file"):
        read_jpeg(tmp_path / "gone.jpg", PROFILE)


def test_a_file_too_large_is_not_read(tmp_path: Path) -> None:
    path = saved(tmp_path, b"")
    with path.open("r+b") as file:
        file.truncate(65 * 2**20)
    with pytest.raises(ArtworkUnusable, match="has 65 MB; up to 64 MB"):
        read_jpeg(path, PROFILE)


def test_the_presss_own_profile_may_be_inside(tmp_path: Path) -> None:
    assert read_jpeg(saved(tmp_path, jpeg("CMYK", SMALL, icc=ICC)), PROFILE).inks == 4


def test_the_longest_edge_is_allowed(tmp_path: Path) -> None:
    assert read_jpeg(saved(tmp_path, jpeg("L", (LONGEST_EDGE, 16))), PROFILE).width == LONGEST_EDGE
