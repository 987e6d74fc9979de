"""Art that no press could print is told when the plant starts, by each file's name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.template import CardTemplate
from app.errors import SetupError
from app.pdf.art.check import check_art
from app.registry.brands import load_brands
from app.registry.places import PROFILES
from app.registry.profiles import load_profiles
from tests.cards import PLAIN
from tests.damaged import copied, load
from tests.photographs import jpeg

DATA = Path(__file__).parents[3] / "data"
PROFILES_IN_FORCE = load_profiles(PROFILES)
ACORN = load_brands(DATA / "brands")["acorn"]


def with_front(art: Path) -> CardTemplate:
    front, back = PLAIN.sides
    return replace(PLAIN, sides=(replace(front, art={"*": art}), back))


def test_sound_art_is_let_be() -> None:
    check_art({"plain": PLAIN}, {"acorn": ACORN}, PROFILES_IN_FORCE)


def test_each_file_is_told_once(tmp_path: Path) -> None:
    family = copied(tmp_path)
    drawing = (family / "art/first.svg").read_text(encoding="utf-8")
    (family / "art/first.svg").write_text(drawing.replace("</svg>", "<text>hello</text></svg>"), "utf-8")
    photo = tmp_path / "rgb.jpg"
    photo.write_bytes(jpeg("RGB", (300, 200)))
    with pytest.raises(SetupError) as caught:
        check_art({"plain": load(family), "other": with_front(photo)}, {}, PROFILES_IN_FORCE)
    first, second = caught.value.violations
    assert "first.svg:8, <text>" in first.detail
    assert "rgb.jpg is in RGB" in second.detail
    assert first.mend
    assert second.mend


def test_a_signature_that_cannot_be_printed_is_told(tmp_path: Path) -> None:
    scan = tmp_path / "ida.png"
    scan.write_bytes(b"no picture")
    brand = replace(ACORN, signer=replace(ACORN.signer, signature=scan))
    with pytest.raises(SetupError, match=r"ida\.png: the signature is no readable picture"):
        check_art({"plain": PLAIN}, {"acorn": brand}, PROFILES_IN_FORCE)
