"""A rule's tree as JSON, read with every fault told: where (JSON pointer), what, and the mend.

`{"all": […]}`, `{"any": […]}`, `{"not": …}`, or a condition `{"fact": NAME, "op": OP, "value": V}`, where V
is a value of the fact's type, a list of them, or `{"fact": NAME}` to compare with another fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from difflib import get_close_matches
from typing import Any as Json

from app.domain.fact_catalogue import FACTS, Fact, FactType, FactValue
from app.domain.rule import (
    DEEPEST,
    LISTED,
    LONGEST_LIST,
    LONGEST_TEXT,
    MOST_CONDITIONS,
    OPS,
    AllOf,
    AnyOf,
    Condition,
    Node,
    Not,
    Op,
)
from app.errors import Violation

_FORMS = '"all", "any", "not", or "fact", "op" and "value"'
_INTEGER_LIMIT = 2**53
"""Beyond it a browser's numbers are not exact."""
_SHOWN = 40
_OTHER_SPELLINGS = {
    "==": "=", "eq": "=", "equals": "=", "is": "=", "<>": "!=", "ne": "!=", "≠": "!=", "is_not": "!=",
    "gt": ">", "ge": ">=", "gte": ">=", "≥": ">=", "=>": ">=", "at_least": ">=", "more_than": ">",
    "lt": "<", "le": "<=", "lte": "<=", "≤": "<=", "=<": "<=", "at_most": "<=", "less_than": "<",
    "one_of": "in", "none_of": "not_in", "not in": "not_in", "contains": "has", "includes": "has",
}  # fmt: skip
"""What people write for an operator that is called otherwise here."""
_MONTH_AND_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


class _Unusable(Exception):
    """A part of the tree that cannot be read; its violation is noted already."""


