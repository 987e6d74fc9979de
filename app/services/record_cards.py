"""Records of a variable-data run as cards: checked field by field, then composed as an order's cards are.

A record names itself (`id`), its `language` and the link of its QR (`url`), and fills the template's slots.
It may say its `occasion`, its `variant` (a wording), its `brand` and the `seed` of its handwriting.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.brand import Brand
from app.domain.card import Card
from app.domain.ids import job_id
from app.domain.occasion import SlotValue
from app.domain.template import GENERIC, CardTemplate, Role, Variant
from app.errors import RecordUnusable, WordingUnusable
from app.selection.wording import Fitting, fitting_wordings
from app.services.compose_card import Composer

OWN_FIELDS = ("id", "language", "url", "occasion", "variant", "brand", "seed")
_SLOTS = "slots"
_ITEM = "record"
"""Stands for the item in the job id, so that no record has the id of an order's job."""
_LONGEST_ID = 100
_LONGEST_TEXT = 2_000
_LARGEST_SEED = 1 << 48
_ANY = "*"
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Record:
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
        self._variants: dict[str, dict[str, Variant]] = {}
        self._has_qr = any(frame.role is Role.QR for side in template.sides for frame in side.frames)
        self._composers = {
            code: Composer(template, known, secret=secret, signature_sha=signatures.get(code))
            for code, known in brands.items()
        }
        self._fitting: dict[tuple[str, str, frozenset[str]], Fitting] = {}

    def record(self, fields: Mapping[str, Any], *, all_text: bool) -> Record:
        """Check one record.

        Args:
            fields: as the file has them.
            all_text: whether numbers are written as text, since CSV has nothing else.

        Raises:
            RecordUnusable: a field is missing, unknown, or not what it should be.
        """
        slots = self._slots(fields, all_text=all_text)
        language = _text(fields, "language")
        if not self._template.speaks(language) or not _LANGUAGE.fullmatch(language):
            raise _unknown("language", language, self._template.languages)
        brand = self._brand_of(_optional(fields, "brand"), slots.get("brand"), language)
        variant = _optional(fields, "variant")
        occasion = self._occasion(_optional(fields, "occasion"), variant, language)
        return Record(
            id=_identity(fields.get("id")),
            language=language,
            url=_link(fields.get("url"), needed=self._has_qr),
            brand=brand,
            occasion=occasion,
            variant=variant,
            seed=_seed(fields.get("seed"), all_text=all_text),
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
        own = {"brand": brand.name, "signer": brand.signer.name_for(record.language)}
        details = brand.story.get(record.language, {})
        if story := details.get(record.occasion) or details.get(_ANY):
            own["story"] = story
        slots = {**own, **record.slots}
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

    def _variant(self, record: Record, slots: Mapping[str, SlotValue], job: str) -> Variant:
        if record.variant is not None:
            variant = self._speaking(record.language)[record.variant]
            if missing := sorted(variant.requires - slots.keys()):
                raise _missing(missing, f"the wording {variant.id!r}")
            return variant
        key = record.occasion, record.language, frozenset(slots)
        fitting = self._fitting.get(key)
        if fitting is None:
            occasion, language, filled = key
            fitting = self._fitting[key] = fitting_wordings(
                self._template, occasion=occasion, filled=filled, stage=None, language=language
            )
        # A short wording stands in where words do not fit; it must not hide that a slot was forgotten.
        chosen = Fitting(fitting.own, ()).pick(hmac.digest(self._secret, job.encode(), "sha256"))
        if chosen is None:
            raise self._forgotten(record, slots)
        return chosen

    def _forgotten(self, record: Record, slots: Mapping[str, SlotValue]) -> WordingUnusable:
        every = frozenset(self._template.slot_types)
        fitting = fitting_wordings(
            self._template, occasion=record.occasion, filled=every, stage=None, language=record.language
        )
        wanting = (sorted(variant.requires - slots.keys()) for variant in fitting.own)
        return _missing(min(wanting, key=len), f"every wording for {record.occasion!r}")

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
            name: _value(name, value, types[name], all_text=all_text)
            for name, value in given.items()
            if value not in ("", None)
        }

    def _brand_of(self, said: str | None, name: SlotValue | None, language: str) -> Brand:
        wanted = said if said is not None else self._brand
        if wanted is not None:
            brand = self._brands.get(wanted) or self._by_name.get(wanted)
            if brand is None:
                raise _unknown("brand", wanted, self._brands)
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

    def _occasion(self, said: str | None, variant: str | None, language: str) -> str:
        speaking = self._speaking(language)
        if variant is not None:
            known = speaking.get(variant)
            if known is None:
                raise _unknown(f"wording in {language!r}", variant, speaking)
            if said not in (None, known.occasion):
                raise RecordUnusable(
                    f"the wording {variant!r} is for {known.occasion!r}, not {said!r}",
                    mend="leave out occasion or variant",
                )
            return known.occasion
        occasion = GENERIC if said is None else said
        occasions = {wording.occasion for wording in speaking.values()}
        if occasion not in occasions:
            raise _unknown(f"occasion in {language!r}", occasion, occasions)
        return occasion

    def _speaking(self, language: str) -> dict[str, Variant]:
        """The wordings of a language by id."""
        known = self._variants.get(language)
        if known is None:
            speaking = self._template.speaking(language)
            known = self._variants[language] = {variant.id: variant for variant in speaking}
        return known


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = _optional(fields, name)
    if value is None:
        raise RecordUnusable(f"{name} is missing", mend="add it")
    return value


