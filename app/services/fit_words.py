"""Tries a rule's own words on its card, as short and as long as orders make them, before it is published.

A draft may say too much; what is in force must be printed as it was chosen.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from app.domain.brand import Brand
from app.domain.ids import job_id, order_id
from app.domain.occasion import SlotValue
from app.domain.rule import Rule
from app.domain.template import GENERIC, CardTemplate, Variant
from app.errors import RenderError, RuleUnusable, TextDoesNotFit, Violation
from app.services.compose_card import Composer
from app.services.draw_card import CardRenderer

_SECRET = b"words are tried on no customer's card"
_MADE_AT = datetime(2026, 1, 2, 12, tzinfo=UTC)
_NAME = "given_name"
_UNSAMPLED: Mapping[str, tuple[SlotValue, SlotValue]] = {"number": (1, 99_999), "text": ("i", "M" * 12)}
"""By the slot's type: for slots that no sample of the template fills."""


@dataclass(frozen=True, slots=True)
class _Trial:
    """One way to fill a wording, and how it `says` so; a name that does not fit is left out where it may."""

    says: str
    slots: Mapping[str, SlotValue]
    may_leave_name: bool = False


class FitWords:
    """Sets every wording that a rule has of its own, in the language that it is written in."""

    def __init__(self, *, templates: Mapping[str, CardTemplate], renderer: CardRenderer) -> None:
        """`templates` are the cards by name."""
        self._templates = templates
        self._renderer = renderer

    def __call__(self, brand: Brand, rule: Rule) -> None:
        """Nothing where all fit. Takes a few hundredths of a second for each wording.

        Raises:
            RuleUnusable: with the language, frame and filling of each wording that does not fit.
        """
        found = tuple(self._misfits(brand, rule))
        if found:
            raise RuleUnusable(f"{found[0].pointer}: {found[0].detail}", mend=found[0].mend, violations=found)

    def _misfits(self, brand: Brand, rule: Rule) -> Iterator[Violation]:
        template, signer = self._templates[brand.template], brand.signer
        signature = signer.signature.read_bytes() if signer.signature else None
        sha256 = hashlib.sha256(signature).hexdigest() if signature else None
        composer = Composer(template, brand, secret=_SECRET, signature_sha=sha256)
        written: Counter[str] = Counter()
        for variant in rule.words.own:
            pointer = f"/words/own/{variant.language}/{written[variant.language]}"
            written[variant.language] += 1
            # Its picture is that of the occasion which the rule names, as on the card itself.
            said = replace(variant, occasion=rule.words.occasion)
            for trial in _trials(template, brand, said):
                if misfit := self._misfit(composer, template, brand, said, trial, signature):
                    yield _violation(pointer, variant.language, misfit, trial)
                    break

    def _misfit(  # noqa: PLR0917 -- the parts of one card, each named as what it is
        self,
        composer: Composer,
        template: CardTemplate,
        brand: Brand,
        variant: Variant,
        trial: _Trial,
        signature: bytes | None,
    ) -> RenderError | None:
        card = composer.card(
            variant,
            trial.slots,
            link=brand.link.replace("{order}", order_id(brand.code, variant.id)),
            job_id=job_id(brand.code, variant.id, "1"),
            generation=0,
            made_at=_MADE_AT,
            may_leave_name=trial.may_leave_name,
        )
        # No shorter wording may stand in: these words are the ones that are tried.
        own = tuple(wording for wording in card.wordings if wording.variant == variant.id)
        try:
            self._renderer.render(template, replace(card, wordings=own), signature)
        except RenderError as error:
            return error
        return None


def _violation(pointer: str, language: str, misfit: RenderError, trial: _Trial) -> Violation:
    """The fault in the owner's words; a designer's mend, such as a larger frame, would not help them."""
    place = "" if not misfit.frame or misfit.frame in misfit.detail else f"{misfit.frame}: "
    mend = "shorten the words" if isinstance(misfit, TextDoesNotFit) else misfit.mend or "write it otherwise"
    return Violation(pointer, f"in {language}, {place}{misfit.detail} ({trial.says})", mend)


def _trials(template: CardTemplate, brand: Brand, variant: Variant) -> Iterator[_Trial]:
    """The wording with all that is short, with all that is long, and with all that is long but no name."""
    names = (variant.requires | {_NAME}) & template.slot_types.keys()
    spans = {name: _span(template, brand, variant, name) for name in names}
    short, long = ({name: span[end] for name, span in spans.items()} for end in (0, 1))
    own: dict[str, SlotValue] = {"brand": brand.name, "signer": brand.signer.name_for(variant.language)}
    yield _Trial("with the shortest names and figures", short | own)
    needed = _NAME in variant.requires
    yield _Trial("with the longest names and figures", long | own, may_leave_name=not needed)
    if not needed:
        nobody = {name: value for name, value in long.items() if name != _NAME}
        yield _Trial("with the longest figures, greeting nobody by name", nobody | own)


def _span(template: CardTemplate, brand: Brand, variant: Variant, name: str) -> tuple[SlotValue, SlotValue]:
    """The shortest and the longest that a slot holds: the brand's own, or the template's samples'."""
    language = variant.language
    own = {"category": brand.category_names, "story": brand.story}.get(name, {}).get(language, {})
    if name == "story":
        told = own.get(variant.occasion) or own.get("*") or own.get(GENERIC)
        return (told, told) if told else _UNSAMPLED["text"]
    sampled = {
        sample.slots[name]
        for sample in template.samples
        if sample.language == language and name in sample.slots
    }
    values = sorted(
        own.values() or sampled or _UNSAMPLED[template.slot_types[name]], key=lambda v: len(str(v))
    )
    return values[0], values[-1]
