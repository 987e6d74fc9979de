"""The cards of an order's other parcels or jobs, where the brand gives each one of its own.

The occasion is told once, in the first; the others are generic, so that no split makes a second first order.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator

from app.domain.decision import FurtherCard
from app.domain.occasion import Match
from app.domain.order import Order
from app.domain.policy import CardsPer
from app.domain.template import GENERIC, Variant
from app.selection.case import Case
from app.selection.wording import slots_of, spoken_occasion, stage_of, weigh
from app.selection.words import objection_of


def further_cards(case: Case, first: Variant) -> tuple[FurtherCard, ...]:
    """A generic card for each other parcel or job, no two in the same words.

    Args:
        case: the order's.
        first: the words of the card that speaks of the occasion.
    """
    return tuple(_cards(case, first))


def generic_match(reason: str) -> Match:
    """What a card speaks of that stands for no occasion."""
    return Match(occasion=GENERIC, reason=reason)


def _cards(case: Case, first: Variant) -> Iterator[FurtherCard]:
    said = [*case.said, first.id]
    language = case.language
    match = generic_match(f"a further {case.policy.cards_per} of the order")
    for position in _positions(case.order, case.policy.cards_per):
        weighing = weigh(
            case.template,
            occasion=spoken_occasion(case.order, GENERIC),
            slots=slots_of(case.order, match, case.brand, language),
            stage=stage_of(case.facts),
            language=language,
            used=said,
            seed=hmac.digest(case.seed, f"further {position}".encode(), "sha256"),
            objection=objection_of(case, match),
        )
        if weighing.chosen is None:
            says = "no generic wording is left that this customer has not had"
            yield FurtherCard(position=position, variant=None, language=language, says=says)
            return
        said.append(weighing.chosen.id)
        yield FurtherCard(position=position, variant=weighing.chosen.id, language=language, says=match.reason)


def _positions(order: Order, cards_per: CardsPer) -> Iterator[int]:
    """The jobs, by position, that carry a card beside the first one."""
    if cards_per is CardsPer.ORDER:
        return
    seen = {order.jobs[0].parcel or order.parcel}
    for position, job in enumerate(order.jobs[1:], start=1):
        parcel = job.parcel or order.parcel
        if cards_per is CardsPer.JOB or parcel not in seen:
            yield position
        seen.add(parcel)