def _optional(fields: Mapping[str, Any], name: str) -> str | None:
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        raise RecordUnusable(f"{name} must be text, not {_kind(value)}", mend="put it in quotes")
    return value or None


def _identity(value: Any) -> str:
    if value in ("", None):
        raise RecordUnusable("id is missing", mend="name each record by an id of its own")
    said = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(said, str) or not said.isprintable() or len(said) > _LONGEST_ID:
        raise RecordUnusable(
            f"id is not a text of up to {_LONGEST_ID} printable characters",
            mend="use a short key, such as A-4711",
        )
    return said


def _link(value: Any, *, needed: bool) -> str:
    if value in ("", None):
        if needed:
            raise RecordUnusable(
                "url is missing", mend="add the link that the QR code leads to", frame="the QR code"
            )
        return ""
    if not isinstance(value, str) or not value.startswith(("https://", "http://")):
        raise RecordUnusable("url is no link", mend="write https://…", frame="the QR code")
    return value


def _seed(value: Any, *, all_text: bool) -> int | None:
    if value in ("", None):
        return None
    number = _whole(value, all_text=all_text)
    if number is None or not 0 <= number < _LARGEST_SEED:
        raise RecordUnusable(
            "seed is no whole number from 0 up to 2^48", mend="leave it out, or write such as 7"
        )
    return number


def _value(name: str, value: Any, kind: str, *, all_text: bool) -> SlotValue:
    if kind == "number":
        number = _whole(value, all_text=all_text)
        if number is None:
            raise RecordUnusable(
                f"{name} must be a whole number, not {_kind(value)}", mend="write such as 23"
            )
        return number
    if not isinstance(value, str):
        raise RecordUnusable(f"{name} must be text, not {_kind(value)}", mend="put it in quotes")
    if len(value) > _LONGEST_TEXT:
        # A shorter wording would fit, and leave out in silence what this record was made to say.
        detail = f"{name} has {len(value):,} characters; no card has room for {_LONGEST_TEXT:,}"
        raise RecordUnusable(detail, mend="shorten it")
    return value


def _whole(value: Any, *, all_text: bool) -> int | None:
    if all_text and isinstance(value, str) and value.removeprefix("-").isdecimal() and value.isascii():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _kind(value: Any) -> str:
    names = {bool: "true or false", int: "a number", float: "a fraction", list: "a list", dict: "an object"}
    return names.get(type(value), f"{value!r:.40}")


def _missing(slots: list[str], where: str) -> WordingUnusable:
    return WordingUnusable(
        f"{', '.join(slots)} is missing, which {where} needs",
        mend="add it, or choose another occasion or variant",
    )


def _unknown(what: str, said: str, known: Iterable[str]) -> RecordUnusable:
    return RecordUnusable(f"there is no {what} {said!r:.60}", mend=f"use one of: {', '.join(sorted(known))}")
