"""Names in a template that lead nowhere are told when the plant starts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.profile import PressProfile
from app.errors import SetupError
from app.registry.card_names import check_card_names
from app.registry.places import PROFILES
from app.registry.profiles import load_profiles
from tests.damaged import copied, damage, load
from tests.families import OCCASIONS

PROFILE = load_profiles(PROFILES)["isocoated-v2-300"]


def check(family: Path, profile: PressProfile = PROFILE) -> None:
    check_card_names(
        {"plain": load(family)},
        profiles={profile.name: profile},
        typefaces={"hand", "print"},
        occasions=OCCASIONS,
    )


def test_the_plain_family_is_sound(tmp_path: Path) -> None:
    check(copied(tmp_path))


FAULTS = {
    "profile": ('"isocoated-v2-300"', '"isocoated-v2"', "no press profile 'isocoated-v2'.*did you mean iso"),
    "typeface": ('typeface = "hand"', 'typeface = "hnad"', "no typeface 'hnad'.*did you mean hand"),
    "occasion of art": ("art = { first =", "art = { frist =", "'frist' is no occasion.*did you mean first"),
}


@pytest.mark.parametrize(("old", "new", "says"), FAULTS.values(), ids=FAULTS.keys())
def test_each_slip_is_told(tmp_path: Path, old: str, new: str, says: str) -> None:
    family = copied(tmp_path)
    line = damage(family, "template.toml", old, new)
    with pytest.raises(SetupError, match=rf"template\.toml:{line}: .*{says}"):
        check(family)


def test_a_wording_that_no_order_would_ever_hear_is_told(tmp_path: Path) -> None:
    family = copied(tmp_path)
    words = (family / "messages/en.toml").read_text(encoding="utf-8")
    (family / "messages/en.toml").write_text(words.replace('"win_back"', '"winback"'), encoding="utf-8")
    with pytest.raises(SetupError, match=r"en\.toml:\d+: variants\.\d\.occasion: 'winback' is no occasion"):
        check(family)


@pytest.mark.parametrize(
    ("asked", "says"), [({"bleed": 5.0}, "bleed: is 3 mm"), ({"safe": 8.0}, "safe: is 5 mm")]
)
def test_the_press_gets_what_it_asks_for(tmp_path: Path, asked: dict[str, float], says: str) -> None:
    with pytest.raises(SetupError, match=says):
        check(copied(tmp_path), replace(PROFILE, **asked))  # type: ignore[arg-type]  # lengths
