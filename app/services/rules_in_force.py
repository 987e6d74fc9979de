"""The brand's own rules beside the plug-ins: what may hold for an order, in which order, in which words.

A version of a rule never changes, so what is made of it is kept. What cannot be made any more (its occasion
or its language is gone) is left out and logged: a rule never keeps an order from being taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

import structlog

from app.domain.brand import Brand
from app.domain.decision import Decision
from app.domain.fact_words import Locale
from app.domain.occasion import Occasion
from app.domain.policy import ChannelPolicy, OccasionPolicy
from app.domain.rule import Rule, RuleWords
from app.domain.rule_document import Surroundings, read_rule
from app.domain.rule_occasion import RuleOccasion
from app.domain.rule_order import Placing, places_of
from app.domain.rule_words import own_words, speaking_rules
from app.domain.template import CardTemplate
from app.errors import RuleUnusable
from app.store.database import Transaction
from app.store.rules import Published

log = structlog.get_logger()
_MOST_KEPT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """What selection works with for one order.

    `occasions` may hold; `known` has those that once could besides, because a card of a rule that was retired
    still counts as a card of its kind. `brand` has every rule in its orders of priority, and `template` their
    words.
    """

    occasions: tuple[Occasion, ...]
    known: Mapping[str, Occasion]
    brand: Brand
    template: CardTemplate
    words: Mapping[str, RuleWords]

    def spoken(self, decision: Decision) -> Decision:
        """The decision with its words, where they are a rule's own."""
        words = own_words(self.words, decision.variant) if self.words else None
        return replace(decision, own_words=words) if words else decision


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was made for a brand and a template, which change only by being replaced: identity tells."""

    brand: Brand
    template: CardTemplate
    in_force: InForce


class _Versions(NamedTuple):
    """Those that were ever in force, and those of them that are at the moment asked for."""

    ever: tuple[Published, ...]
    now: tuple[Published, ...]


class RulesInForce:
    """Asks in each transaction which versions are in force: a change counts at once in every process."""

    def __init__(self, occasions: Mapping[str, Occasion]) -> None:
        """`occasions` are the plug-ins by code."""
        self._plugins = occasions
        self._kept: dict[tuple[str, _Versions], _Kept] = {}

    def __call__(
        self, tx: Transaction, brand: Brand, template: CardTemplate, *, as_of: datetime | None = None
    ) -> InForce:
        """The occasions of a brand.

        Args:
            tx: the transaction.
            brand: as it is in force.
            template: the card that it speaks on.
            as_of: the moment whose rules are asked for, to decide as was decided then; None for now.
        """
        versions = _asked(tx, brand, as_of)
        key = brand.code, versions
        kept = self._kept.get(key)
        if kept is None or kept.brand is not brand or kept.template is not template:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            kept = self._kept[key] = _Kept(brand, template, self._made(tx, brand, template, versions))
        return kept.in_force

    def trying(self, tx: Transaction, brand: Brand, template: CardTemplate, rule: Rule) -> InForce:
        """What it would be with one rule besides, or in the place of its version that is in force."""
        return self._made(tx, brand, template, _asked(tx, brand, None), rule)

    def _made(
        self,
        tx: Transaction,
        brand: Brand,
        template: CardTemplate,
        versions: _Versions,
        besides: Rule | None = None,
    ) -> InForce:
        around = Surroundings(brand=brand, template=template, occasions=self._plugins)
        known: dict[str, Occasion] = dict(self._plugins)
        active: dict[str, RuleOccasion] = {}
        read = [(version in versions.now, _read(tx, around, version)) for version in versions.ever]
        for is_now, rule in [*read, (True, besides)]:
            if rule is not None:
                known[rule.code] = occasion = RuleOccasion(rule, locale_of(brand))
                active |= {rule.code: occasion} if is_now else {}
        rules = [occasion.rule for occasion in active.values()]
        placings = {rule.code: Placing(rule.place, rule.kind) for rule in rules}
        words = {rule.code: rule.words for rule in rules}
        return InForce(
            occasions=(*self._plugins.values(), *active.values()),
            known=known | active,
            brand=replace(brand, policy=self._placed(brand.policy, placings)) if rules else brand,
            template=speaking_rules(template, words),
            words=words,
        )

    def _placed(self, policy: OccasionPolicy, placings: Mapping[str, Placing]) -> OccasionPolicy:
        """The policy with its orders of priority written out, rules included."""

        def written(order: tuple[str, ...], off: frozenset[str]) -> tuple[str, ...]:
            return tuple(c for c in places_of(order, placings, self._plugins) if c not in off)

        def of_channel(own: ChannelPolicy) -> ChannelPolicy:
            order = policy.order if own.order is None else own.order
            off = policy.switched_off if own.switched_off is None else own.switched_off
            return replace(own, order=written(order, off))

        return replace(
            policy,
            order=written(policy.order, policy.switched_off),
            channels=tuple(of_channel(own) for own in policy.channels),
        )


def _asked(tx: Transaction, brand: Brand, as_of: datetime | None) -> _Versions:
    ever = tuple(tx.rules.published(brand.code))
    return _Versions(ever, tuple(version for version in ever if version.held(as_of)))


def locale_of(brand: Brand) -> Locale:
    """How the brand writes numbers, money and dates."""
    return Locale(brand.languages[0], brand.currency, brand.time_zone)


def _read(tx: Transaction, around: Surroundings, version: Published) -> Rule | None:
    brand = around.brand.code
    try:
        return read_rule(tx.rules.get(brand, version.name, version.version).document, around)
    except RuleUnusable as error:
        log.warning(
            "rule_left_out", brand=brand, rule=version.name, version=version.version, problem=error.detail
        )
        return None
