"""One engine for all tests of it: fonts are opened once."""

from __future__ import annotations

import pytest

from app.pdf.engine import Renderer
from app.registry.fonts import load_fonts
from app.registry.places import FONTS, PROFILES
from app.registry.profiles import load_profiles


@pytest.fixture(scope="session")
def renderer() -> Renderer:
    return Renderer(fonts=load_fonts(FONTS), profiles=load_profiles(PROFILES))
