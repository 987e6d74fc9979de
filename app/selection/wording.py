"""Which wording a card says: one that this order can fill and this customer has not had."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from app.domain.brand import Brand
from app.domain.decision import Decision
from app.domain.facts import Facts
from app.domain.name import greetable
from app.domain.occasion import Match, SlotValue
from app.domain.order import Order
from app.domain.template import GENERIC, CardTemplate, Stage, Variant
from app.errors import SetupError

_FIRST_REGULAR = 5
"""Prior orders from which a customer is a regular."""
_ANY = "*"


def stage_of(facts: Facts) -> Stage | None:
    """How well the brand knows the customer; None for a guest, of whom nothing is known."""
    if not facts.known_customer:
        return None
    if facts.n_prior == 0:
        return Stage.NEW
    return Stage.REGULAR if facts.n_prior >= _FIRST_REGULAR else Stage.RETURNING


def spoken_occasion(order: Order, occasion: str) -> str:
    """What the words are about: a gift's card speaks to the recipient, not of the buyer's history."""
    return GENERIC if order.gift else occasion


def slots_of(order: Order, match: Match, brand: Brand, language: str) -> dict[str, SlotValue]:
    """What a wording may be filled with; what is not known is left out.

    A gift's slots hold the recipient's name and nothing of the buyer's. A match of the generic occasion holds
    nothing from the order at all: the generic card stands in where the order's own words cannot be printed.
    """
    occasion = spoken_occasion(order, match.occasion)
    slots: dict[str, SlotValue] = {"brand": brand.name, "signer": brand.signer.name_for(language)}
    details = brand.story.get(language, {})
    if story := details.get(occasion) or details.get(_ANY):
        slots["story"] = story
    if match.occasion == GENERIC:
        return slots
    if order.gift:
        return _with_name(slots, order.gift.recipient_name)
    slots.update(match.slots)
    if category := slots.pop("category", None):
        name = brand.category_names.get(language, {}).get(str(category))
        slots |= {"category": name} if name else {}
    slots["order_no"] = order.number or order.source_order_id
    return _with_name(slots, order.customer.given_name)


def choose_variant(
    template: CardTemplate,
    *,
    occasion: str,
    slots: Mapping[str, SlotValue],
    stage: Stage | None,
    language: str,
    used: Collection[str],
    seed: bytes,
) -> Variant | None:
    """The wording for one card, or None where all that fit were used.

    Always the same for the same arguments, and spread evenly over customers by `seed`. A new wording changes
    the choice only for those who get it. The shorter wordings that others fall back to are chosen last.

    Args:
        template: the family.
        occasion: as `spoken_occasion` says.
        slots: as `slots_of` says; a wording that requires another is not eligible.
        stage: as `stage_of` says; None admits only wordings for every stage.
        language: one of the template's.
        used: ids of wordings that this customer has had; what was printed may be a shorter one behind them.
        seed: secret bytes of this customer and occasion.
    """
    had = {shorter.id for variant in used for shorter in _known_chain(template, variant, language)}
    filled = frozenset(name for name, value in slots.items() if value != "")
    fitting = fitting_wordings(template, occasion=occasion, filled=filled, stage=stage, language=language)
    return fitting.pick(seed, had.union(used))


@dataclass(frozen=True, slots=True)
class Fitting:
    """Wordings that can be filled: those to choose from, and those that others fall back to."""

    own: tuple[Variant, ...]
    fallbacks: tuple[Variant, ...]

    def pick(self, seed: bytes, had: Collection[str] = ()) -> Variant | None:
        """One that was not had, drawn by `seed`, or None; a fallback only where nothing else is left."""

        def place(variant: Variant) -> bytes:
            return hmac.digest(seed, variant.id.encode(), "sha256")

        for group in (self.own, self.fallbacks):
            if left := [variant for variant in group if variant.id not in had]:
                return min(left, key=place)
        return None


def fitting_wordings(
    template: CardTemplate, *, occasion: str, filled: frozenset[str], stage: Stage | None, language: str
) -> Fitting:
    """The wordings for an occasion, a stage and a language that need no more slots than those filled."""
    speaking = template.speaking(language)
    fallbacks = {variant.shorter for variant in speaking}
    fitting = [
        variant
        for variant in speaking
        if variant.occasion == occasion
        and variant.requires <= filled
        and (not variant.stages or stage in variant.stages)
    ]
    return Fitting(
        own=tuple(variant for variant in fitting if variant.id not in fallbacks),
        fallbacks=tuple(variant for variant in fitting if variant.id in fallbacks),
    )


def chain(template: CardTemplate, variant: Variant) -> Iterator[Variant]:
    """The wording, then the shorter ones to try where it does not fit."""
    following: Variant | None = variant
    while following is not None:
        yield following
        shorter = following.shorter
        following = template.variant(shorter, following.language) if shorter else None


def generic_decision(
    decision: Decision, template: CardTemplate, brand: Brand, order: Order, *, seed: bytes, why: str
) -> Decision:
    """The same decision let down to the brand's generic card, which takes nothing from the order.

    Args:
        decision: one that chose a card.
        template: its template.
        brand: the order's brand.
        order: the order.
        seed: secret bytes of this order.
        why: what kept the chosen card from paper, for people.

    Raises:
        SetupError: the template has no generic wording that every order can have.
    """
    match = Match(occasion=GENERIC, reason=why)
    language = brand.language_for(decision.language)
    variant = choose_variant(
        template,
        occasion=GENERIC,
        slots=slots_of(order, match, brand, language),
        stage=None,
        language=language,
        used=(),
        seed=seed,
    )
    if variant is None:
        raise SetupError(
            f"the template {template.name!r} has no generic wording in {language!r} for every order",
            mend="write one that requires no slot and names no stage",
        )
    return replace(decision, match=match, variant=variant.id, language=language, reason=why)


def _with_name(slots: dict[str, SlotValue], name: str) -> dict[str, SlotValue]:
    greeted = greetable(name)
    return {**slots, "given_name": greeted} if greeted else slots


def _known_chain(template: CardTemplate, variant_id: str, language: str) -> Iterator[Variant]:
    """The chain behind an id from the past, which the template may have lost, or have in another language."""
    for variant in template.speaking(language):
        if variant.id == variant_id:
            yield from chain(template, variant)
