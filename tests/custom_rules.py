"""Rules for tests: documents of the demo brand Acorn, on its plain card."""

from __future__ import annotations

from typing import Any

from app import occasions
from app.domain.occasion import Occasion
from app.domain.rule import Rule
from app.domain.rule_document import Surroundings, read_rule
from app.domain.rule_occasion import RuleOccasion
from app.domain.rule_order import Placing
from app.errors import RuleUnusable, Violation
from app.registry.plugins import discover
from app.services.rules_in_force import locale_of
from tests.plant import BRAND, TEMPLATE

PLUGINS: dict[str, Occasion] = discover(occasions)
THIRD = {"fact": "n_prior", "op": "=", "value": 2}
RULE: dict[str, Any] = {"name": "third-order", "title": "Third order", "when": THIRD}
OWN: dict[str, Any] = {
    "own": {"en": [{"headline": "Three", "message": "This is order number {n_orders, number} of yours."}]}
}
AROUND = Surroundings(brand=BRAND, template=TEMPLATE, occasions=PLUGINS, rules={})


def rule(**changes: Any) -> Rule:
    """The rule of RULE with changes."""
    return read_rule(RULE | changes, AROUND)


def faults(document: Any, *, others: dict[str, Placing] | None = None) -> tuple[Violation, ...]:
    """What is wrong with a document; fails where nothing is."""
    around = Surroundings(brand=BRAND, template=TEMPLATE, occasions=PLUGINS, rules=others or {})
    try:
        read_rule(document, around)
    except RuleUnusable as error:
        return error.violations
    raise AssertionError("the rule was read")


def occasion(of: Rule) -> RuleOccasion:
    """A rule as selection sees it."""
    return RuleOccasion(of, locale_of(BRAND))
