"""Records of a variable-data run as cards: checked field by field, then composed as an order's cards are.

A record names itself (`id`), its `language` and the link of its QR (`url`), and fills the template's slots.
It may say its `occasion`, its `variant` (a wording), its `brand` and the `seed` of its handwriting.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from app.domain.brand import Brand
from app.domain.card import Card
from app.domain.ids import job_id
from app.domain.occasion import SlotValue
from app.domain.template import GENERIC, CardTemplate, Role, Variant
from app.errors import RecordUnusable, WordingUnusable
from app.selection.wording import fitting_wordings
from app.services.compose_card import Composer
from app.services.record_fields import (
    identity_of,
    link_of,
    missing_slots,
    optional_text,
    seed_of,
    slot_value,
    text_of,
    unknown_name,
)

OWN_FIELDS = ("id", "language", "url", "occasion", "variant", "brand", "seed")
_SLOTS = "slots"
_OF_KIND = ("language", "occasion", "variant", "brand")
_ITEM = "record"
"""Stands for the item in the job id, so that no record has the id of an order's job."""
_ANY = "*"
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class _Words(NamedTuple):
    """What can be said in a language: its wordings by id, and their occasions."""

    variants: dict[str, Variant]
    occasions: set[str]


class Record(NamedTuple):
    """One checked record. What it leaves open is None."""

    id: str
    language: str
    url: str
    brand: Brand
    occasion: str
    variant: str | None
    seed: int | None
    slots: Mapping[str, SlotValue]


