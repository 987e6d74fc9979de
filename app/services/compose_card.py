"""Composes a card: template, brand and words become a `Card` that needs no more look-ups. Pure."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime

from app.domain.brand import Brand
from app.domain.card import Card, Wording
from app.domain.decision import Decision
from app.domain.ids import bench_code, order_id
from app.domain.language import direction
from app.domain.occasion import SlotValue
from app.domain.order import Order
from app.domain.pattern import fill
from app.domain.template import CardTemplate, Role, Variant
from app.errors import WordingUnusable
from app.selection.wording import chain, slots_of

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
    return fill_card(
        template,
        brand,
        _chosen(template, decision.variant, decision.language),
        slots_of(order, decision.match, brand, decision.language),
        order_id=order_id(order.brand, order.source_order_id),
        job_id=job_id,
        generation=generation,
        secret=secret,
        signature_sha=signature_sha,
        made_at=made_at,
    )


def fill_card(
    template: CardTemplate,
    brand: Brand,
    variant: Variant,
    slots: Mapping[str, SlotValue],
    *,
    order_id: str,
    job_id: str,
    generation: int,
    secret: bytes,
    signature_sha: str | None,
    made_at: datetime,
) -> Card:
    """The card of one wording and its slots, from an order or from a sample record; see `compose`.

    Raises:
        WordingUnusable: a slot that the wording needs is missing, or the brand has given up the language.
    """
    language = variant.language
    if language not in brand.languages and not template.takes_any_language:
        raise WordingUnusable(
            f"{brand.name} does not speak {language!r} any more",
            mend="add it to the brand’s languages, or let the generic card stand in",
        )
    card_id = f"{job_id}-{generation}"
    return Card(
        id=card_id,
        template=template.name,
        occasion=variant.occasion,
        language=language,
        direction=direction(language),
        wordings=_wordings(list(chain(template, variant)), slots),
        texts=_texts(brand, template, language, card_id),
        palette=brand.palette,
        hand=brand.signer.typeface,
        signature=signature_sha,
        signature_width=brand.signer.signature_width,
        qr=brand.link.replace("{order}", order_id),
        bench_code=bench_code(secret, brand.key, job_id, generation),
        seed=_seed(secret, job_id),
        made_at=made_at,
        profile=template.profile,
    )


def _chosen(template: CardTemplate, variant_id: str, language: str) -> Variant:
    try:
        return template.variant(variant_id, language)
    except KeyError as problem:
        raise WordingUnusable(
            f"the template {template.name!r} has no wording {variant_id!r} in {language!r} any more",
            mend="put it back, or let the generic card stand in",
        ) from problem


def _wordings(variants: Sequence[Variant], slots: Mapping[str, SlotValue]) -> tuple[Wording, ...]:
    """All that may be tried, in order; last the same words to nobody by name, should the name not fit."""
    said = [_wording(variant, slots) for variant in variants]
    if "given_name" in slots:
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


def _texts(brand: Brand, template: CardTemplate, language: str, card_id: str) -> dict[Role, str]:
    name = brand.signer.name_for(language)
    texts = {
        Role.SIGNATURE: name,
        Role.FACTS: brand.imprint_for(language),
        Role.JOB_CODE: card_id,
    }
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
