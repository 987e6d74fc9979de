"""ICU MessageFormat patterns: the words of a card with slots such as `{given_name}`.

A wording is a pattern, so that each language can say "your 23rd" or "two months" by its own grammar:
`{nth_year, selectordinal, one {#st} two {#nd} few {#rd} other {#th}}`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from icu4py.messageformat import MessageFormat

from app.errors import WordingUnusable

_ARGUMENT = re.compile(r"\s*([^\s{},]+)\s*(?:,\s*([a-z]+))?")
_SIMPLE_ARGUMENT = re.compile(r"\{\s*([^\s{},']+)\s*\}")
_SPACED_STYLE = re.compile(r",\s*(?:spellout|ordinal)\s*,\s+")
_HALF = re.compile("[\ud800-\udfff]")
_NUMERIC = frozenset({"plural", "selectordinal", "number", "spellout", "ordinal"})


@lru_cache(maxsize=4096)
def _compiled(pattern: str, language: str) -> MessageFormat:
    return MessageFormat(pattern, language)


def pattern_fault(pattern: str, language: str) -> str | None:
    """What is wrong with a pattern, or None.

    An ASCII apostrophe is refused: ICU reads it as a quote in some places and not in others, and on
    paper it should be ’ anyway. So is a space before a style: ICU would silently spell “twenty-three”
    for `{n, spellout, %spellout-ordinal}`.
    """
    if "'" in pattern:
        return "has a straight apostrophe; write ’"
    if _SPACED_STYLE.search(pattern):
        return "has a space before %; write spellout,%… without it"
    try:
        _compiled(pattern, language)
    except ValueError as problem:
        return f"is no ICU MessageFormat pattern ({str(problem).rpartition(': ')[2]})"
    return None


def slots_in(pattern: str) -> dict[str, bool]:
    """Every slot that a valid pattern names, in any branch; True where it is used as a number."""
    return dict(_slots(pattern))


@lru_cache(maxsize=4096)
def _slots(pattern: str) -> tuple[tuple[str, bool], ...]:
    found: dict[str, bool] = {}
    depth = 0
    for position, character in enumerate(pattern):
        if character == "{":
            # Braces alternate: one opens an argument, the next one inside it a message.
            if depth % 2 == 0 and (argument := _ARGUMENT.match(pattern, position + 1)):
                name, kind = argument.groups()
                found[name] = found.get(name, False) or kind in _NUMERIC
            depth += 1
        elif character == "}":
            depth -= 1
    return tuple(found.items())


def fill(pattern: str, language: str, slots: Mapping[str, str | int]) -> str:
    """The pattern with its slots filled, as plain text.

    ICU leaves the name of a missing slot in braces; on paper that would be a placeholder, so it is an error.

    Raises:
        WordingUnusable: a slot is missing or empty, or text stands where a number must.
    """
    parts = _parts(pattern)
    if parts is not None and (said := _put_in(parts, slots)) is not None:
        return said
    needed = _slots(pattern)
    if not needed:
        return _constant(pattern, language)
    values: dict[str, Any] = {}
    for name, numeric in needed:
        value = values[name] = slots.get(name, "")
        if value == "":
            raise _lacking(pattern, slots)
        if numeric and not isinstance(value, int):
            raise WordingUnusable(f"the wording needs a number for {name}, not text")
    try:
        return _compiled(pattern, language).format(values)
    except (TypeError, ValueError, RuntimeError) as problem:
        raise WordingUnusable(f"the wording cannot be filled: {problem}") from problem


def fill_numbers(pattern: str, language: str, value: int | Decimal | datetime) -> str:
    """A pattern of our own, whose one argument `n` is set as the locale sets numbers, amounts and dates."""
    said: str = _compiled(pattern, language).format({"n": value})
    return said


@lru_cache(maxsize=4096)
def _parts(pattern: str) -> tuple[str, ...] | None:
    """Text and slots in turn, where a pattern only puts texts in; ICU takes ten times as long for that."""
    parts = tuple(_SIMPLE_ARGUMENT.split(pattern))
    only = len(parts) > 1 and not any(mark in text for text in parts[::2] for mark in "{}'")
    return parts if only else None


def _put_in(parts: Sequence[str], slots: Mapping[str, str | int]) -> str | None:
    """The parts with their slots filled; None where a slot is no text, or none that can be printed."""
    said = list(parts)
    for index in range(1, len(said), 2):
        value = slots.get(said[index])
        if not value or not isinstance(value, str):
            return None
        said[index] = value
    joined = "".join(said)
    # Half a character is left to ICU, which refuses it.
    return joined if joined.isascii() or not _HALF.search(joined) else None


@lru_cache(maxsize=4096)
def _constant(pattern: str, language: str) -> str:
    """A pattern without slots, whose text is always the same."""
    said: str = _compiled(pattern, language).format({})
    return said


def _lacking(pattern: str, slots: Mapping[str, str | int]) -> WordingUnusable:
    missing = sorted(name for name, _ in _slots(pattern) if slots.get(name, "") == "")
    return WordingUnusable(
        f"the wording needs {', '.join(missing)}, which this order does not have",
        mend="use a wording that does not require it, or send it with the order",
    )
