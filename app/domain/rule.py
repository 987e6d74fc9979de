"""A brand's own occasion: a tree of conditions over the facts of an order, with its place and its words.

The tree is pure data. `rule_reading` makes it of JSON and checks it, `rule_compile` makes a function of it,
`rule_sentence` says it for people.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.fact_catalogue import Fact, FactType, FactValue
from app.domain.occasion import RULE_PREFIX, OccasionKind
from app.domain.policy import Intent
from app.domain.template import Variant

PREFIX = RULE_PREFIX
DEEPEST = 8
"""Levels of all, any and not within each other: more than anybody can read."""
MOST_CONDITIONS = 60
LONGEST_LIST = 100
LONGEST_TEXT = 200


class Op(StrEnum):
    """How a fact is compared with a value, or with another fact."""

    IS = "="
    IS_NOT = "!="
    BELOW = "<"
    AT_MOST = "<="
    ABOVE = ">"
    AT_LEAST = ">="
    IN = "in"
    """It is one of a list."""
    NOT_IN = "not_in"
    HAS = "has"
    """The set has this code."""
    HAS_ANY = "has_any"
    HAS_ALL = "has_all"


LISTED = frozenset({Op.IN, Op.NOT_IN, Op.HAS_ANY, Op.HAS_ALL})
"""Those that compare with several values."""
_EQUALS = (Op.IS, Op.IS_NOT)
_ORDERED = (*_EQUALS, Op.BELOW, Op.AT_MOST, Op.ABOVE, Op.AT_LEAST)
OPS: Mapping[FactType, tuple[Op, ...]] = {
    FactType.NUMBER: (*_ORDERED, Op.IN, Op.NOT_IN),
    FactType.MONEY: _ORDERED,
    FactType.FLAG: _EQUALS,
    FactType.TEXT: (*_EQUALS, Op.IN, Op.NOT_IN),
    FactType.CODES: (Op.HAS, Op.HAS_ANY, Op.HAS_ALL),
    FactType.DATE: _ORDERED,
    FactType.MOMENT: _ORDERED,
}
"""What each type of fact can be asked."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One leaf: a fact compared with a value of its type, a tuple of them, or another fact."""

    fact: Fact
    op: Op
    wanted: FactValue | tuple[FactValue, ...] | Fact


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part is known not to hold: what is unknown stays unknown under it."""

    part: Node


Node = Condition | AllOf | AnyOf | Not


def conditions(node: Node) -> Iterator[Condition]:
    """The leaves, in the order of reading."""
    match node:
        case Condition():
            yield node
        case Not(part):
            yield from conditions(part)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from conditions(part)


def facts_asked(node: Node) -> frozenset[Fact]:
    """Every fact that the tree asks for, on either side."""
    leaves = list(conditions(node))
    others = {leaf.wanted for leaf in leaves if isinstance(leaf.wanted, Fact)}
    return frozenset({leaf.fact for leaf in leaves} | others)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a rule stands among the occasions: right after one, right before one, or between two."""

    after: str | None = None
    before: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleWords:
    """What the cards of a rule say: the template's words for an occasion, or wordings of its own."""

    occasion: str
    """Whose words they are or, where the rule has its own, whose art stands beside them."""
    own: tuple[Variant, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One version of a rule, checked. It is in force for orders placed in [`since`, `until`)."""

    name: str
    title: str
    when: Node
    words: RuleWords
    kind: OccasionKind = OccasionKind.SOFT
    intent: Intent = Intent.NOTE
    place: Place | None = None
    """None: after the last occasion of its kind."""
    since: datetime | None = None
    until: datetime | None = None

    @property
    def code(self) -> str:
        """Its code among the occasions; the same for every version."""
        return PREFIX + self.name

    def covers(self, at: datetime) -> bool:
        """Whether its dates cover an order placed then."""
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)
