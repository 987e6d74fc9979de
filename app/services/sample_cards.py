"""A template's sample records as cards, so that its makers can look at every one before it is used."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from app.domain.brand import Brand
from app.domain.card import Card
from app.domain.ids import job_id, order_id
from app.domain.template import CardTemplate, Sample, Variant
from app.errors import SetupError, WordingUnusable
from app.registry.toml_file import TomlFile
from app.services.compose_card import Composer

_SECRET = b"sample cards hold no customer's data"
_MADE_AT = datetime(2026, 1, 2, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleCard:
    """One wording of one sample record in one brand's name. `name` is a file name without ending."""

    name: str
    record: str
    """The sample record's own name."""
    brand: str
    """The brand's name, as people write it."""
    card: Card
    signature: bytes | None
    paired: bool = False
    """Whether it is the template's paired card, which shows its customer's photo."""


def sample_cards(template: CardTemplate, brand: Brand) -> Iterator[SampleCard]:
    """Every sample record in every wording that it can fill, in the languages that it may speak."""
    signer = brand.signer
    picture = signer.signature.read_bytes() if signer.signature else None
    sha256 = hashlib.sha256(picture).hexdigest() if picture else None
    composer = Composer(template, brand, secret=_SECRET, signature_sha=sha256)
    for sample in template.samples:
        if sample.language not in brand.languages and not template.takes_any_language:
            continue
        for variant in _speaking(template, sample):
            name = f"{template.name}-{brand.code}-{sample.name}-{variant.id}"
            try:
                card = composer.card(
                    variant,
                    {**sample.slots, "brand": brand.name, "signer": signer.name_for(sample.language)},
                    link=brand.link.replace("{order}", order_id(brand.code, name)),
                    job_id=job_id(brand.code, name, "1"),
                    generation=0,
                    made_at=_MADE_AT,
                )
            except WordingUnusable:
                continue
            yield SampleCard(name=name, record=sample.name, brand=brand.name, card=card, signature=picture)


def with_paired(template: CardTemplate, samples: Iterable[SampleCard]) -> Iterator[SampleCard]:
    """The samples of one brand, and with a photo those that bring new words to the paired card's photo side.

    The other sides are the plain card's; of many samples with the same headline one is enough.
    """
    said: set[tuple[str, ...]] = set()
    for sample in samples:
        yield sample
        shown = photo_side_words(template, sample.card)
        if template.paired is not None and shown not in said:
            said.add(shown)
            yield replace(sample, name=f"{sample.name}-photo", paired=True)


def photo_side_words(template: CardTemplate, card: Card) -> tuple[str, ...]:
    """What of a card's chosen wording stands beside its customer's photo, after the language."""
    sides = template.paired.sides if template.paired else ()
    roles = {frame.role.value for side in sides if side.photo is not None for frame in side.frames}
    return (card.language, *(getattr(card.wordings[0], role, "") for role in sorted(roles)))


def _speaking(template: CardTemplate, sample: Sample) -> list[Variant]:
    """The wordings of the sample's occasion and language that it has the slots for."""
    return [
        variant
        for variant in template.speaking(sample.language)
        if variant.occasion == sample.occasion
        and all(sample.slots.get(slot, "") != "" for slot in variant.requires)
    ]


def unseen_samples(template: CardTemplate, seen: Collection[str]) -> Iterator[SetupError]:
    """Why sample records of a template make no card in any brand's name; `seen` names those that do."""
    path = template.folder / "samples.toml"
    for number, sample in enumerate(template.samples):
        if sample.name in seen:
            continue
        file = TomlFile(path)
        silent = not _speaking(template, sample)
        says = "no wording can be filled by it" if silent else f"no brand speaks {sample.language}"
        mend = "add slots or a wording" if silent else "add the language to a brand that uses the template"
        file.fault(("samples", number), f"the sample {sample.name!r} makes no card: {says}", mend)
        try:
            file.check()
        except SetupError as fault:
            yield fault
