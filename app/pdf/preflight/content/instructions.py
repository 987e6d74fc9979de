"""Content streams as plain instructions, kept for the art that many cards share."""

from __future__ import annotations

import hashlib
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
    return _parse(page)


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
