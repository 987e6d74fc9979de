"""Every sample record on paper, for the tests that ask other programs what they see in our files."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.domain.card import Card
from app.domain.profile import PressProfile
from app.domain.template import CardTemplate
from app.pdf.engine import Renderer
from app.registry.fonts import load_fonts
from app.registry.places import FONTS, PROFILES
from app.registry.profiles import load_profiles
from app.services.sample_cards import sample_cards
from tests.families import BUILT_IN, BUILT_IN_BRANDS
from tests.programs import need


@dataclass(frozen=True, slots=True)
class Printed:
    """A sample card's file.

    `leading` marks one a brand, occasion and language, for slow programs; `first` one a brand and occasion.
    """

    path: Path
    template: CardTemplate
    card: Card
    profile: PressProfile
    leading: bool
    first: bool


def print_samples(folder: Path) -> list[Printed]:
    """Every sample record of every template in each brand's name, in the first wording that it fills."""
    profiles = load_profiles(PROFILES)
    renderer = Renderer(fonts=load_fonts(FONTS), profiles=profiles)
    printed: dict[tuple[str, str], Printed] = {}
    led: set[tuple[str, ...]] = set()
    for template in BUILT_IN.values():
        for brand in BUILT_IN_BRANDS.values():
            for sample in sample_cards(template, brand):
                card = sample.card
                record = sample.name.removesuffix(f"-{card.wordings[0].variant}")
                if (brand.code, record) in printed:
                    continue
                look = (brand.code, card.occasion)
                group = (*look, card.language)
                path = folder / f"{record}.pdf"
                path.write_bytes(renderer.render(template, card, sample.signature))
                profile = profiles[template.profile]
                printed[brand.code, record] = Printed(
                    path, template, card, profile, leading=group not in led, first=look not in led
                )
                led |= {look, group}
    return list(printed.values())


def said(program: str, *arguments: str | Path) -> str:
    """What a program prints; it must succeed and say nothing on its error stream."""
    done = run(program, arguments)
    assert done.returncode == 0, done.stderr or done.stdout
    assert done.stderr == ""
    return done.stdout


def run(program: str, arguments: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
    """The finished program, whatever it says; skips the test where it is not installed."""
    command = [need(program), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
