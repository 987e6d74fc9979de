"""Where a person should take up the pen: cards to sign by hand, letters to write instead of cards."""

from __future__ import annotations

from app.domain.decision import Check, Rule
from app.domain.english import amount, ordinal
from app.domain.occasion import Match
from app.selection.case import Case


def why_sign(case: Case, match: Match) -> str:
    """Why a person should sign this card by hand, or nothing. A gift's card says nothing of its buyer."""
    wanted, facts = case.policy.hand_signed, case.facts
    if match.occasion in wanted.occasions:
        return f"{case.occasion(match).title}: the brand signs these by hand"
    if not facts.known_customer or case.order.gift:
        return ""
    if wanted.from_order is not None and facts.nth_ever >= wanted.from_order:
        return f"{ordinal(facts.nth_ever)} order of all, and from the {ordinal(wanted.from_order)} on by hand"
    if wanted.from_spend_minor is not None and facts.spend_365 >= wanted.from_spend_minor:
        spent, least = (amount(sum_, facts.currency) for sum_ in (facts.spend_365, wanted.from_spend_minor))
        return f"{spent} in 365 days, and from {least} on by hand"
    return ""


def why_write(failed: Check, match: Match) -> str:
    """Why a person should write instead of a card that this rule kept back; empty where none need."""
    if failed.rule is Rule.RECOVERY_GAP:
        return f"{match.reason}; {failed.says}"
    return ""
