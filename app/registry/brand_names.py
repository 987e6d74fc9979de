"""Whether all that a brand names is there: template, words in its languages, occasions, target, typeface."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from app.domain.brand import Brand
from app.domain.policy import check_codes, rules_named
from app.domain.template import GENERIC, CardTemplate
from app.errors import PolicyUnusable, SetupError, Violation
from app.registry.json_document import pointer


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownNames:
    """What there is to be named."""

    templates: Mapping[str, CardTemplate]
    occasions: Collection[str]
    targets: Collection[str]
    typefaces: Collection[str]
    products: Collection[str]

    def beside(self, rules: Collection[str]) -> KnownNames:
        """With a brand's own rules among the occasions, by their codes."""
        return replace(self, occasions=(*self.occasions, *rules)) if rules else self


def check_brands(
    brands: Mapping[str, Brand],
    cards: Mapping[str, CardTemplate],
    *,
    occasions: Collection[str],
    targets: Collection[str],
    typefaces: Collection[str],
    products: Collection[str],
) -> None:
    """What brands of a folder name is there.

    Raises:
        SetupError: naming the brand's file, what it lacks and the mend.
    """
    known = KnownNames(
        templates=cards, occasions=occasions, targets=targets, typefaces=typefaces, products=products
    )
    for brand in brands.values():
        # Its rules are in the database, and what names them is held to those once that is open.
        for fault in name_faults(brand, known.beside(rules_named(brand.policy))):
            where = fault.pointer.strip("/").replace("/", ".")
            file = brand.folder / "brand.toml" if brand.folder else brand.code
            raise SetupError(f"{file}: {where}: {fault.detail}", mend=fault.mend)


def name_faults(brand: Brand, known: KnownNames) -> Iterator[Violation]:
    """Each name in a brand's document that is nowhere, with its pointer."""
    card = known.templates.get(brand.template)
    if card is None:
        yield Violation(
            "/template", f"there is no card template {brand.template!r}", _use_one(known.templates)
        )
    else:
        yield from _silent(brand, card)
    try:
        check_codes(brand.policy, known.occasions)
    except PolicyUnusable as problem:
        yield from (Violation(f"/policy{v.pointer}", v.detail, v.mend) for v in problem.violations)
    yield from _stories(brand, known.occasions)
    if brand.signer.typeface not in known.typefaces:
        yield Violation(
            "/signer/typeface", f"there is no typeface {brand.signer.typeface!r}", _use_one(known.typefaces)
        )
    for pointer_, target in (("/target", brand.target), ("/photos/target", brand.photos.target)):
        if target not in known.targets and (target or pointer_ == "/target"):
            mend = f"{_use_one(known.targets)}; or add it to TIPIN_TARGETS, or leave out the brand"
            yield Violation(pointer_, f"the settings have no {target!r}", mend)
    for sku, product in brand.photos.products.items():
        if product not in known.products:
            where = pointer(("photos", "products", sku))
            yield Violation(where, f"there is no product {product!r}", _use_one(known.products))


def _silent(brand: Brand, card: CardTemplate) -> Iterator[Violation]:
    """Languages in which the template has nothing to say, or nothing that every order can have."""
    if silent := [language for language in brand.languages if not card.speaks(language)]:
        yield Violation(
            "/languages",
            f"the template {card.name!r} has no words in {', '.join(silent)}",
            f"add {card.folder / 'messages'}/{silent[0]}.toml, or take the language from the brand",
        )
    for language in brand.languages:
        if language not in silent and not _has_generic(brand, card, language):
            mend = f"write one in {card.folder / 'messages'} that requires nothing but the brand's story"
            if card.takes_any_language:
                mend = "take a template with words of its own; records that bring theirs go by tipin render"
            yield Violation(
                "/template", f"{card.name!r} has no generic words in {language!r} for every order", mend
            )


def _has_generic(brand: Brand, card: CardTemplate, language: str) -> bool:
    """Every order can fall back to the generic card, so it takes nothing but the brand's own words."""
    story = brand.story.get(language, {})
    given = {"brand", "signer"} | ({"story"} if story.keys() & {GENERIC, "*"} else set())
    generic = (v for v in card.speaking(language) if v.occasion == GENERIC and not v.stages)
    return any(v.requires <= given for v in generic)


def _stories(brand: Brand, occasions: Collection[str]) -> Iterator[Violation]:
    known = {*occasions, GENERIC, "*"}
    for language, details in brand.story.items():
        for code in sorted(details.keys() - known):
            yield Violation(
                pointer(("story", language, code)), f"there is no occasion {code}", _use_one(occasions)
            )


def _use_one(names: Collection[str]) -> str:
    return f"use one of {', '.join(sorted(names))}" if names else "there are none yet"
