"""What one occasion is held to: each rule with its dates. The first that fails is the reason.

Cards count from when they were planned. A rule of zero days is no rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.decision import Check, Rule
from app.domain.english import plural
from app.domain.occasion import Match, OccasionKind
from app.domain.past import SentCard
from app.selection.case import Case
from app.selection.holdout import drawn


def occasion_checks(case: Case, match: Match) -> tuple[Check, ...]:
    """Every rule that this occasion is held to."""
    return tuple(_checks(case, match))


def _checks(case: Case, match: Match) -> Iterator[Check]:
    occasion, policy = case.occasion(match), case.policy
    off = match.occasion in policy.switched_off
    yield Check(
        rule=Rule.SWITCHED_OFF,
        passed=not off,
        says="the brand switched this occasion off" if off else "the brand celebrates it",
    )
    if occasion.needs_complete_history:
        yield _history(case)
    yield from _again(case, match, occasion.again_after)
    if occasion.kind is OccasionKind.RECOVERY:
        if case.order.gift:
            yield Check(rule=Rule.GIFT, passed=False, says="the gift's recipient had none of the trouble")
        of_trouble = _of(case, OccasionKind.RECOVERY)
        gap = _gap(case, Rule.RECOVERY_GAP, policy.recovery_gap, "card after trouble", of_trouble)
        yield gap if gap.passed else replace(gap, says=f"{gap.says}; until then a person should write")
    if occasion.kind is OccasionKind.SOFT:
        yield _gap(case, Rule.SOFT_GAP, policy.soft_gap, "card of any kind", lambda _card: True)
        yield _gap(
            case, Rule.SOFT_GAP_TO_SOFT, policy.soft_gap_to_soft, "card like this", _of(case, occasion.kind)
        )
        yield _surprise(case, match)


def _history(case: Case) -> Check:
    complete = case.facts.history_complete
    if complete:
        says = "the brand's history is complete at this order's date"
    elif case.standing.shares_address:
        says = "another customer id came with this customer's e-mail address, and may be the same person"
    elif case.standing.erased_at is not None:
        says = "the customer was erased, and may have ordered before"
    else:
        says = "the brand has not said that its history is complete at this order's date"
    return Check(rule=Rule.HISTORY, passed=complete, says=says)


def _again(case: Case, match: Match, after: timedelta) -> Iterator[Check]:
    """An occasion that comes once, or once a year, does so whatever arrives late, is split or is merged."""
    if after <= timedelta(0):
        return
    last = _last(case, lambda card: card.occasion == match.occasion)
    if last is None:
        yield Check(rule=Rule.AGAIN, passed=True, says="the customer had no card of this occasion")
    elif after == timedelta.max:
        says = f"the customer had this card on {last:%Y-%m-%d}; it comes once"
        yield Check(rule=Rule.AGAIN, passed=False, says=says, last=last)
    else:
        yield _dated(case, Rule.AGAIN, after, "card of this occasion", last)


def _gap(case: Case, rule: Rule, gap: timedelta, what: str, counts: Callable[[SentCard], bool]) -> Check:
    if not gap:
        return Check(rule=rule, passed=True, says="the brand sets no cap here")
    last = _last(case, counts)
    if last is None:
        return Check(rule=rule, passed=True, says=f"the customer had no {what} yet")
    return _dated(case, rule, gap, what, last)


def _dated(case: Case, rule: Rule, gap: timedelta, what: str, last: datetime) -> Check:
    until = last + gap
    says = f"the last {what} went out {_ago(case.facts.at - last)}; the next may follow after {gap.days} days"
    return Check(rule=rule, passed=case.facts.at >= until, says=says, last=last, until=until)


def _surprise(case: Case, match: Match) -> Check:
    share = case.policy.soft_skip
    chance = drawn(case.seed, "surprise", match.occasion, case.order.source_order_id)
    skipped = chance < share
    drew = f"drew {chance:.2f}, and below {share:g} there is none"
    says = f"left out so that cards stay a surprise: {drew}" if skipped else f"not left to chance: {drew}"
    return Check(rule=Rule.SURPRISE, passed=not skipped, says=says)


def _of(case: Case, kind: OccasionKind) -> Callable[[SentCard], bool]:
    def is_of(card: SentCard) -> bool:
        occasion = case.occasions.get(card.occasion)
        return occasion is not None and occasion.kind is kind

    return is_of


def _last(case: Case, counts: Callable[[SentCard], bool]) -> datetime | None:
    """When the customer's last card that counts was planned."""
    return max((card.at for card in case.cards if counts(card)), default=None)


def _ago(length: timedelta) -> str:
    return f"{plural(length.days, 'day')} ago" if length.days > 0 else "today"
