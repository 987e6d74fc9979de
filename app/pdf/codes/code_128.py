"""Code 128 (ISO/IEC 15417:2007): the fewest symbols over its three sets, and GS1 element strings in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from app.errors import ArtworkUnusable

# Widths of bars and spaces in turn, by symbol: six each, the stop with a closing bar.
_PATTERNS = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 "
    "122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 "
    "322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 "
    "112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 "
    "331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 "
    "112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 "
    "124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113 "
    "411311 113141 114131 311141 411131 211412 211214 211232 2331112"
)
_WIDTHS = tuple(_PATTERNS.split())
_SHIFT, _STOP = 98, 106
_LATCH = {"C": 99, "B": 100, "A": 101}
_START = {"C": 105, "B": 104, "A": 103}
_FNC1 = 128
"""Function character 1, as a character after ASCII."""
_FNC1_SYMBOL = 102
_MOST_CHARACTERS = 80
"""The standard sets no limit; no scanner's window is wider."""
_MOST_GS1_CHARACTERS = 48
"""GS1 General Specifications, 5.4.4.4."""
_ELEMENT = re.compile(r"\(([0-9]{2,4})\)([^()]*)")
_OF_FIXED_LENGTH = re.compile(r"0[0-4]|1[1-9]|20|3[1-6]|41")
"""First two digits of the element strings that need no separator (GS1 General Specifications, 7.8.5)."""
_DIGITS = b"0123456789"
_IN_SET = {
    "A": {c: (c - 32) % 96 for c in range(96)},
    "B": {c: c - 32 for c in range(32, 128)},
}
"""Symbol of each character in the sets that hold letters."""


def code_128_widths(text: str, *, gs1: bool = False) -> str:
    """Widths of bars and spaces in turn, in modules, beginning and ending with a bar.

    Args:
        text: ASCII; with `gs1` element strings such as `(01)09501101530003(10)A1`.
        gs1: whether a scanner shall be told that these are GS1 element strings.

    Raises:
        ArtworkUnusable: the text is empty, too long, not ASCII, or no element strings.
    """
    characters = list(_gs1_characters(text) if gs1 else _ascii(text))
    symbols = _symbols(characters)
    check = (symbols[0] + sum(place * symbol for place, symbol in enumerate(symbols))) % 103
    return "".join(_WIDTHS[symbol] for symbol in (*symbols, check, _STOP))


def _ascii(text: str) -> bytes:
    if not text:
        raise ArtworkUnusable("a Code 128 needs a text", mend="give the record what the code should say")
    if foreign := next((c for c in text if not c.isascii()), None):
        raise ArtworkUnusable(
            f"a Code 128 cannot hold {foreign!r}", mend="use ASCII characters only, or a QR code"
        )
    if len(text) > _MOST_CHARACTERS:
        raise ArtworkUnusable(
            f"{len(text)} characters are more than the {_MOST_CHARACTERS} of a Code 128",
            mend="use a shorter text",
        )
    return text.encode()


def _gs1_characters(text: str) -> Iterator[int]:
    """The element strings' characters, with FNC1 before the first and between those of unknown length."""
    elements = _ELEMENT.findall(text)
    if not text or "".join(f"({key}){value}" for key, value in elements) != text:
        raise ArtworkUnusable(
            f"{text!r} is not made of GS1 element strings", mend="write them as (01)09501101530003(10)A1"
        )
    said = sum(len(key) + len(value) for key, value in elements)
    if said > _MOST_GS1_CHARACTERS:
        raise ArtworkUnusable(
            f"{said} characters are more than the {_MOST_GS1_CHARACTERS} of a GS1-128", mend="use two codes"
        )
    open_ended = True  # FNC1 also says that element strings begin
    for key, value in elements:
        if not value:
            raise ArtworkUnusable(f"the element string ({key}) is empty", mend="leave it out, or fill it")
        if open_ended:
            yield _FNC1
        yield from _ascii(key + value)
        open_ended = not _OF_FIXED_LENGTH.match(key)


def _symbols(characters: Sequence[int]) -> tuple[int, ...]:
    """The fewest symbols, the start among them.

    At each place, the shortest way to have written all before it and to be in each set.
    """
    ways: list[dict[str, tuple[int, ...]]] = [{} for _ in range(len(characters) + 1)]
    ways[0] = {name: (start,) for name, start in _START.items()}
    for place in range(len(characters)):
        here = ways[place]
        shortest = min(here.values(), key=len)
        for name, latch in _LATCH.items():
            _offer(here, name, (*shortest, latch))
        for name, written in here.items():
            for step, taken in _steps(characters[place : place + 2], name):
                _offer(ways[place + taken], name, (*written, *step))
    return min(ways[-1].values(), key=len)


def _offer(ways: dict[str, tuple[int, ...]], name: str, way: tuple[int, ...]) -> None:
    if name not in ways or len(way) < len(ways[name]):
        ways[name] = way


def _steps(ahead: Sequence[int], name: str) -> Iterator[tuple[tuple[int, ...], int]]:
    """Symbols that can come next in a set, and how many characters they say."""
    first = ahead[0]
    if first == _FNC1:
        yield (_FNC1_SYMBOL,), 1
    elif name == "C":
        if all(c in _DIGITS for c in ahead) and len(ahead) > 1:
            yield (int(bytes(ahead)),), 2
    elif first in _IN_SET[name]:
        yield (_IN_SET[name][first],), 1
    else:
        yield (_SHIFT, _IN_SET["A" if name == "B" else "B"][first]), 1
