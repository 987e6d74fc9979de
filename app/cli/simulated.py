"""Says what cards a stream would have made, and why its other orders would have got none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.domain.decision import Rule
from app.domain.english import plural
from app.domain.occasion import Occasion
from app.services.simulate_cards import Simulated

_WHY = {
    Rule.KIND: "a reprint, credit note or test",
    Rule.CANCELLED: "cancelled",
    Rule.OPEN_COMPLAINT: "a complaint was open",
    Rule.HISTORY: "history incomplete",
    Rule.AGAIN: "had this card, which does not come twice",
    Rule.RECOVERY_GAP: "a second trouble: a person should write",
    Rule.SOFT_GAP: "too soon after another card",
    Rule.SOFT_GAP_TO_SOFT: "too soon after one like it",
    Rule.SURPRISE: "left out, so that a card stays a surprise",
    Rule.NO_WORDS: "no words for it",
    Rule.EXHAUSTED: "every wording was said",
    Rule.HOLDOUT: "held out, to measure what cards do",
    Rule.GUEST: "a guest",
    Rule.NO_VALUE: "no value",
    Rule.NO_OCCASION: "no occasion",
}


def told(found: Simulated, occasions: Mapping[str, Occasion]) -> Iterator[str]:
    """The lines of the summary."""
    if not found.orders:
        return
    share = found.carded / found.orders
    yield f"{found.carded:,} of {plural(found.orders, 'order')} would have got a card ({share:.1%}):"
    for code, count in found.by_occasion.most_common():
        yield f"  {count:>8,}  {occasions[code].title}"
    yield (
        f"No customer would have got more than {plural(found.most_cards, 'card')}, "
        f"or {found.most_in_a_year} within 365 days."
    )
    if found.letters:
        yield f"A person would have been asked to write {plural(found.letters, 'time')}."
    none = sum(found.no_card.values())
    if none:
        yield f"No card, by reason ({none:,} orders):"
    for rule, count in found.no_card.most_common():
        yield f"  {count:>8,}  {count / none:>6.1%}  {_WHY.get(rule, rule.replace('_', ' '))}"
