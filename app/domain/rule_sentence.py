"""A rule in plain words: as a sentence, and for one order with the verdict of each condition.

"23rd order this year ✓; £5,341.00 spent in 365 days ≥ £1,225.65 ✓".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.fact_catalogue import Fact, FactType, FactValue
from app.domain.fact_words import WORDS, Locale
from app.domain.facts import Facts
from app.domain.rule import AllOf, AnyOf, Condition, Node, Not, Op, conditions
from app.domain.rule_compile import compile_condition


class Verdict(StrEnum):
    """What one condition says of one order."""

    HOLDS = "holds"
    FAILS = "fails"
    UNKNOWN = "unknown"
    """A fact is missing: no match, whatever stands around it."""


MARKS = {Verdict.HOLDS: "✓", Verdict.FAILS: "✗", Verdict.UNKNOWN: "?"}
_OF = {True: Verdict.HOLDS, False: Verdict.FAILS, None: Verdict.UNKNOWN}
_SIGNS = {Op.IS: "=", Op.IS_NOT: "≠", Op.BELOW: "<", Op.AT_MOST: "≤", Op.ABOVE: ">", Op.AT_LEAST: "≥"}
_WORDS = {
    Op.IS: "{}",
    Op.IS_NOT: "other than {}",
    Op.BELOW: "less than {}",
    Op.AT_MOST: "at most {}",
    Op.ABOVE: "more than {}",
    Op.AT_LEAST: "at least {}",
    Op.IN: "{}",
    Op.NOT_IN: "other than {}",
    Op.HAS: "{}",
    Op.HAS_ANY: "{}",
    Op.HAS_ALL: "{}",
}
_IN_A_ROW = {
    Op.BELOW: "earlier than {}",
    Op.AT_MOST: "{} or an earlier",
    Op.ABOVE: "later than {}",
    Op.AT_LEAST: "{} or a later",
}
_IN_TIME = {
    Op.IS: "{}",
    Op.IS_NOT: "not {}",
    Op.BELOW: "before {}",
    Op.AT_MOST: "{} or before",
    Op.ABOVE: "after {}",
    Op.AT_LEAST: "{} or after",
}
_LISTS = {
    Op.IN: "one of",
    Op.NOT_IN: "none of",
    Op.HAS: "asked for",
    Op.HAS_ANY: "asked for any of",
    Op.HAS_ALL: "asked for all of",
}
_LAST = {Op.HAS_ALL: " and "}


@dataclass(frozen=True, slots=True)
class Said:
    """One condition of a rule, said of one order."""

    text: str
    verdict: Verdict

    def __str__(self) -> str:
        return f"{self.text} {MARKS[self.verdict]}"


def verdicts(node: Node, facts: Facts, locale: Locale) -> tuple[Said, ...]:
    """Each condition of a tree with what the order says to it, in the order of reading."""
    return tuple(_judged(leaf, facts, locale) for leaf in conditions(node))


def explain(node: Node, facts: Facts, locale: Locale) -> str:
    """The verdicts as one sentence."""
    return "; ".join(map(str, verdicts(node, facts, locale)))


def sentence(node: Node, locale: Locale) -> str:
    """What a rule asks for, as people would say it."""
    said = _node(node, locale, outermost=True)
    return said[:1].upper() + said[1:]


def _judged(leaf: Condition, facts: Facts, locale: Locale) -> Said:
    verdict = _OF[compile_condition(leaf)(facts)]
    value = leaf.fact.read(facts)
    if value is None:
        return Said(f"{WORDS[leaf.fact.name].label} unknown", verdict)
    text = _stated(leaf.fact, value, locale)
    if leaf.fact.type is FactType.FLAG or (verdict is Verdict.HOLDS and leaf.op is Op.IS):
        return Said(text, verdict)
    return Said(f"{text}{_held_against(leaf, facts, locale)}", verdict)


def _stated(fact: Fact, value: FactValue, locale: Locale) -> str:
    words = WORDS[fact.name]
    if fact.type is FactType.FLAG:
        return words.said if value else words.denied
    return words.said.format(locale.value(fact, value))


def _held_against(leaf: Condition, facts: Facts, locale: Locale) -> str:
    """What the fact's value was compared with: " ≥ £1,225.65", or ", not one of AT, CH"."""
    wanted = leaf.wanted
    if isinstance(wanted, Fact):
        other = wanted.read(facts)
        if other is None:
            return f", {WORDS[wanted.name].label} unknown"
        said = locale.value(wanted, other)
    elif isinstance(wanted, tuple):
        said = ", ".join(locale.value(leaf.fact, one) for one in wanted)
    else:
        said = locale.value(leaf.fact, wanted)
    if leaf.op in _SIGNS:
        return f" {_SIGNS[leaf.op]} {said}"
    return f" ({_LISTS[leaf.op]} {said})"


def _node(node: Node, locale: Locale, *, outermost: bool = False) -> str:
    match node:
        case Condition():
            return _asked(node, locale)
        case Not(part):
            return f"not ({_node(part, locale, outermost=True)})"
        case AllOf(parts):
            said = ", and ".join(_node(part, locale) for part in parts)
        case AnyOf(parts):
            said = ", or ".join(_node(part, locale) for part in parts)
    return said if outermost or len(node.parts) == 1 else f"({said})"


def _asked(leaf: Condition, locale: Locale) -> str:
    words = WORDS[leaf.fact.name]
    if leaf.fact.type is FactType.FLAG and not isinstance(leaf.wanted, Fact):
        return words.said if leaf.wanted is (leaf.op is Op.IS) else words.denied
    return words.said.format(_compared(leaf).format(_wanted(leaf, locale)))


def _compared(leaf: Condition) -> str:
    if leaf.fact.type in (FactType.DATE, FactType.MOMENT):
        return _IN_TIME[leaf.op]
    if WORDS[leaf.fact.name].ordinal and leaf.op in _IN_A_ROW:
        return _IN_A_ROW[leaf.op]
    return _WORDS[leaf.op]


def _wanted(leaf: Condition, locale: Locale) -> str:
    if isinstance(leaf.wanted, Fact):
        return f"“{WORDS[leaf.wanted.name].label}”"
    if not isinstance(leaf.wanted, tuple):
        return locale.value(leaf.fact, leaf.wanted)
    *others, last = (locale.value(leaf.fact, one) for one in leaf.wanted)
    return f"{', '.join(others)}{_LAST.get(leaf.op, ' or ')}{last}" if others else last
