"""Content streams as plain instructions, kept for the art that many cards share."""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Iterable
from decimal import Decimal
from threading import Lock
from typing import Any

import pikepdf

Instruction = tuple[str, list[Any]]
"""Operator, operands: numbers as float, names as str with their slash, strings as bytes, arrays as lists."""

_KEPT = 64
"""Streams kept; a plant prints a few templates at a time, two sides and seven occasions each."""
_LARGEST_KEPT = 1_000_000

_DELIMITED = rb"(?=[\s<>\[\]/]|$)"
_TOKEN = re.compile(
    rb"[+-]?(?:\d+\.?\d*|\.\d+)" + _DELIMITED + rb"|<[0-9A-Fa-f]*>|[\[\]]|/[\w.+*-]+" + _DELIMITED
    + rb"|[A-Za-z'\"][A-Za-z0-9*]?[A-Za-z*]?" + _DELIMITED
)  # fmt: skip
"""What our own content is made of: numbers, hexadecimal strings, arrays, plain names, operators."""
_HEX, _NAME = b"</"
_NOT_PLAIN = (b"BI", b"]")
_BLANKS = b" \t\n\r\x0b\x0c"
_NUMERIC = frozenset(b"0123456789+-.")

_kept: OrderedDict[bytes, list[Instruction]] = OrderedDict()
_lock = Lock()


def parsed(stream: pikepdf.Stream) -> list[Instruction]:
    """The instructions of a form's content stream; do not change them.

    Raises:
        pikepdf.PdfError: the stream cannot be inflated or parsed.
    """
    content = stream.read_bytes()
    key = hashlib.blake2b(content, digest_size=16).digest()
    with _lock:
        known = _kept.get(key)
        if known is not None:
            _kept.move_to_end(key)
            return known
    instructions = plain_instructions(content)
    if instructions is None:
        instructions = _parse(stream)
    if len(content) <= _LARGEST_KEPT:
        with _lock:
            _kept[key] = instructions
            while len(_kept) > _KEPT:
                _kept.popitem(last=False)
    return instructions


def parsed_page(page: pikepdf.Page) -> list[Instruction]:
    """The instructions of a page; its content is this card's own, so nothing is kept.

    Raises:
        pikepdf.PdfError: a stream cannot be inflated or parsed.
    """
    contents = page.obj.get("/Contents")
    found = plain_instructions(contents.read_bytes()) if isinstance(contents, pikepdf.Stream) else None
    return _parse(page) if found is None else found


def plain_instructions(content: bytes) -> list[Instruction] | None:
    """The instructions of content as the engine writes it; None for any other, which qpdf takes apart.

    Five times as fast as asking qpdf token by token. Anything that is not spelled plainly (literal strings,
    dictionaries, inline images, comments, escapes in names) is left to qpdf.
    """
    tokens = _TOKEN.findall(content)
    if sum(map(len, tokens)) < len(content.translate(None, _BLANKS)):
        return None
    instructions: list[Instruction] = []
    operands: list[Any] = []
    outer: list[list[Any]] = []
    for token, value in zip(tokens, map(_Values().__getitem__, tokens), strict=True):
        if value is not None:
            operands.append(value)
        elif token == b"[":
            outer.append(operands)
            operands = []
        elif token == b"]" and outer:
            inner, operands = operands, outer.pop()
            operands.append(inner)
        elif token in _NOT_PLAIN or outer:
            return None
        else:
            instructions.append((token.decode("ascii"), operands))
            operands = []
    return None if outer or operands else instructions


class _Values(dict[bytes, float | bytes | str | None]):
    """What tokens stand for. Most come again and again: sizes, small numbers, letters."""

    def __missing__(self, token: bytes) -> float | bytes | str | None:
        """A token that was not met before."""
        value = self[token] = _plain_value(token)
        return value


def _plain_value(token: bytes) -> float | bytes | str | None:
    """A number, string or name; None for an operator or a bracket."""
    first = token[0]
    if first in _NUMERIC:
        return float(token)
    if first == _HEX:
        digits = token[1:-1].decode("ascii")
        return bytes.fromhex(digits + "0" if len(digits) % 2 else digits)
    return token.decode("ascii") if first == _NAME else None


def _parse(source: pikepdf.Stream | pikepdf.Page) -> list[Instruction]:
    instructions: list[Instruction] = []
    for parsed_one in pikepdf.parse_content_stream(source):
        if isinstance(parsed_one, pikepdf.ContentStreamInlineImage):
            instructions.append(("BI", [parsed_one.iimage]))
        else:
            instructions.append((str(parsed_one.operator), _plain(parsed_one.operands)))
    return instructions


def _plain(operands: Iterable[Any]) -> list[Any]:
    # The type is asked first: pikepdf's own classes answer `isinstance` slowly, and most are numbers.
    return [
        float(value) if type(value) is Decimal or type(value) is int else _plain_object(value)
        for value in operands
    ]


def _plain_object(value: Any) -> Any:
    if isinstance(value, pikepdf.String):
        return bytes(value)
    if isinstance(value, pikepdf.Name):
        return str(value)
    if isinstance(value, pikepdf.Array):
        return _plain(value.as_list())
    return float(value) if isinstance(value, float) else value
