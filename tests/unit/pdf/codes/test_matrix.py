from __future__ import annotations

import numpy as np
import pytest

from app.domain.profile import PressProfile
from app.errors import ArtworkUnusable
from app.pdf.codes.matrix import matrix_codes
from app.pdf.text.area import Area
from app.registry.places import PROFILES
from app.registry.profiles import load_profiles

PROFILE: PressProfile = load_profiles(PROFILES)["isocoated-v2-300"]
AREA = Area(100, 100, 160, 140)


def test_a_code_is_black_on_white_with_its_quiet_zone() -> None:
    (code,) = matrix_codes("the code", 1, [np.ones((10, 10), dtype=np.bool_)])
    assert code.operators(AREA, PROFILE) == (
        b"q 0 0 0 0 k 110 100 40 40 re f 0 0 0 1 k\n"
        b"3.33333 0 0 -3.33333 113.333 136.667 cm\n0 0 10 10 re f Q\n"
    )


def test_a_wider_quiet_zone_makes_the_modules_smaller() -> None:
    (code,) = matrix_codes("the code", 5, [np.ones((10, 10), dtype=np.bool_)])
    assert b"\n2.00000 0 0 -2.00000 120 130 cm" in code.operators(AREA, PROFILE)


def test_a_code_too_fine_to_be_read_is_refused() -> None:
    (code,) = matrix_codes("the QR code on the back", 4, [np.ones((177, 177), dtype=np.bool_)])
    with pytest.raises(ArtworkUnusable, match=r"on the back has 177 modules a side, 0\.08 mm each") as caught:
        code.operators(AREA, PROFILE)
    assert caught.value.frame == "the QR code on the back"