class TreeReader:
    """Reads one tree and gathers what is wrong with it in `violations`."""

    def __init__(self, known: Mapping[str, Fact] = FACTS) -> None:
        """`known` are the facts by name."""
        self._known = known
        self._conditions = 0
        self.violations: list[Violation] = []

    def read(self, document: Json, pointer: str = "") -> Node | None:
        """The tree, or None where anything in it is wrong."""
        try:
            node = self._node(document, pointer, 1)
        except _Unusable:
            return None
        return None if self.violations else node

    def _node(self, document: Json, pointer: str, depth: int) -> Node:
        if not isinstance(document, dict):
            raise self._fault(
                pointer, f"{_shown(document)} is no condition", f"write an object with {_FORMS}"
            )
        if depth > DEEPEST:
            raise self._fault(pointer, f"conditions are nested over {DEEPEST} levels", "write it flatter")
        forms = [form for form in ("all", "any", "not", "fact") if form in document]
        if len(forms) != 1:
            raise self._form_fault(document, forms, pointer)
        form = forms[0]
        if form == "fact":
            return self._condition(document, pointer)
        self._only(document, (form,), pointer)
        if form == "not":
            return Not(self._node(document["not"], f"{pointer}/not", depth + 1))
        parts = self._parts(document[form], f"{pointer}/{form}", depth)
        return AllOf(parts) if form == "all" else AnyOf(parts)

    def _form_fault(self, document: dict[str, Json], forms: list[str], pointer: str) -> _Unusable:
        if forms:
            return self._fault(pointer, f"says {' and '.join(forms)} at once", "nest one within the other")
        guess = "".join(_meant(str(key), ("all", "any", "not", "fact")) for key in list(document)[:3])
        return self._fault(pointer, "says neither all, any, not nor a fact", f"{guess}write {_FORMS}")

    def _parts(self, document: Json, pointer: str, depth: int) -> tuple[Node, ...]:
        if not isinstance(document, list) or not document:
            raise self._fault(pointer, "is no list with anything in it", "write conditions in brackets")
        if len(document) > MOST_CONDITIONS:
            raise self._fault(pointer, f"has over {MOST_CONDITIONS} conditions", "make several rules")
        parts: list[Node] = []
        for index, part in enumerate(document):
            try:
                parts.append(self._node(part, f"{pointer}/{index}", depth + 1))
            except _Unusable:
                continue  # told already; the others may have faults of their own
        return tuple(parts)

    def _condition(self, document: dict[str, Json], pointer: str) -> Condition:
        self._conditions += 1
        if self._conditions > MOST_CONDITIONS:
            raise self._fault(
                pointer, f"the rule has over {MOST_CONDITIONS} conditions", "make several rules"
            )
        self._only(document, ("fact", "op", "value"), pointer)
        fact = self._fact(document["fact"], f"{pointer}/fact")
        op = self._op(document, fact, pointer)
        if "value" not in document:
            raise self._fault(pointer, "has no value", f'add "value": {example_of(fact, op)}')
        return Condition(fact, op, self._wanted(document["value"], fact, op, f"{pointer}/value"))

    def _fact(self, name: Json, pointer: str) -> Fact:
        if isinstance(name, str) and name in self._known:
            return self._known[name]
        guess = _meant(name, self._known) if isinstance(name, str) else ""
        mend = guess or f"use one of {', '.join(self._known)}"
        raise self._fault(pointer, f"there is no fact {_shown(name)}", mend)

    def _op(self, document: dict[str, Json], fact: Fact, pointer: str) -> Op:
        allowed = OPS[fact.type]
        given = document.get("op")
        if given in allowed:
            return Op(given)
        mend = f"use one of {' '.join(allowed)}"
        if "op" not in document:
            raise self._fault(pointer, "has no op", f'add "op": {mend}')
        if isinstance(given, str):
            other = _OTHER_SPELLINGS.get(given.lower())
            mend = (f"did you mean {other}? " if other in allowed else _meant(given, allowed)) + mend
        what = "is no operator" if given not in tuple(Op) else f"does not go with {fact.name} ({fact.type})"
        raise self._fault(f"{pointer}/op", f"{_shown(given)} {what}", mend)

    def _wanted(
        self, value: Json, fact: Fact, op: Op, pointer: str
    ) -> FactValue | tuple[FactValue, ...] | Fact:
        if isinstance(value, dict):
            return self._other_fact(value, fact, op, pointer)
        if op not in LISTED:
            return self._value(value, fact, op, pointer)
        if not isinstance(value, list) or not value:
            mend = f"write a list such as {example_of(fact, op)}"
            raise self._fault(pointer, f"{_shown(value)} is no list with anything in it", mend)
        if len(value) > LONGEST_LIST:
            raise self._fault(pointer, f"has over {LONGEST_LIST} values", "shorten it")
        return tuple(self._value(one, fact, op, f"{pointer}/{index}") for index, one in enumerate(value))

    def _other_fact(self, document: dict[str, Json], fact: Fact, op: Op, pointer: str) -> Fact:
        self._only(document, ("fact",), pointer)
        if "fact" not in document:
            raise self._fault(pointer, "names no fact", 'write {"fact": NAME}, or a plain value')
        other = self._fact(document["fact"], f"{pointer}/fact")
        alike = (other.type, other.unit) == (fact.type, fact.unit)
        if op in (Op.IN, Op.NOT_IN, Op.HAS) or not alike:
            mend = f"compare it with a {_kind(fact)}" if not alike else "use another operator"
            said = f"{fact.name} {op} {other.name}"
            raise self._fault(pointer, f"{said} ({_kind(other)}) has no meaning", mend)
        if other is fact:
            raise self._fault(
                pointer, f"{fact.name} is compared with itself", "name another fact, or a value"
            )
        return other

    def _value(self, value: Json, fact: Fact, op: Op, pointer: str) -> FactValue:
        read = _read_value(value, fact)
        if read is None:
            mend = f"write {_WANTED[fact.type]}, such as {example_of(fact, op, single=True)}"
            raise self._fault(pointer, f"{_shown(value)} is no {_kind(fact)}", mend)
        return read

    def _only(self, document: dict[str, Json], keys: tuple[str, ...], pointer: str) -> None:
        for key in document:
            if key not in keys:
                shown = str(key)[:_SHOWN]
                mend = _meant(str(key), keys) or "remove it"
                self._fault(f"{pointer}/{_escaped(shown)}", f"{shown!r} is no key here", mend)

    def _fault(self, pointer: str, detail: str, mend: str) -> _Unusable:
        self.violations.append(Violation(pointer, detail, mend))
        return _Unusable()


