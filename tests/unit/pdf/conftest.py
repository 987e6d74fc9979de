"""One engine for all tests of it: fonts are opened once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.pdf.engine import Renderer
from app.pdf.text.clean import clean
from app.pdf.text.face import Face
from app.pdf.text.hand import Hand
from app.pdf.text.paragraph import Paragraph, Setting, shape_paragraph
from app.pdf.typefaces import Typefaces
from app.registry.fonts import own_fonts
from app.registry.places import PROFILES
from app.registry.profiles import load_profiles

Shaper = Callable[..., Paragraph]


@pytest.fixture(scope="session")
def typefaces() -> Typefaces:
    return Typefaces(own_fonts())


@pytest.fixture(scope="session")
def renderer() -> Renderer:
    return Renderer(fonts=own_fonts(), profiles=load_profiles(PROFILES))


@pytest.fixture(scope="session")
def hand_face(typefaces: Typefaces) -> Face:
    return typefaces.printed("hand", "en", 0).chain.own[0]


@pytest.fixture(scope="session")
def shape(typefaces: Typefaces) -> Shaper:
    """Shapes one paragraph: `shape(text, base=0, role="hand", language="en", seed=None, tracking=0)`."""

    def shaper(
        text: str,
        *,
        base: int = 0,
        role: str = "hand",
        language: str = "en",
        seed: int | None = None,
        tracking: float = 0,
    ) -> Paragraph:
        if seed is None:
            setting = Setting(typefaces.printed(role, language, tracking), base)
        else:
            setting = Setting(typefaces.written(role, language), base, Hand(seed, "test"))
        return shape_paragraph(clean(text, "the test"), setting, "the test")

    return shaper
