"""Text from outside, made safe to look at. Escaping for HTML is the page engine's work, not this one's."""

from __future__ import annotations

import unicodedata

_LINE_ENDS = "\n\t"
_PICTURES = 0x2400
_DELETE = 0x7F
_SURROGATES = range(0xD800, 0xE000)
_DIRECTION_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def plain(text: str) -> str:
    """Text whose every character shows: nothing that hides, reorders its surroundings or breaks UTF-8.

    Control characters become their pictures (␀), direction controls and lone surrogates their numbers.
    """
    return text if text.isascii() and text.isprintable() else "".join(_visible(c) for c in text)


def short(text: str, length: int) -> str:
    """The beginning of a text, cut at `length` characters with an ellipsis."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def _visible(character: str) -> str:
    number = ord(character)
    if character in _LINE_ENDS:
        return character
    if number < ord(" "):
        return chr(_PICTURES + number)
    if number == _DELETE:
        return "\u2421"
    hidden = character in _DIRECTION_CONTROLS or number in _SURROGATES
    if hidden or unicodedata.category(character) in ("Cc", "Zl", "Zp"):
        return f"⟨U+{number:04X}⟩"
    return character