_WANTED = {
    FactType.NUMBER: "a whole number",
    FactType.MONEY: "a whole number of the currency's smallest unit",
    FactType.FLAG: "true or false",
    FactType.TEXT: "text in quotes",
    FactType.CODES: "a code in quotes",
    FactType.DATE: "a day",
    FactType.MOMENT: "a moment with its zone",
}
_EXAMPLES = {
    FactType.NUMBER: "23",
    FactType.MONEY: "5000",
    FactType.FLAG: "true",
    FactType.TEXT: '"DE"',
    FactType.CODES: '"mug"',
    FactType.DATE: '"2026-03-01"',
    FactType.MOMENT: '"2026-03-01T00:00:00Z"',
}


def example_of(fact: Fact, op: Op, *, single: bool = False) -> str:
    """A value that the fact could be compared with, as JSON."""
    example = '"02-29"' if fact.name == "birthday" else _EXAMPLES[fact.type]
    return f"[{example}]" if op in LISTED and not single else example


def _read_value(value: Json, fact: Fact) -> FactValue | None:
    match fact.type, value:
        case FactType.FLAG, bool():
            return value
        case ((FactType.NUMBER | FactType.MONEY), int()) if not isinstance(value, bool):
            return value if abs(value) < _INTEGER_LIMIT else None
        case ((FactType.TEXT | FactType.CODES), str()):
            return _text(value, fact)
        case FactType.DATE, str():
            return _day(value)
        case FactType.MOMENT, str():
            return _moment(value)
    return None


def _text(value: str, fact: Fact) -> str | None:
    if fact.name == "birthday" and not _MONTH_AND_DAY.fullmatch(value):
        return None
    return value if value.strip() and len(value) <= LONGEST_TEXT else None


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _moment(value: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
        return None if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _kind(fact: Fact) -> str:
    return f"{fact.type} of {fact.unit}" if fact.unit else str(fact.type)


def _meant(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name[:LONGEST_TEXT], list(known), n=1)
    return f"did you mean {close[0]}? " if close else ""


def _shown(value: Json) -> str:
    """The value itself, where it is short; else what kind of thing it is."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    said = {True: "true", False: "false", None: "null"}.get(value) if _is_word(value) else None
    said = said or (f'"{value}"' if isinstance(value, str) else str(value))
    return said if len(said) <= _SHOWN else said[:_SHOWN] + "…"


def _is_word(value: Json) -> bool:
    return value is None or isinstance(value, bool)


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def write_tree(node: Node) -> dict[str, Json]:
    """The tree as JSON again: what `TreeReader` read it from."""
    match node:
        case AllOf(parts):
            return {"all": [write_tree(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [write_tree(part) for part in parts]}
        case Not(part):
            return {"not": write_tree(part)}
        case Condition(fact, op, wanted):
            return {"fact": fact.name, "op": op.value, "value": _written(wanted)}


def _written(wanted: FactValue | tuple[FactValue, ...] | Fact) -> Json:
    if isinstance(wanted, Fact):
        return {"fact": wanted.name}
    if isinstance(wanted, tuple):
        return [_written(one) for one in wanted]
    return wanted.isoformat() if isinstance(wanted, date) else wanted
