"""JSON (RFC 8259) read so strictly that what was read is what was meant.

Python's own reader takes the last of two equal keys, NaN, lone surrogates and numbers of any length. Each of
these is refused here with a JSON pointer (RFC 6901) to where it stands.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from app.errors import MalformedOrder, Violation

_DEEPEST = 32
_LONGEST_NUMBER = 30
_LARGEST_EXPONENT = 30
_LONGEST_KEY = 200
_MOST_VIOLATIONS = 50
_READER = json.JSONDecoder()


class _Object(dict[str, Any]):
    """An object that remembers which keys it was given twice."""

    twice: tuple[str, ...] = ()


class _Refused:
    """Stands for a number that cannot be used, until its place in the document is known."""

    def __init__(self, why: str) -> None:
        self.why = why


def decode(body: bytes) -> Any:
    """The document in `body`; numbers with a fraction as exact `Decimal`.

    Raises:
        MalformedOrder: with a violation for each thing wrong.
    """
    try:
        document = json.loads(
            body.decode("utf-8-sig"),
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_fraction,
            parse_constant=lambda name: _Refused(f"{name} is not a JSON number"),
        )
    except UnicodeDecodeError as error:
        raise _broken(f"the body is not UTF-8: byte {error.start} is wrong", "send UTF-8") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise _broken(f"the body is not JSON: {error.msg} at {where}", "send one JSON object") from error
    except RecursionError as error:
        where = _too_deep_at(body.decode("utf-8-sig"))
        fault = Violation(where, f"nested over {_DEEPEST} levels", "send it flatter")
        raise malformed((fault,)) from error
    if violations := tuple(_violations(document)):
        raise malformed(violations)
    return document


def decode_object(body: bytes) -> dict[str, Any]:
    """The document in `body`, which is an object.

    Raises:
        MalformedOrder: as `decode`, or it is no object.
    """
    document = decode(body)
    if not isinstance(document, dict):
        raise _broken("the body is JSON, but no object", "send one JSON object")
    return document


def digest(document: Any) -> str:
    """SHA-256 in hex of a decoded document, whatever the spacing and key order it came in."""
    canonical = json.dumps(
        document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_canonical
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def malformed(violations: tuple[Violation, ...]) -> MalformedOrder:
    """The error for these violations; its detail is a sentence, and very long lists are cut."""
    first = violations[0]
    more = f", and {len(violations) - 1} more" if len(violations) > 1 else ""
    return MalformedOrder(
        f"{first.pointer or 'the body'}: {first.detail}{more}",
        mend=first.mend,
        violations=violations[:_MOST_VIOLATIONS],
    )


def child(pointer: str, key: str | int) -> str:
    """The JSON pointer of a member of what `pointer` points at."""
    return f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}"


def _too_deep_at(text: str) -> str:
    """The JSON pointer of the first object or list over the deepest level of an unreadable text."""
    open_parts: list[str | int] = []
    position, named = 0, ""
    while position < len(text) and len(open_parts) <= _DEEPEST:
        sign = text[position]
        position += 1
        if sign == '"':
            named, position = _READER.raw_decode(text, position - 1)
        elif sign == ":":
            open_parts[-1] = named
        elif sign in "{[":
            open_parts.append("" if sign == "{" else 0)
        elif sign in "}]":
            open_parts.pop()
        elif sign == "," and isinstance(open_parts[-1], int):
            open_parts[-1] += 1
    pointer = ""
    for part in open_parts[:-1]:
        pointer = child(pointer, part)
    return pointer


def _broken(detail: str, mend: str) -> MalformedOrder:
    return malformed((Violation("", detail, mend),))


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    found = _Object(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        found.twice = tuple(sorted({key for key in keys if keys.count(key) > 1}))
    return found


def _integer(digits: str) -> int | _Refused:
    if len(digits) > _LONGEST_NUMBER:
        return _Refused(f"a number of {len(digits)} digits is over the limit of {_LONGEST_NUMBER}")
    return int(digits)


def _fraction(digits: str) -> Decimal | _Refused:
    if len(digits) > _LONGEST_NUMBER:
        return _Refused(f"a number of {len(digits)} digits is over the limit of {_LONGEST_NUMBER}")
    number = Decimal(digits)
    if abs(number.adjusted()) > _LARGEST_EXPONENT:
        return _Refused(f"the number {digits} is too large or too small")
    return number


def _violations(document: Any) -> Iterator[Violation]:
    """Every violation in a document; a stack of its own, so that depth costs no recursion."""
    open_nodes: list[tuple[str, Any, int]] = [("", document, 1)]
    while open_nodes:
        pointer, node, depth = open_nodes.pop()
        if isinstance(node, _Refused):
            yield Violation(pointer, node.why, "send a plain decimal number")
        elif isinstance(node, str):
            if why := unusable(node):
                yield Violation(pointer, f"the text holds {why}", "take the character out")
        elif isinstance(node, dict | list):
            if depth > _DEEPEST:
                yield Violation(pointer, f"nested over {_DEEPEST} levels", "send it flatter")
                continue
            if isinstance(node, _Object):
                yield from _key_violations(pointer, node)
            open_nodes += [(child(pointer, key), member, depth + 1) for key, member in _members(node)]


def _members(node: dict[str, Any] | list[Any]) -> list[tuple[str | int, Any]]:
    # Reversed, because the last of the stack is looked at first and violations read best in their order.
    # Members of an unusable key are reported with it; their pointer could not be written.
    if isinstance(node, dict):
        return [(k, v) for k, v in reversed(node.items()) if not _unusable_key(k)]
    return [(i, node[i]) for i in range(len(node) - 1, -1, -1)]


def _key_violations(pointer: str, node: _Object) -> Iterator[Violation]:
    for key in node:
        if why := _unusable_key(key):
            yield Violation(pointer, f"a key here holds {why}", "rename the key")
    for key in node.twice:
        if not _unusable_key(key):
            yield Violation(child(pointer, key), "this key is here twice", "send each key once")


def _unusable_key(key: str) -> str:
    return f"over {_LONGEST_KEY} characters" if len(key) > _LONGEST_KEY else unusable(key)


def unusable(text: str) -> str:
    """What keeps a text from being stored anywhere: U+0000 or half a surrogate pair; empty if nothing."""
    if "\0" in text:
        return "the NUL character (U+0000)"
    if text.isascii():
        return ""
    lone = next((c for c in text if "\ud800" <= c <= "\udfff"), None)
    return f"the lone surrogate U+{ord(lone):04X}, half of a character" if lone else ""


def _canonical(value: object) -> str:
    if isinstance(value, Decimal):
        return f"\0{value.normalize():f}"  # no text can be equal to it: texts with NUL were refused
    raise TypeError(f"{type(value).__name__} is no part of JSON")