class RecordCards:
    """Makes cards of records, for one template.

    A brand that a record does not name is told by its slot `brand` (the brand's name), or is the only one
    that has this template and language.
    """

    def __init__(
        self,
        template: CardTemplate,
        brands: Mapping[str, Brand],
        *,
        brand: str | None,
        secret: bytes,
        signatures: Mapping[str, str | None],
        made_at: datetime,
    ) -> None:
        """Take what the cards are made with.

        Args:
            template: of all cards.
            brands: in force, by code.
            brand: the code of the brand where a record says none, or None.
            secret: the plant's own key; bench codes, handwriting and the choice of wordings come from it.
            signatures: the sha256 of each brand's signature picture.
            made_at: the date written into the file.
        """
        self._template = template
        self._brands = brands
        self._by_name = {known.name: known for known in brands.values()}
        self._brand = brand
        self._secret = secret
        self._made_at = made_at
        self._words: dict[str, _Words] = {}
        self._has_qr = any(frame.role is Role.QR for side in template.sides for frame in side.frames)
        self._composers = {
            code: Composer(template, known, secret=secret, signature_sha=signatures.get(code))
            for code, known in brands.items()
        }
        self._own: dict[tuple[str, str, str], dict[str, SlotValue]] = {}
        self._fitting: dict[tuple[str, str, frozenset[str]], tuple[Variant, ...]] = {}

    def record(self, fields: Mapping[str, Any], *, all_text: bool) -> Record:
        """Check one record.

        Args:
            fields: as the file has them.
            all_text: whether numbers are written as text, since CSV has nothing else.

        Raises:
            RecordUnusable: a field is missing, unknown, or not what it should be.
        """
        slots = self._slots(fields, all_text=all_text)
        language = text_of(fields, "language")
        words = self._words_in(language)
        brand = self._brand_of(optional_text(fields, "brand"), slots.get("brand"), language)
        variant = optional_text(fields, "variant")
        occasion = _occasion(optional_text(fields, "occasion"), variant, words, language)
        return Record(
            id=identity_of(fields.get("id")),
            language=language,
            url=link_of(fields.get("url"), needed=self._has_qr),
            brand=brand,
            occasion=occasion,
            variant=variant,
            seed=seed_of(fields.get("seed"), all_text=all_text),
            slots=slots,
        )

    def card(self, record: Record) -> Card:
        """The card of a record: what it says is printed as it says it, or not at all.

        Raises:
            WordingUnusable: no wording can be filled with its slots.
            RecordUnusable: the template has no wording for it.
        """
        brand = record.brand
        job = job_id(brand.code, record.id, _ITEM)
        slots = {**self._own_slots(brand, record.language, record.occasion), **record.slots}
        return self._composers[brand.code].card(
            self._variant(record, slots, job),
            slots,
            link=record.url,
            job_id=job,
            generation=0,
            made_at=self._made_at,
            seed=record.seed,
            may_leave_name=False,
        )

    def _own_slots(self, brand: Brand, language: str, occasion: str) -> dict[str, SlotValue]:
        """What a brand says by itself."""
        key = brand.code, language, occasion
        known = self._own.get(key)
        if known is None:
            known = self._own[key] = {"brand": brand.name, "signer": brand.signer.name_for(language)}
            details = brand.story.get(language, {})
            if story := details.get(occasion) or details.get(_ANY):
                known["story"] = story
        return known

    def _variant(self, record: Record, slots: Mapping[str, SlotValue], job: str) -> Variant:
        if record.variant is not None:
            variant = self._words_in(record.language).variants[record.variant]
            if missing := sorted(variant.requires - slots.keys()):
                raise missing_slots(missing, f"the wording {variant.id!r}")
            return variant
        key = record.occasion, record.language, frozenset(slots)
        fitting = self._fitting.get(key)
        if fitting is None:
            occasion, language, filled = key
            # A short wording stands in where words do not fit; it must not hide that a slot was forgotten.
            fitting = self._fitting[key] = fitting_wordings(
                self._template, occasion=occasion, filled=filled, stage=None, language=language
            )
        if not fitting:
            raise self._forgotten(record, slots)
        chance = hmac.digest(self._secret, b"wording\0" + job.encode(), "sha256")
        return fitting[int.from_bytes(chance[:8], "big") % len(fitting)]

    def _forgotten(self, record: Record, slots: Mapping[str, SlotValue]) -> WordingUnusable:
        every = frozenset(self._template.slot_types)
        fitting = fitting_wordings(
            self._template, occasion=record.occasion, filled=every, stage=None, language=record.language
        )
        wanting = (sorted(variant.requires - slots.keys()) for variant in fitting)
        return missing_slots(min(wanting, key=len), f"every wording for {record.occasion!r}")

    def _slots(self, fields: Mapping[str, Any], *, all_text: bool) -> dict[str, SlotValue]:
        nested = fields.get(_SLOTS)
        given = {name: value for name, value in fields.items() if name not in OWN_FIELDS and name != _SLOTS}
        if nested is not None:
            if not isinstance(nested, dict):
                raise RecordUnusable("slots is no object", mend='write "slots": {"given_name": …}')
            if twice := sorted(given.keys() & nested.keys()):
                raise RecordUnusable(
                    f"{twice[0]} is there twice, inside slots and beside it", mend="say it once"
                )
            given |= nested
        types = self._template.slot_types
        if strange := sorted(given.keys() - types.keys()):
            known = ", ".join(sorted(types))
            raise RecordUnusable(
                f"{', '.join(strange)} is no slot of {self._template.name}", mend=f"known are: {known}"
            )
        return {
            name: slot_value(name, value, types[name], all_text=all_text)
            for name, value in given.items()
            if value not in ("", None)
        }

    def _brand_of(self, said: str | None, name: SlotValue | None, language: str) -> Brand:
        wanted = said if said is not None else self._brand
        if wanted is not None:
            brand = self._brands.get(wanted) or self._by_name.get(wanted)
            if brand is None:
                raise unknown_name("brand", wanted, self._brands)
        elif isinstance(name, str) and name in self._by_name:
            brand = self._by_name[name]
        else:
            brand = self._only_brand(language)
        if language not in brand.languages and not self._template.takes_any_language:
            raise RecordUnusable(
                f"{brand.name} does not speak {language!r}", mend=f"it speaks {', '.join(brand.languages)}"
            )
        return brand

    def _only_brand(self, language: str) -> Brand:
        speaking = [
            brand
            for brand in self._brands.values()
            if self._template.takes_any_language
            or (brand.template == self._template.name and language in brand.languages)
        ]
        if len(speaking) != 1:
            codes = ", ".join(sorted(self._brands))
            raise RecordUnusable(
                "the record does not say its brand, and it cannot be told",
                mend=f"add brand, or give --brand: {codes}",
            )
        return speaking[0]

    def _words_in(self, language: str) -> _Words:
        known = self._words.get(language)
        if known is None:
            if not self._template.speaks(language) or not _LANGUAGE.fullmatch(language):
                raise unknown_name("language", language, self._template.languages)
            speaking = self._template.speaking(language)
            known = self._words[language] = _Words(
                {variant.id: variant for variant in speaking}, {variant.occasion for variant in speaking}
            )
        return known


def kind_of(fields: Mapping[str, Any]) -> str:
    """All that a record says of its look and language: sound records of one kind have the same.

    Args:
        fields: as the file has them, sound or not.
    """
    slots = fields.get(_SLOTS)
    brand = slots.get("brand") if isinstance(slots, dict) else None
    return repr((*map(fields.get, _OF_KIND), brand))


def _occasion(said: str | None, variant: str | None, words: _Words, language: str) -> str:
    if variant is None:
        occasion = GENERIC if said is None else said
        if occasion not in words.occasions:
            raise unknown_name(f"occasion in {language!r}", occasion, words.occasions)
        return occasion
    known = words.variants.get(variant)
    if known is None:
        raise unknown_name(f"wording in {language!r}", variant, words.variants)
    if said not in (None, known.occasion):
        raise RecordUnusable(
            f"the wording {variant!r} is for {known.occasion!r}, not {said!r}",
            mend="leave out occasion or variant",
        )
    return known.occasion
