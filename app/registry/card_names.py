"""Whether the names in a card template are known: its profile, typefaces and occasions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches

from app.domain.language import ANY
from app.domain.profile import PressProfile
from app.domain.template import CODES, GENERIC, CardTemplate
from app.registry.toml_file import TomlFile

_OTHERS = "*"


def check_card_names(
    cards: Mapping[str, CardTemplate],
    *,
    profiles: Mapping[str, PressProfile],
    typefaces: Collection[str],
    occasions: Collection[str],
) -> None:
    """What templates name is there, and their press gets the bleed and the safe zone that it asks for.

    Raises:
        SetupError: naming each fault of a template with file, line, key and mend.
    """
    for card in cards.values():
        file = TomlFile(card.folder / "template.toml")
        _check_profile(file, card, profiles)
        for index, side in enumerate(card.sides):
            for occasion in sorted(side.art.keys() - {*occasions, GENERIC, _OTHERS}):
                key = ("sides", index, "art", occasion)
                file.fault(key, f"{occasion!r} is no occasion", _mend(occasion, occasions))
            for number, frame in enumerate(side.frames):
                if frame.role not in CODES and frame.typeface not in typefaces:
                    place = ("sides", index, "frames", number, "typeface")
                    says = f"there is no typeface {frame.typeface!r}"
                    file.fault(place, says, _mend(frame.typeface, typefaces))
        file.check()
        _check_wordings(card, occasions)


def _check_profile(file: TomlFile, card: CardTemplate, profiles: Mapping[str, PressProfile]) -> None:
    profile = profiles.get(card.profile)
    if profile is None:
        file.fault(("profile",), f"there is no press profile {card.profile!r}", _mend(card.profile, profiles))
    elif card.bleed < profile.bleed:
        file.fault(
            ("bleed",), f"is {card.bleed:g} mm; {profile.name} asks for {profile.bleed:g}", "draw larger art"
        )
    elif card.safe < profile.safe:
        file.fault(
            ("safe",), f"is {card.safe:g} mm; {profile.name} asks for {profile.safe:g}", "keep that distance"
        )


def _check_wordings(card: CardTemplate, occasions: Collection[str]) -> None:
    """A wording for an occasion that does not exist would never be said."""
    for language in sorted({variant.language for variant in card.variants}):
        own = [variant for variant in card.variants if variant.language == language]
        stem = "any" if language == ANY else language
        file = TomlFile(card.folder / "messages" / f"{stem}.toml")
        for index, variant in enumerate(own):
            if variant.occasion not in {*occasions, GENERIC}:
                key = ("variants", index, "occasion")
                file.fault(key, f"{variant.occasion!r} is no occasion", _mend(variant.occasion, occasions))
        file.check()


def _mend(name: str, known: Iterable[str]) -> str:
    names = sorted(known)
    meant = get_close_matches(name, names, n=1)
    return f"did you mean {meant[0]}?" if meant else f"use one of {', '.join(names)}"
