"""What keeps a card back: from a whole order, or from one occasion. Each says why, for people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.english import plural
from app.domain.occasion import Match, OccasionKind
from app.domain.order import Order, OrderKind
from app.domain.past import SentCard
from app.selection.case import Case

_KINDS = {
    OrderKind.REPRINT: "a reprint carries no card of its own",
    OrderKind.CREDIT_NOTE: "a credit note carries no card",
    OrderKind.TEST: "a test order carries no card",
}


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why an occasion gets no card. `final`: nor does a lesser one, which would be out of place."""

    why: str
    final: bool = False


def bar(order: Order, *, opted_out: bool) -> str | None:
    """Why this order gets no card whatever holds; None where it may get one."""
    if order.kind in _KINDS:
        return _KINDS[order.kind]
    if order.imported:
        return "imported history gives facts but no cards"
    if order.cancelled_at is not None:
        return "the order was cancelled"
    if order.supplied_insert:
        return "the merchant supplied an insert of their own"
    if opted_out or order.customer.opted_out:
        return "the customer asked for no cards"
    return None


def hindrance(case: Case, match: Match) -> Hindrance | None:
    """Why this occasion gets no card; None where it may."""
    occasion, policy = case.occasions[match.occasion], case.brand.policy
    if match.occasion in policy.switched_off:
        return Hindrance("the brand switched this occasion off")
    if occasion.needs_complete_history and not case.facts.history_complete:
        return Hindrance("the brand has not said that its history is complete at this order's date")
    if occasion.kind is OccasionKind.RECOVERY:
        return _second_recovery(case)
    if occasion.kind is OccasionKind.SOFT:
        return _too_soon(case)
    return None


def _second_recovery(case: Case) -> Hindrance | None:
    last = _last(case, OccasionKind.RECOVERY)
    if last is None or case.facts.at - last >= case.brand.policy.recovery_gap:
        return None
    ago = _ago(case.facts.at - last)
    return Hindrance(f"a card after trouble went out {ago}; a person should write this time", final=True)


def _too_soon(case: Case) -> Hindrance | None:
    policy = case.brand.policy
    for kind, gap, what in (
        (OccasionKind.SOFT, policy.soft_gap_to_soft, "a card like this"),
        (None, policy.soft_gap, "another card"),
    ):
        last = _last(case, kind)
        if last is not None and case.facts.at - last < gap:
            since = _ago(case.facts.at - last)
            return Hindrance(f"{what} went out {since}; the next may follow after {gap.days} days")
    return None


def _last(case: Case, kind: OccasionKind | None) -> datetime | None:
    """When the customer's last card of a kind (or any) was planned."""
    return max((card.at for card in _of_kind(case, kind)), default=None)


def _of_kind(case: Case, kind: OccasionKind | None) -> Iterator[SentCard]:
    for card in case.cards:
        occasion = case.occasions.get(card.occasion)
        if kind is None or (occasion is not None and occasion.kind is kind):
            yield card


def _ago(length: timedelta) -> str:
    return f"{plural(length.days, 'day')} ago" if length.days > 0 else "today"
