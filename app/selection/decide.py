"""From several occasions to one card, or none: by priority, with every reason."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence

from app.domain.decision import Considered, Decision, Outcome
from app.domain.occasion import Match, Occasion
from app.domain.policy import OccasionPolicy
from app.domain.template import Variant
from app.selection.case import Case
from app.selection.suppression import Hindrance, bar, hindrance
from app.selection.wording import choose_variant, slots_of, spoken_occasion, stage_of

_RULES = "1"
"""Raised with every change of this package that can change a decision."""


def decide(case: Case) -> Decision:
    """One card, or none; every occasion that holds is listed with what became of it."""
    remaining = by_priority(case.matches, case.occasions, case.brand.policy)
    barred = bar(case.order, opted_out=case.opted_out)
    if barred is not None:
        return _no_card(case, barred, [_suppressed(match, barred) for match in remaining])
    considered: list[Considered] = []
    while remaining:
        match = remaining.pop(0)
        found = hindrance(case, match) or _wording(case, match)
        if isinstance(found, Variant):
            return _card(case, match, found, [*considered, *_chosen(case, match, remaining)])
        considered.append(_suppressed(match, found.why))
        if found.final:
            considered += [_suppressed(lesser, f"nothing lesser either: {found.why}") for lesser in remaining]
            break
    return _no_card(case, _why_none(case, considered), considered)


def by_priority(
    matches: Sequence[Match], occasions: Mapping[str, Occasion], policy: OccasionPolicy
) -> list[Match]:
    """The matches, first the brand's own order, then the default ranks."""
    own = {code: place for place, code in enumerate(policy.order)}

    def priority(match: Match) -> tuple[int, int, str]:
        return own.get(match.occasion, len(own)), occasions[match.occasion].rank, match.occasion

    return sorted(matches, key=priority)


def policy_version(policy: OccasionPolicy, occasions: Mapping[str, Occasion]) -> str:
    """Names the rules in force: this package's version, and a hash of the brand's settings and the ranks."""
    settings = {
        "milestones": policy.milestones,
        "percentile": policy.threshold_percentile,
        "population": policy.smallest_population,
        "order": policy.order,
        "off": sorted(policy.switched_off),
        "complete": str(policy.history_complete_since),
        "gaps": [str(policy.recovery_gap), str(policy.soft_gap), str(policy.soft_gap_to_soft)],
        "ranks": {code: occasion.rank for code, occasion in sorted(occasions.items())},
    }
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()
    return f"{_RULES}-{digest[:8]}"


def _wording(case: Case, match: Match) -> Variant | Hindrance:
    language = _language(case)
    had = [card.variant for card in case.cards if card.template == case.template.name]
    occasion = spoken_occasion(case.order, match.occasion)
    variant = choose_variant(
        case.template,
        occasion=occasion,
        slots=slots_of(case.order, match, case.brand, language),
        stage=stage_of(case.facts),
        language=language,
        used=had,
        seed=hmac.digest(case.seed, match.occasion.encode(), "sha256"),
    )
    if variant is not None:
        return variant
    written = any(v.occasion == occasion for v in case.template.speaking(language))
    if not written:
        return Hindrance(f"{case.template.name} has no words for it in {language!r}")
    return Hindrance("every wording that fits this customer was used; write new ones", final=True)


def _language(case: Case) -> str:
    return case.brand.language_for(case.order.language or case.order.customer.language)


def _card(case: Case, match: Match, variant: Variant, considered: list[Considered]) -> Decision:
    return Decision(
        match=match,
        template=case.template.name,
        variant=variant.id,
        language=variant.language,
        reason=match.reason,
        considered=tuple(considered),
        policy_version=policy_version(case.brand.policy, case.occasions),
    )


def _no_card(case: Case, reason: str, considered: list[Considered]) -> Decision:
    return Decision(
        match=None,
        template=None,
        variant=None,
        language=None,
        reason=reason,
        considered=tuple(considered),
        policy_version=policy_version(case.brand.policy, case.occasions),
    )


def _chosen(case: Case, match: Match, lesser: Sequence[Match]) -> list[Considered]:
    why = "the card speaks to the gift's recipient" if case.order.gift else match.reason
    outranked = f"{case.occasions[match.occasion].title} comes first"
    return [
        Considered(match=match, outcome=Outcome.CHOSEN, why=why),
        *(Considered(match=other, outcome=Outcome.OUTRANKED, why=outranked) for other in lesser),
    ]


def _suppressed(match: Match, why: str) -> Considered:
    return Considered(match=match, outcome=Outcome.SUPPRESSED, why=why)


def _why_none(case: Case, considered: Sequence[Considered]) -> str:
    if considered:
        first = considered[0]
        return f"{case.occasions[first.match.occasion].title}: {first.why}"
    if not case.facts.known_customer:
        return "a guest: without a customer there is no history to go by"
    if not case.facts.eligible:
        return "an order without a value is no occasion"
    return "no occasion holds"
