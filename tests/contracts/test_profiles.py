"""Every shipped press profile keeps one contract."""

from __future__ import annotations

import pytest
from PIL import ImageCms

from app.domain.profile import PressProfile
from app.registry.places import PROFILES
from app.registry.profiles import load_profiles


@pytest.mark.parametrize("profile", load_profiles(PROFILES).values(), ids=lambda p: p.name)
def test_a_press_profile_can_be_used(profile: PressProfile) -> None:
    icc = ImageCms.getOpenProfile(str(profile.icc))
    assert icc.profile.xcolor_space.strip() == "CMYK"
    assert profile.title
    assert profile.output_condition
    assert profile.ink_limit <= 400


@pytest.mark.parametrize("profile", load_profiles(PROFILES).values(), ids=lambda p: p.name)
def test_its_icc_profile_has_its_licence_beside_it(profile: PressProfile) -> None:
    assert "permission" in profile.icc.with_suffix(".LICENSE.txt").read_text("utf-8").lower()
