"""What a brand allows on a card: one intent, and few facts about the customer, all of which they expect."""

from __future__ import annotations

from collections.abc import Callable

from app.domain.english import plural
from app.domain.fact_catalogue import FACTS, facts_told
from app.domain.occasion import Match, OccasionKind
from app.domain.policy import Intent
from app.domain.template import Variant
from app.selection.case import Case

_NOTE = frozenset({Intent.NOTE})


def objection_of(case: Case, match: Match) -> Callable[[Variant], str]:
    """What speaks against a wording for this occasion, or nothing."""
    occasion = case.occasions.get(match.occasion)
    recovery = occasion is not None and occasion.kind is OccasionKind.RECOVERY

    def objection(variant: Variant) -> str:
        return _wants(case, variant, recovery=recovery) or _tells(case, variant)

    return objection


def _wants(case: Case, variant: Variant, *, recovery: bool) -> str:
    policy, wants = case.policy, " and ".join(sorted(variant.intents))
    if recovery and variant.intents != _NOTE:
        return f"is {wants}, and after trouble a card wants nothing"
    if len(variant.intents) > 1 and not policy.mixed_intents:
        return f"mixes {wants}, which the brand does not do"
    if not variant.intents <= policy.intents:
        return f"is {wants}, which the brand does not send"
    return ""


def _tells(case: Case, variant: Variant) -> str:
    told = facts_told(variant.requires)
    if len(told) > case.policy.most_facts:
        return f"tells {plural(len(told), 'fact')}: at most {case.policy.most_facts} are told on a card"
    if unexpected := sorted(name for name in told if not FACTS[name].expected):
        return f"tells {unexpected[0]}, which a customer does not expect to be known"
    return ""
