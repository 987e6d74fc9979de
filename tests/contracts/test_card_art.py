"""Every drawing of every card template can be put on paper, in every brand's inks."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from app.domain.brand import PALETTE_TOKENS, Brand
from app.registry.brands import load_brands
from app.registry.places import BRANDS, CARDS, PROFILES
from app.registry.profiles import load_profiles

_SVG = "{http://www.w3.org/2000/svg}"
_GEOMETRY = {
    "path": {"d"},
    "rect": {"x", "y", "width", "height", "rx", "ry"},
    "circle": {"cx", "cy", "r"},
    "ellipse": {"cx", "cy", "rx", "ry"},
    "line": {"x1", "y1", "x2", "y2"},
    "polyline": {"points"},
    "polygon": {"points"},
    "g": set(),
}
_STYLE = {"class", "transform", "stroke-width"}
_NOT_DRAWN = {"title", "style"}

_TEMPLATES: dict[Path, dict[str, Any]] = {
    path.parent: tomllib.loads(path.read_text("utf-8")) for path in sorted(CARDS.glob("*/template.toml"))
}
_DRAWINGS = [
    pytest.param(folder / name, template, id=f"{folder.name}/{name}")
    for folder, template in _TEMPLATES.items()
    for name in sorted({name for side in template["sides"] for name in side["art"].values()})
    if name.endswith(".svg")
]
_EVERY_DRAWING = pytest.mark.parametrize(("path", "template"), _DRAWINGS)


def _shapes(path: Path) -> list[ET.Element]:
    root = ET.parse(path).getroot()
    return [
        part for part in root.iter() if part is not root and part.tag.removeprefix(_SVG) not in _NOT_DRAWN
    ]


def _tokens(shape: ET.Element) -> dict[str, str]:
    """What a shape is painted with: "fill" and "stroke" to a palette token or "none"."""
    return dict(name.split("-", 1) for name in shape.get("class", "").split())


@_EVERY_DRAWING
def test_only_simple_shapes_in_palette_colours(path: Path, template: dict[str, Any]) -> None:
    for shape in _shapes(path):
        kind = shape.tag.removeprefix(_SVG)
        assert kind in _GEOMETRY, f"{template['title']}: <{kind}>"
        assert not set(shape.attrib) - _GEOMETRY[kind] - _STYLE, shape.attrib
        painted = _tokens(shape)
        assert set(painted) <= {"fill", "stroke"}
        assert set(painted.values()) <= PALETTE_TOKENS | {"none"}
        assert kind == "g" or "fill" in painted, "a shape without a fill is black by SVG's default"
        assert ("stroke" in painted) == ("stroke-width" in shape.attrib)


@_EVERY_DRAWING
def test_lines_are_round_and_thick_enough_to_print(path: Path, template: dict[str, Any]) -> None:
    thinnest = 0.25 * 25.4 / 72
    root = ET.parse(path).getroot()
    assert root.get("stroke-linejoin") == root.get("stroke-linecap") == "round", template["title"]
    for shape in _shapes(path):
        if "stroke" in _tokens(shape):
            assert float(shape.attrib["stroke-width"]) >= thinnest


@_EVERY_DRAWING
def test_the_first_shape_covers_the_bleed(path: Path, template: dict[str, Any]) -> None:
    ground = _shapes(path)[0]
    assert ground.tag == f"{_SVG}rect"
    assert "transform" not in ground.attrib
    left, top, width, height = (float(ground.get(key, "0")) for key in ("x", "y", "width", "height"))
    bleed_width, bleed_height = (length + 2 * template["bleed"] for length in template["trim"])
    assert left <= 0
    assert top <= 0
    assert left + width >= bleed_width
    assert top + height >= bleed_height


@_EVERY_DRAWING
def test_screen_colours_name_every_token_that_is_used(path: Path, template: dict[str, Any]) -> None:
    style = ET.parse(path).findtext(f"{_SVG}style") or ""
    named = set(re.findall(r"\.((?:fill|stroke)-[a-z-]+)\s*\{", style))
    used = {name for shape in _shapes(path) for name in shape.get("class", "").split()}
    assert used <= named, template["title"]


@pytest.mark.parametrize("brand", load_brands(BRANDS).values(), ids=lambda brand: brand.code)
def test_a_brands_inks_stay_in_the_limit_of_its_templates_press(brand: Brand) -> None:
    """Shapes are opaque, so the heaviest ink of any spot is one token's own sum."""
    template = _TEMPLATES[CARDS / brand.template]
    limit = load_profiles(PROFILES)[template["profile"]].ink_limit
    for token, ink in brand.palette.items():
        assert sum(ink) * 100 <= limit, token
