"""Domain values as JSON columns, and back. What goes in comes out equal, and always as the same document."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter

from app.domain.decision import Decision
from app.domain.facts import Facts
from app.domain.order import Order

_ORDER = TypeAdapter(Order)
_FACTS = TypeAdapter(Facts)
_DECISION = TypeAdapter(Decision)


def order_document(order: Order) -> dict[str, Any]:
    """An order, without the customer's e-mail address, which is nowhere stored."""
    anonymous = replace(order, customer=replace(order.customer, e_mail=None))
    document: dict[str, Any] = _ORDER.dump_python(anonymous, mode="json")
    return document


def read_order(document: dict[str, Any]) -> Order:
    """The inverse of `order_document`."""
    return _ORDER.validate_python(document)


def facts_document(facts: Facts) -> dict[str, Any]:
    """The facts; sets as sorted lists, since a set has no order of its own."""
    document: dict[str, Any] = _FACTS.dump_python(facts, mode="json")
    for name in ("categories", "new_categories"):
        document[name] = sorted(document[name])
    return document


def read_facts(document: dict[str, Any]) -> Facts:
    """The inverse of `facts_document`."""
    return _FACTS.validate_python(document)


def decision_document(decision: Decision) -> dict[str, Any]:
    """A decision with everything that was considered."""
    document: dict[str, Any] = _DECISION.dump_python(decision, mode="json")
    return document


def read_decision(document: dict[str, Any]) -> Decision:
    """The inverse of `decision_document`."""
    return _DECISION.validate_python(document)
