"""Reads brands: `brand.toml` and the signer's scanned signature beside it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, StringConstraints

from app.domain.brand import PALETTE_TOKENS, Brand, Ink, Signer
from app.domain.ids import ALPHABET, BRAND_KEY_LENGTH
from app.domain.money import CURRENCIES
from app.domain.policy import OccasionPolicy, check_codes
from app.domain.template import GENERIC, CardTemplate
from app.errors import PolicyUnusable, SetupError
from app.registry.policy import PolicyDocument
from app.registry.toml_file import Key, TomlFile, TomlModel

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
InkPart = Annotated[float, Field(ge=0, le=1)]

_LONGEST_LINK = 120
"""A longer QR text needs modules too small to print at 13 mm."""


class _Signer(TomlModel):
    name: Text
    role: dict[Language, Text]
    signature: str | None = None
    signature_width: Annotated[float, Field(gt=0, le=80)] = 32.0
    typeface: str = "hand"
    name_in: dict[Language, Text] = Field(default_factory=dict)


class _Brand(TomlModel):
    key: Annotated[str, StringConstraints(pattern=f"^[{ALPHABET}]{{{BRAND_KEY_LENGTH}}}$")]
    name: Text
    time_zone: str
    currency: str
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    link: str
    template: str
    target: str
    needed_by_minutes: Annotated[int, Field(ge=1)] = 240
    palette: dict[str, tuple[InkPart, InkPart, InkPart, InkPart]]
    signer: _Signer
    story: dict[Language, dict[str, Text]] = Field(default_factory=dict)
    imprint: dict[Language, Text]
    categories: dict[str, Code] = Field(default_factory=dict)
    category_names: dict[Language, dict[Code, Text]] = Field(default_factory=dict)
    policy: PolicyDocument = PolicyDocument()


def load_brands(*folders: Path) -> dict[str, Brand]:
    """Every brand folder inside `folders`, by its code, which is the folder's name.

    Raises:
        SetupError: naming each fault with file, line, key and mend; or a code or key that is there twice.
    """
    found: dict[str, Brand] = {}
    for folder in (child for place in folders if place.is_dir() for child in sorted(place.iterdir())):
        if not folder.is_dir() or folder.name.startswith("."):
            continue
        brand = load_brand(folder)
        for other in found.values():
            if brand.code == other.code or brand.key == other.key:
                raise SetupError(
                    f"two brands share the code {brand.code!r} or the key {brand.key!r}: "
                    f"{other.folder} and {folder}",
                    mend="give each folder its own name and each brand.toml its own key",
                )
        found[brand.code] = brand
    return found


def load_brand(folder: Path) -> Brand:
    """One brand folder; errors as for `load_brands`."""
    file = TomlFile(folder / "brand.toml")
    model = file.read(_Brand)
    zone = _zone(file, model.time_zone)
    _check_values(file, model)
    _check_languages(file, model)
    signature = _signature(file, folder, model.signer)
    policy = _policy(file, model.policy, zone)
    file.check()
    return Brand(
        code=folder.name,
        folder=folder,
        time_zone=zone,
        signer=Signer(**{**model.signer.model_dump(), "signature": signature}),
        policy=policy,
        palette=_palette(model.palette),
        **model.model_dump(exclude={"time_zone", "signer", "policy", "palette"}),
    )


def check_brands(
    brands: Mapping[str, Brand],
    cards: Mapping[str, CardTemplate],
    *,
    occasions: Collection[str],
    targets: Collection[str],
    typefaces: Collection[str],
) -> None:
    """What brands name is there: the template, its words in their languages, the occasions, the target.

    Raises:
        SetupError: naming the brand's file, what it lacks and the mend.
    """
    for brand in brands.values():
        path = brand.folder / "brand.toml"
        if brand.template not in cards:
            raise SetupError(
                f"{path}: template: there is no card template {brand.template!r}", mend=_use(cards)
            )
        card = cards[brand.template]
        if silent := [language for language in brand.languages if not card.speaks(language)]:
            raise SetupError(
                f"{path}: languages: the template {card.name!r} has no words in {', '.join(silent)}",
                mend=f"add {card.folder / 'messages'}/{silent[0]}.toml, or take the language from the brand",
            )
        _check_generic(path, brand, card)
        _check_policy(path, brand.policy, occasions)
        told = {code for details in brand.story.values() for code in details} - {*occasions, GENERIC, "*"}
        if told:
            raise SetupError(f"{path}: there is no occasion {', '.join(sorted(told))}", mend=_use(occasions))
        if brand.signer.typeface not in typefaces:
            raise SetupError(
                f"{path}: signer.typeface: there is no typeface {brand.signer.typeface!r}",
                mend=_use(typefaces),
            )
        if brand.target not in targets:
            raise SetupError(
                f"{path}: target: the settings have no {brand.target!r}",
                mend=f"{_use(targets)}; or add it to TIPIN_TARGETS, or leave out the brand",
            )


def _check_policy(path: Path, policy: OccasionPolicy, occasions: Collection[str]) -> None:
    try:
        check_codes(policy, occasions)
    except PolicyUnusable as problem:
        first = problem.violations[0]
        raise SetupError(f"{path}: policy{first.pointer}: {first.detail}", mend=problem.mend) from problem


def _check_generic(path: Path, brand: Brand, card: CardTemplate) -> None:
    """The generic card is what every order can fall back to, so it takes nothing but the brand's own words.

    Raises:
        SetupError: the template has none such in one of the brand's languages.
    """
    for language in brand.languages:
        story = brand.story.get(language, {})
        given = {"brand", "signer"} | ({"story"} if story.keys() & {GENERIC, "*"} else set())
        generic = [v for v in card.speaking(language) if v.occasion == GENERIC and not v.stages]
        if not any(v.requires <= given for v in generic):
            mend = f"write one in {card.folder / 'messages'} that requires nothing but the brand's story"
            if card.takes_any_language:
                mend = "take a template with words of its own; records that bring theirs go by tipin render"
            raise SetupError(
                f"{path}: template: {card.name!r} has no generic words in {language!r} for every order",
                mend=mend,
            )


def _use(names: Collection[str]) -> str:
    return f"use one of {', '.join(sorted(names))}" if names else "there are none yet"


def _zone(file: TomlFile, name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        file.fault(("time_zone",), f"{name!r} is no time zone", "use an IANA name, such as Europe/Berlin")
        return ZoneInfo("UTC")


def _check_values(file: TomlFile, model: _Brand) -> None:
    if model.currency not in CURRENCIES:
        file.fault(
            ("currency",), f"{model.currency!r} is no ISO 4217 currency", "use three letters, such as EUR"
        )
    if missing := sorted(PALETTE_TOKENS - model.palette.keys()):
        file.fault(("palette",), f"lacks {', '.join(missing)}", "each is four inks, cyan to black, 0 to 1")
    for token in sorted(model.palette.keys() - PALETTE_TOKENS):
        file.fault(
            ("palette", token), "is no palette colour", f"use one of {', '.join(sorted(PALETTE_TOKENS))}"
        )
    link = urlsplit(model.link.replace("{order}", ""))
    if link.scheme != "https" or not link.netloc or "{" in link.geturl():
        file.fault(("link",), "is no https address", "only {order} may stand in braces")
    elif len(model.link) > _LONGEST_LINK:
        file.fault(
            ("link",),
            f"is over {_LONGEST_LINK} characters",
            "a QR that dense does not print well; shorten it",
        )
    known = set(model.categories.values())
    for language, names in model.category_names.items():
        for code in sorted(names.keys() - known):
            file.fault(
                ("category_names", language, code), "no SKU prefix leads to it", "add it to [categories]"
            )


def _check_languages(file: TomlFile, model: _Brand) -> None:
    """What is said in one of the brand's languages is said in all; other languages are a slip."""
    own = set(model.languages)
    said: dict[tuple[str, ...], Mapping[str, object]] = {
        ("signer", "role"): model.signer.role,
        ("imprint",): model.imprint,
    }
    if model.story:
        said["story",] = model.story
    if model.category_names:
        said["category_names",] = model.category_names
    for key, texts in said.items():
        for language in sorted(own - texts.keys()):
            file.fault((*key, language), "is missing", "the brand says that it speaks this language")
        for language in sorted(texts.keys() - own):
            file.fault((*key, language), "is no language of the brand", "add it to languages, or remove it")


def _signature(file: TomlFile, folder: Path, signer: _Signer) -> Path | None:
    if signer.signature is None:
        return None
    path = folder / signer.signature
    if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
        file.fault(
            ("signer", "signature"), f"{signer.signature} is not in the brand's folder", f"put it at {path}"
        )
    return path


def _policy(file: TomlFile, model: PolicyDocument, zone: ZoneInfo) -> OccasionPolicy:
    try:
        return model.policy(zone)
    except PolicyUnusable as problem:
        for fault in problem.violations:
            file.fault(("policy", *_key(fault.pointer)), fault.detail, fault.mend)
        return OccasionPolicy()


def _key(pointer: str) -> Key:
    """The key in a file that a JSON pointer names."""
    parts = (part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])
    return tuple(int(part) if part.isdecimal() else part for part in parts)


def _palette(palette: Mapping[str, tuple[float, float, float, float]]) -> dict[str, Ink]:
    return {
        token: (cyan, magenta, yellow, black) for token, (cyan, magenta, yellow, black) in palette.items()
    }
