"""Composes a card: template, brand and words become a `Card` that needs no more look-ups. Pure."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from app.domain.bench_code import bench_code
from app.domain.brand import Brand
from app.domain.card import Card, Wording
from app.domain.decision import Decision
from app.domain.ids import order_id
from app.domain.language import direction
from app.domain.occasion import SlotValue
from app.domain.order import Order
from app.domain.pattern import fill
from app.domain.template import CardTemplate, Role, Variant
from app.errors import WordingUnusable
from app.selection.wording import chain, slots_of
from app.services.word_codes import CodeWords

_SEED_BYTES = 6
"""48 bits: exact as a JSON number everywhere."""


def compose(
    order: Order,
    decision: Decision,
    brand: Brand,
    template: CardTemplate,
    *,
    job_id: str,
    generation: int,
    secret: bytes,
    signature_sha: str | None,
    made_at: datetime,
) -> Card:
    """The card that selection decided on, the same for the same arguments.

    Args:
        order: the order; its names are cleaned here.
        decision: one that chose a card.
        brand: the order's brand.
        template: the decision's template.
        job_id: the job that carries the insert.
        generation: 0 for the first print, 1 for the first reprint.
        secret: the plant's own key; the handwriting's seed and the bench code's check come from it.
        signature_sha: the signature picture in the artifact store, or None.
        made_at: the moment of first making, aware; it is written into the file.

    Raises:
        WordingUnusable: the decision chose no card, its wording is gone, or a slot that it needs is missing.
    """
    if decision.match is None or decision.variant is None or decision.language is None:
        raise WordingUnusable("no card was chosen for this order", mend="compose only what selection chose")
    composer = Composer(template, brand, secret=secret, signature_sha=signature_sha, said=decision.said)
    return composer.card(
        _own(decision) or _chosen(template, decision.variant, decision.language),
        slots_of(order, decision.match, brand, decision.language),
        link=brand.link.replace("{order}", order_id(order.brand, order.source_order_id)),
        job_id=job_id,
        generation=generation,
        made_at=made_at,
    )


class Composer:
    """Composes the cards of one template in one brand's name. What they share is looked up once."""

    def __init__(
        self,
        template: CardTemplate,
        brand: Brand,
        *,
        secret: bytes,
        signature_sha: str | None,
        said: Collection[str] = (),
    ) -> None:
        """Nothing is looked up yet; the arguments are as in `compose`. None of `said` stands in."""
        self._said = frozenset(said)
        self._template = template
        self._brand = brand
        self._secret = secret
        self._signature_sha = signature_sha
        self._chains: dict[tuple[str, str], tuple[Variant, ...]] = {}
        self._texts: dict[str, dict[Role, str]] = {}
        self._codes = CodeWords(template)

    def card(
        self,
        variant: Variant,
        slots: Mapping[str, SlotValue],
        *,
        link: str,
        job_id: str,
        generation: int,
        made_at: datetime,
        seed: int | None = None,
        may_leave_name: bool = True,
    ) -> Card:
        """The card of one wording and its slots, from an order, a sample or a record.

        Args:
            variant: the wording to try first.
            slots: what it is filled with.
            link: what the QR says.
            job_id: 13 characters; the bench code and the handwriting follow from it.
            generation: 0 for the first print.
            made_at: the moment of first making, aware.
            seed: of the handwriting; None for the job's own.
            may_leave_name: whether the same words may greet nobody by name, should the name not fit.

        Raises:
            WordingUnusable: a slot that the wording needs is missing, or the brand has given up the language.
        """
        brand, language = self._brand, variant.language
        card_id = f"{job_id}-{generation}"
        bench = bench_code(self._secret, brand.key, job_id, generation)
        codes = self._codes.say(slots, link=link, bench_code=bench)
        return Card(
            id=card_id,
            template=self._template.name,
            occasion=variant.occasion,
            language=language,
            direction=direction(language),
            wordings=_wordings(self._chain(variant), slots, may_leave_name=may_leave_name),
            texts={**self._texts_in(language), Role.JOB_CODE: card_id, **codes},
            palette=brand.palette,
            hand=brand.signer.typeface,
            signature=self._signature_sha,
            signature_width=brand.signer.signature_width,
            qr=link,
            bench_code=bench,
            seed=_seed(self._secret, job_id) if seed is None else seed,
            made_at=made_at,
            profile=self._template.profile,
        )

    def _chain(self, variant: Variant) -> tuple[Variant, ...]:
        key = variant.id, variant.language
        known = self._chains.get(key)
        if known is None:
            shorter = [one for one in chain(self._template, variant) if one.id not in self._said]
            known = self._chains[key] = tuple(shorter)
        return known

    def _texts_in(self, language: str) -> dict[Role, str]:
        known = self._texts.get(language)
        if known is None:
            if language not in self._brand.languages and not self._template.takes_any_language:
                raise WordingUnusable(
                    f"{self._brand.name} does not speak {language!r} any more",
                    mend="add it to the brand’s languages, or let the generic card stand in",
                )
            known = self._texts[language] = _texts(self._brand, self._template, language)
        return known


def _own(decision: Decision) -> Variant | None:
    """The wording of a brand's own rule, which the decision holds itself."""
    words = decision.own_words
    if words is None:
        return None
    return Variant(
        id=decision.variant or "",
        occasion=words.art,
        language=decision.language or "",
        headline=words.headline,
        greeting=words.greeting,
        greeting_unnamed=words.greeting_unnamed,
        message=words.message,
    )


def _chosen(template: CardTemplate, variant_id: str, language: str) -> Variant:
    try:
        return template.variant(variant_id, language)
    except KeyError as problem:
        raise WordingUnusable(
            f"the template {template.name!r} has no wording {variant_id!r} in {language!r} any more",
            mend="put it back, or let the generic card stand in",
        ) from problem


def _wordings(
    variants: Sequence[Variant], slots: Mapping[str, SlotValue], *, may_leave_name: bool
) -> tuple[Wording, ...]:
    """All that may be tried, in order; last the same words to nobody by name, should the name not fit."""
    said = [_wording(variant, slots) for variant in variants]
    if may_leave_name and "given_name" in slots:
        unnamed = {name: value for name, value in slots.items() if name != "given_name"}
        said += [_wording(variant, unnamed) for variant in variants if "given_name" not in variant.requires]
    return tuple(said)


def _wording(variant: Variant, slots: Mapping[str, SlotValue]) -> Wording:
    greeting = variant.greeting if "given_name" in slots else variant.greeting_unnamed
    return Wording(
        variant=variant.id,
        headline=fill(variant.headline, variant.language, slots),
        greeting=fill(greeting, variant.language, slots),
        message=fill(variant.message, variant.language, slots),
    )


def _texts(brand: Brand, template: CardTemplate, language: str) -> dict[Role, str]:
    """What every card of a language says besides its wording."""
    name = brand.signer.name_for(language)
    texts = {Role.SIGNATURE: name, Role.FACTS: brand.imprint_for(language)}
    if signer := template.label("signer", language):
        role = brand.signer.role.get(language, "")
        texts[Role.SIGNER] = fill(signer, language, {"name": name, "role": role})
    if qr_label := template.label("qr_label", language):
        texts[Role.QR_LABEL] = fill(qr_label, language, {})
    return texts


def _seed(secret: bytes, job_id: str) -> int:
    """The same for every generation: a reprinted card is written by the same hand, in the same way."""
    mac = hmac.digest(secret, b"handwriting\0" + job_id.encode(), "sha256")
    return int.from_bytes(mac[:_SEED_BYTES], "big")
