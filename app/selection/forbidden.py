"""What forbids any card of an order, whatever holds. Each rule is asked, and says so, for people."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.decision import Check, Rule
from app.domain.order import OrderKind
from app.selection.case import Case

_KINDS = {
    OrderKind.REPRINT: "a reprint carries no card of its own",
    OrderKind.CREDIT_NOTE: "a credit note carries no card",
    OrderKind.TEST: "a test order carries no card",
}


def order_checks(case: Case) -> tuple[Check, ...]:
    """Every rule that could forbid the card, the first that does so being the reason."""
    return tuple(
        Check(rule=rule, passed=not forbids, says=against if forbids else otherwise)
        for rule, forbids, against, otherwise in _rules(case)
    )


def _rules(case: Case) -> Iterator[tuple[Rule, bool, str, str]]:
    """Rule, whether it forbids a card, and what to say where it does and where it does not."""
    order, own = case.order, case.brand.policy.of_channel(case.order.channel)
    yield Rule.KIND, order.kind in _KINDS, _KINDS.get(order.kind, ""), "a sale"
    yield Rule.IMPORTED, order.imported, "imported history gives facts but no cards", "came in as an order"
    yield Rule.CANCELLED, case.cancelled, "the order was cancelled", "not cancelled"
    yield (
        Rule.OWN_INSERT,
        order.supplied_insert,
        "the merchant supplied an insert of their own",
        "no insert of the merchant's own",
    )
    yield (
        Rule.OPT_OUT,
        case.standing.opted_out or order.customer.opted_out,
        "the customer asked for no cards",
        "the customer did not ask to be left alone",
    )
    yield Rule.BEREAVEMENT, case.standing.bereaved, "the customer is bereaved", "no word of a bereavement"
    yield (
        Rule.OPEN_COMPLAINT,
        case.standing.open_complaint,
        "a complaint of the customer is open",
        "no complaint is open",
    )
    if part := _carded_part(case):
        yield Rule.SPLIT, True, f"the part {part} of the same order has its card", ""
    if own is not None:
        channel = f"the channel {own.channel}"
        yield Rule.CHANNEL, not own.cards, f"{channel} gets no cards", f"{channel} gets cards"
    if order.gift is not None:
        yield Rule.GIFT, not case.policy.gift_cards, "the brand gives no cards with gifts", "gifts get a card"


def _carded_part(case: Case) -> str | None:
    """Another order under the number by which the customer knows this one, which got a card."""
    order = case.order
    if not order.number:
        return None
    parts = (card.source_order_id for card in case.cards if card.number == order.number)
    return next((part for part in parts if part != order.source_order_id), None)
