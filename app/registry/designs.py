"""Reads card templates and brands one by one, so that a fault in one hides nothing of the others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from app.domain.brand import Brand
from app.domain.profile import PressProfile
from app.domain.template import CardTemplate
from app.errors import SetupError
from app.registry.brand_names import check_brands
from app.registry.brands import load_brand
from app.registry.card_names import check_card_names
from app.registry.cards import load_card

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class FoundDesigns:
    """What could be read, and every fault of what could not."""

    templates: Mapping[str, CardTemplate]
    brands: Mapping[str, Brand]
    faults: list[SetupError] = field(default_factory=list)


def find_designs(
    cards: Iterable[Path],
    brands: Iterable[Path],
    *,
    profiles: Mapping[str, PressProfile],
    typefaces: Collection[str],
    occasions: Collection[str],
    recovery: Collection[str],
    targets: Collection[str],
    products: Collection[str],
) -> FoundDesigns:
    """Every template and brand folder in some folders that is sound; arguments as for the checks of each."""
    faults: list[SetupError] = []

    def template(folder: Path) -> CardTemplate:
        card = load_card(folder, recovery=recovery)
        check_card_names({card.name: card}, profiles=profiles, typefaces=typefaces, occasions=occasions)
        return card

    templates = _each(cards, template, faults)
    sound = {name: card for name, card in templates.items() if card is not None}
    broken = templates.keys() - sound.keys()

    def brand(folder: Path) -> Brand | None:
        found = load_brand(folder)
        if found.template in broken:  # as far as anybody can tell it is sound, but it has no cards
            return None
        check_brands(
            {found.code: found},
            sound,
            occasions=occasions,
            targets=targets,
            typefaces=typefaces,
            products=products,
        )
        return found

    found = _each(brands, brand, faults)
    return FoundDesigns(sound, {code: one for code, one in found.items() if one is not None}, faults)


def _each(
    places: Iterable[Path], read: Callable[[Path], Read], faults: list[SetupError]
) -> dict[str, Read | None]:
    """What each folder inside `places` holds, by its name; None for one with faults."""
    found: dict[str, Read | None] = {}
    folders = [child for place in places if place.is_dir() for child in sorted(place.iterdir())]
    for folder in folders:
        if not folder.is_dir() or folder.name.startswith("."):
            continue
        if folder.name in found:
            faults.append(SetupError(f"{folder}: the name is there twice", mend="rename one of the folders"))
            continue
        found[folder.name] = None
        try:
            found[folder.name] = read(folder)
        except SetupError as fault:
            faults.append(fault)
    return found
