"""A rule's tree as one function of the facts: nested closures with three values.

No expression language and no `eval`: a rule is as slow as its bounded number of conditions, and no slower.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from app.domain.fact_catalogue import Fact
from app.domain.facts import Facts
from app.domain.rule import AllOf, AnyOf, Condition, Node, Not, Op

Test = Callable[[Facts], bool | None]
"""True, False, or None where a missing fact leaves it open (Kleene's three values)."""
_Compare = Callable[[Any, Any], bool]

_COMPARE: dict[Op, _Compare] = {
    Op.IS: operator.eq,
    Op.IS_NOT: operator.ne,
    Op.BELOW: operator.lt,
    Op.AT_MOST: operator.le,
    Op.ABOVE: operator.gt,
    Op.AT_LEAST: operator.ge,
    Op.IN: lambda value, wanted: value in wanted,
    Op.NOT_IN: lambda value, wanted: value not in wanted,
    Op.HAS: lambda value, wanted: wanted in value,
    Op.HAS_ANY: lambda value, wanted: not value.isdisjoint(wanted),
    Op.HAS_ALL: lambda value, wanted: value >= wanted,
}


def compile_tree(node: Node) -> Test:
    """The tree as a function. A rule holds where it gives True; None is no match, under `not` too."""
    match node:
        case Condition():
            return compile_condition(node)
        case Not(part):
            return _not(compile_tree(part))
        case AllOf(parts):
            return _until(False, tuple(compile_tree(part) for part in parts))
        case AnyOf(parts):
            return _until(True, tuple(compile_tree(part) for part in parts))


def compile_condition(leaf: Condition) -> Test:
    """One comparison; None where either side is not known."""
    read, compare = leaf.fact.read, _COMPARE[leaf.op]
    if isinstance(leaf.wanted, Fact):
        return _against_fact(read, compare, leaf.wanted.read)
    wanted = frozenset(leaf.wanted) if isinstance(leaf.wanted, tuple) else leaf.wanted

    def test(facts: Facts) -> bool | None:
        value = read(facts)
        return None if value is None else compare(value, wanted)

    return test


def _against_fact(read: Callable[[Facts], Any], compare: _Compare, other: Callable[[Facts], Any]) -> Test:
    def test(facts: Facts) -> bool | None:
        value, wanted = read(facts), other(facts)
        return None if value is None or wanted is None else compare(value, wanted)

    return test


def _not(part: Test) -> Test:
    def test(facts: Facts) -> bool | None:
        held = part(facts)
        return None if held is None else not held

    return test


def _until(decisive: bool, parts: tuple[Test, ...]) -> Test:  # noqa: FBT001 -- the value that ends the search
    """All (ended by False) and any (ended by True): what is open stays open unless another part decides."""

    def test(facts: Facts) -> bool | None:
        found: bool | None = not decisive
        for part in parts:
            held = part(facts)
            if held is decisive:
                return decisive
            if held is None:
                found = None
        return found

    return test
