"""A whole rule as JSON: read with every fault told at once, and written again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, TypeVar

from app.domain.brand import Brand
from app.domain.occasion import Occasion, OccasionKind
from app.domain.policy import Intent
from app.domain.rule import LONGEST_TEXT, PREFIX, Place, Rule
from app.domain.rule_order import Placing, place_faults
from app.domain.rule_reading import TreeReader, write_tree
from app.domain.rule_words import WordsReader, written_words
from app.domain.template import CardTemplate
from app.errors import RuleUnusable, Violation

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_NAME = 40
_LONGEST_TITLE = 80
_KEYS = ("name", "title", "when", "kind", "intent", "place", "words", "since", "until")
_MOST_FAULTS = 50
_Choice = TypeVar("_Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a rule is held to: its brand, the card that it speaks on, and the occasions beside it.

    `rules` are the brand's other rules by code; None where places are not to be checked.
    """

    brand: Brand
    template: CardTemplate
    occasions: Mapping[str, Occasion]
    rules: Mapping[str, Placing] | None = None


def read_rule(document: Any, around: Surroundings) -> Rule:
    """The rule of a document.

    Raises:
        RuleUnusable: with every fault: JSON pointer, what is wrong, and the mend.
    """
    return _Reader(around).read(document)


def write_rule(rule: Rule) -> dict[str, Any]:
    """The rule as JSON, as it is stored; what was left out is written with its default."""
    return {
        "name": rule.name,
        "title": rule.title,
        "when": write_tree(rule.when),
        "kind": rule.kind.value,
        "intent": rule.intent.value,
        "place": None if rule.place is None else {"after": rule.place.after, "before": rule.place.before},
        "words": written_words(rule.words),
        "since": None if rule.since is None else rule.since.isoformat(),
        "until": None if rule.until is None else rule.until.isoformat(),
    }


def unusable(violations: list[Violation]) -> RuleUnusable:
    """The error for these violations."""
    first = violations[0]
    more = f", and {len(violations) - 1} more" if len(violations) > 1 else ""
    return RuleUnusable(
        f"{first.pointer or 'the rule'}: {first.detail}{more}",
        mend=first.mend,
        violations=tuple(violations[:_MOST_FAULTS]),
    )


class _Reader:
    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._found: list[Violation] = []

    def read(self, document: Any) -> Rule:
        if not isinstance(document, dict):
            self._fault("", "is no object", "send one JSON object with name, title, when and words")
            raise unusable(self._found)
        self._keys(document)
        name = self._name(document.get("name"))
        title = self._title(document.get("title"))
        when = self._tree(document)
        kind = self._choice(document, "kind", OccasionKind, OccasionKind.SOFT)
        intent = self._choice(document, "intent", Intent, Intent.NOTE)
        if kind is OccasionKind.RECOVERY and intent is not Intent.NOTE:
            self._fault("/intent", f"is {intent}, and after trouble a card wants nothing", "write note")
        since, until = self._moment(document, "since"), self._moment(document, "until")
        if since is not None and until is not None and until <= since:
            self._fault("/until", "is not after since", "let the rule end after it begins")
        place = self._place(document.get("place"), name, kind)
        words = WordsReader(self._around.brand, self._around.template, kind=kind, intent=intent)
        says = words.read(document.get("words", {}), name)
        self._found += words.violations
        if self._found or when is None or says is None:
            raise unusable(self._found)
        return Rule(
            name=name,
            title=title,
            when=when,
            words=says,
            kind=kind,
            intent=intent,
            place=place,
            since=since,
            until=until,
        )

    def _keys(self, document: dict[str, Any]) -> None:
        for key in document:
            if key not in _KEYS:
                close = get_close_matches(str(key)[:LONGEST_TEXT], _KEYS, n=1)
                mend = f"did you mean {close[0]}?" if close else f"use {', '.join(_KEYS)}"
                self._fault(f"/{str(key)[:40]}", "is no key of a rule", mend)

    def _name(self, value: Any) -> str:
        if not isinstance(value, str) or not _NAME.fullmatch(value) or len(value) > _LONGEST_NAME:
            mend = f"write up to {_LONGEST_NAME} of a-z, 0-9 and hyphens, such as third-mug"
            self._fault("/name", "is missing" if value is None else "is no name", mend)
            return ""
        return value

    def _title(self, value: Any) -> str:
        usable = isinstance(value, str) and value.strip() and value.isprintable()
        if not usable or len(value) > _LONGEST_TITLE:
            mend = f"write up to {_LONGEST_TITLE} characters, such as Third mug"
            self._fault("/title", "is missing" if value is None else "is no title", mend)
            return ""
        return str(value).strip()

    def _tree(self, document: dict[str, Any]) -> Any:
        if "when" not in document:
            mend = 'write a condition such as {"fact": "n_prior", "op": "=", "value": 2}'
            self._fault("/when", "is missing", mend)
            return None
        reader = TreeReader()
        node = reader.read(document["when"], "/when")
        self._found += reader.violations
        return node

    def _choice(self, document: dict[str, Any], key: str, kind: type[_Choice], default: _Choice) -> _Choice:
        value = document.get(key, default.value)
        if value not in list(kind):
            self._fault(f"/{key}", f"is none of {', '.join(kind)}", "use one of these")
            return default
        return kind(value)

    def _moment(self, document: dict[str, Any], key: str) -> datetime | None:
        value = document.get(key)
        if value is None:
            return None
        try:
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is not None:
                return moment.astimezone(UTC)
        except (TypeError, ValueError, OverflowError):
            pass
        self._fault(f"/{key}", "is no moment with its zone", "write one such as 2026-03-01T00:00:00+01:00")
        return None

    def _place(self, value: Any, name: str, kind: OccasionKind) -> Place | None:
        if value is None:
            return None
        usable = isinstance(value, dict) and not value.keys() - {"after", "before"}
        if not usable or not all(v is None or isinstance(v, str) for v in value.values()):
            self._fault("/place", "is no place", 'write {"after": CODE}, {"before": CODE} or both')
            return None
        place = Place(after=value.get("after"), before=value.get("before"))
        if place == Place():
            return None
        if self._around.rules is None:
            return place
        code = PREFIX + name
        rules = {**self._around.rules, code: Placing(place, kind)}
        order = self._around.brand.policy.order
        self._found += place_faults(code, place, order, rules, self._around.occasions)
        return place

    def _fault(self, pointer: str, detail: str, mend: str) -> None:
        self._found.append(Violation(pointer, detail, mend))
