from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.component import make_up_of_product
from app.domain.geometry import Box
from app.errors import SetupError
from app.registry.products import load_products

GOOD = """
title = "Tile"
profile = "press"
substrate = "clay"
[surface]
shape = "rectangle"
size = [100, 60]
bleed = 3
safe = 4
[gang]
sheet = [320, 450]
"""


def loaded(folder: Path, text: str) -> dict[str, object]:
    (folder / "tile.toml").write_text(text, encoding="utf-8")
    return dict(load_products(folder, profiles={"press"}))


def test_a_product_is_one_file(tmp_path: Path) -> None:
    (tmp_path / "tile.toml").write_text(GOOD, encoding="utf-8")
    (tile,) = load_products(tmp_path, profiles={"press"}).values()
    assert tile.name == "tile"
    assert tile.panels[0].pictures == (Box(-3, -3, 106, 66),)
    assert tile.white is None


def test_a_product_says_how_well_it_is_printed_and_what_follows(tmp_path: Path) -> None:
    said = 'substrate = "clay"\nquality = "high"\nfinishings = ["coat", "trim"]'
    (tmp_path / "tile.toml").write_text(GOOD.replace('substrate = "clay"', said), encoding="utf-8")
    (tile,) = load_products(tmp_path, profiles={"press"}).values()
    made = make_up_of_product(tile)
    assert (made.quality, made.finishings) == ("high", ("coat", "trim"))


def test_a_picture_that_touches_the_cut_runs_into_the_bleed(tmp_path: Path) -> None:
    halves = '[[panels]]\nname = "front"\npictures = [[0, 0, 50, 60], [50, 10, 50, 50]]\n'
    (tmp_path / "tile.toml").write_text(GOOD + halves, encoding="utf-8")
    (tile,) = load_products(tmp_path, profiles={"press"}).values()
    assert tile.panels[0].pictures == (Box(-3, -3, 53, 66), Box(50, 10, 53, 53))


FAULTS = [
    ('profile = "press"', 'profile = "prss"', r"tile\.toml:3: profile: there is no press profile 'prss'"),
    ('shape = "rectangle"', 'shape = "oval"', "surface.shape"),
    ('shape = "rectangle"', 'shape = "path"', "a free shape has no path"),
    ('shape = "rectangle"', 'shape = "rounded"', "a rounded shape has no radius"),
    ('shape = "rectangle"', 'shape = "rounded"\nradius = 40', "more than half of an edge"),
    ('shape = "rectangle"', 'shape = "circle"\nradius = 4', "a radius is given for another shape"),
    ('shape = "rectangle"', 'shape = "circle"\npath = "M0 0"', "a path is given for another shape"),
    ('substrate = "clay"', 'substrate = "clay"\nquality = "best"', "'best' is no quality; use one of: draft"),
    ('substrate = "clay"', 'substrate = "clay"\nfinishings = ["glaze"]', "'glaze' is no finishing"),
    ("safe = 4", "safe = 30", "no room is left"),
    ("safe = 4", "safe = 4\nseam = 46", "no room is left"),
    ("size = [100, 60]", "size = [0, 60]", "surface.size"),
    ("sheet = [320, 450]", "sheet = [100, 60]", "hold not one of"),
    ("[gang]", "[resolution]\nerror = 300\n[gang]", "do not rise"),
    ("[gang]", "[colour]\nwhite = 30\n[gang]", "nothing of the underbase would be left"),
    ("[gang]", "[colour]\ninks = 'gold'\n[gang]", "colour.inks"),
    ("[gang]", '[[panels]]\nname = "a"\n[[panels]]\nname = "a"\n[gang]', "the panel 'a' is there twice"),
    ("[gang]", '[[panels]]\nname = "a"\npictures = [[0, 0, 101, 10]]\n[gang]', "reaches over the trim"),
    ("[gang]", "glitter = true\n[gang]", "glitter"),
]


@pytest.mark.parametrize(("old", "new", "said"), FAULTS)
def test_a_fault_is_named_with_its_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert GOOD.count(old) == 1
    with pytest.raises(SetupError, match=said):
        loaded(tmp_path, GOOD.replace(old, new))


def test_two_products_of_one_name(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "tile.toml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(SetupError, match="is there twice"):
        load_products(tmp_path / "a", tmp_path / "b", profiles={"press"})
