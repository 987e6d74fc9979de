"""Which wording a card says: one that this order can fill and this customer has not had."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.brand import Brand
from app.domain.decision import Decision, Weighed
from app.domain.english import plural
from app.domain.facts import Facts
from app.domain.name import greetable
from app.domain.occasion import Match, SlotValue
from app.domain.order import Order
from app.domain.policy import Intent
from app.domain.template import GENERIC, GIFT, CardTemplate, Stage, Variant
from app.errors import SetupError

_FIRST_REGULAR = 5
"""Prior orders from which a customer is a regular."""
_ANY = "*"
_SAID = "was said to this customer before"


def stage_of(facts: Facts) -> Stage | None:
    """How well the brand knows the customer; None for a guest, of whom nothing is known."""
    if not facts.known_customer:
        return None
    if facts.n_prior == 0:
        return Stage.NEW
    return Stage.REGULAR if facts.n_prior >= _FIRST_REGULAR else Stage.RETURNING


def spoken_occasion(order: Order, occasion: str) -> str:
    """What the words are about: a gift's card speaks to the recipient, not of the buyer's history."""
    return occasion if order.gift is None or occasion == GIFT else GENERIC


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


@dataclass(frozen=True, slots=True)
class Weighing:
    """The wording that was chosen, or None, and every one that was weighed."""

    chosen: Variant | None
    weighed: tuple[Weighed, ...]
    said: frozenset[str] = frozenset()
    """Those that count as said to this customer; no shorter one of them may stand in either."""

    @property
    def all_said(self) -> bool:
        """Whether it is only for having been said that none is left."""
        return self.chosen is None and any(one.says == _SAID for one in self.weighed)


def weigh(
    template: CardTemplate,
    *,
    occasion: str,
    slots: Mapping[str, SlotValue],
    stage: Stage | None,
    language: str,
    used: Collection[str],
    seed: bytes,
    objection: Callable[[Variant], str] = lambda _variant: "",
) -> Weighing:
    """The wording for one card, if there is one, and why not the others.

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
        objection: what the brand has against a wording, or nothing.
    """
    speaking = [variant for variant in template.speaking(language) if variant.occasion == occasion]
    known = (shorter.id for variant in used for shorter in _known_chain(template, variant, language))
    had = {*known, *used}
    filled = frozenset(name for name, value in slots.items() if value != "")
    reasons = {
        v.id: _unfit(v, filled, stage) or objection(v) or (_SAID if v.id in had else "") for v in speaking
    }
    left = [variant for variant in speaking if not reasons[variant.id]]
    fallbacks = {variant.shorter for variant in speaking}
    chosen = _draw([v for v in left if v.id not in fallbacks], seed) or _draw(left, seed)
    weighed = tuple(
        Weighed(
            variant=variant.id,
            chosen=variant is chosen,
            says=reasons[variant.id] or _lot(variant, chosen, len(left), fallbacks),
        )
        for variant in speaking
    )
    return Weighing(chosen, weighed, frozenset(had & {variant.id for variant in speaking}))


def _unfit(variant: Variant, filled: frozenset[str], stage: Stage | None) -> str:
    if missing := sorted(variant.requires - filled):
        return f"needs {' and '.join(missing)}, which is not known here"
    if variant.stages and stage not in variant.stages:
        return f"is for customers who are {' or '.join(sorted(variant.stages))}"
    return ""


def _lot(variant: Variant, chosen: Variant | None, left: int, fallbacks: Collection[str | None]) -> str:
    if variant is chosen:
        return f"drawn by this customer's hash among {plural(left, 'wording')} that fitted"
    if variant.id in fallbacks:
        return "stands in where a longer one does not fit"
    return "fitted, and another was drawn"


def _draw(variants: Sequence[Variant], seed: bytes) -> Variant | None:
    return min(variants, key=lambda variant: hmac.digest(seed, variant.id.encode(), "sha256"), default=None)


def fitting_wordings(
    template: CardTemplate, *, occasion: str, filled: frozenset[str], stage: Stage | None, language: str
) -> tuple[Variant, ...]:
    """The wordings for an occasion, a stage and a language that need no more slots than those filled.

    Those that others fall back to are left out.
    """
    speaking = template.speaking(language)
    fallbacks = {variant.shorter for variant in speaking}
    return tuple(
        variant
        for variant in speaking
        if variant.occasion == occasion and not _unfit(variant, filled, stage) and variant.id not in fallbacks
    )


def chain(template: CardTemplate, variant: Variant) -> Iterator[Variant]:
    """The wording, then the shorter ones to try where it does not fit."""
    following: Variant | None = variant
    while following is not None:
        yield following
        shorter = following.shorter
        following = template.variant(shorter, following.language) if shorter else None


def generic_decision(
    decision: Decision,
    template: CardTemplate,
    brand: Brand,
    order: Order,
    *,
    seed: bytes,
    why: str,
    used: Collection[str] = (),
) -> Decision:
    """The same decision let down to the brand's generic card, which takes nothing from the order.

    Args:
        decision: one that chose a card.
        template: its template.
        brand: the order's brand.
        order: the order.
        seed: secret bytes of this order.
        why: what kept the chosen card from paper, for people.
        used: ids of wordings that this customer has had.

    Raises:
        SetupError: the template has no generic wording for this order that was not said.
    """
    match = Match(occasion=GENERIC, reason=why)
    language = brand.language_for(decision.language)
    weighing = weigh(
        template,
        occasion=GENERIC,
        slots=slots_of(order, match, brand, language),
        stage=None,
        language=language,
        used=used,
        seed=seed,
        objection=lambda variant: "" if variant.intents == {Intent.NOTE} else "wants something",
    )
    if weighing.all_said:
        raise SetupError(
            f"every generic wording of {template.name!r} in {language!r} was said to this customer",
            mend="write more of them",
        )
    if weighing.chosen is None:
        raise SetupError(
            f"the template {template.name!r} has no generic wording in {language!r} for every order",
            mend="write one that requires no slot and names no stage",
        )
    return replace(
        decision,
        match=match,
        variant=weighing.chosen.id,
        language=language,
        reason=why,
        said=tuple(sorted(weighing.said)),
        own_words=None,
    )


def _with_name(slots: dict[str, SlotValue], name: str) -> dict[str, SlotValue]:
    greeted = greetable(name)
    return {**slots, "given_name": greeted} if greeted else slots


def _known_chain(template: CardTemplate, variant_id: str, language: str) -> Iterator[Variant]:
    """The chain behind an id from the past, which the template may have lost, or have in another language."""
    for variant in template.speaking(language):
        if variant.id == variant_id:
            yield from chain(template, variant)
