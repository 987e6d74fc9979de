"""Languages, named by their BCP 47 tag, mostly the primary subtag alone (`en`, `de`, `ar`, `zh-Hant`)."""

from __future__ import annotations

import re
from collections.abc import Iterator

ANY = "und"
"""BCP 47's tag for text whose language is not determined: words that come with each record."""

# Languages whose usual script runs right to left (Unicode CLDR, `characterOrder`).
_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"})
_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_WEIGHT = re.compile(r"q\s*=\s*([01](?:\.[0-9]{0,3})?)", re.IGNORECASE)
_LONGEST_HEADER = 500


def direction(language: str) -> str:
    """`rtl` or `ltr`: the base direction of text in a language."""
    return "rtl" if language.partition("-")[0] in _RIGHT_TO_LEFT else "ltr"


def accepted(header: str) -> tuple[str, ...]:
    """The languages of an `Accept-Language` header, best first (RFC 9110, 12.5.4).

    What cannot be read is left out.
    """
    found: list[tuple[float, str]] = []
    for part in header[:_LONGEST_HEADER].split(","):
        tag, _, parameter = (piece.strip() for piece in part.partition(";"))
        weight = _WEIGHT.fullmatch(parameter) if parameter else None
        if _TAG.fullmatch(tag) and (weight or not parameter):
            found.append((float(weight[1]) if weight else 1.0, tag))
    return tuple(tag for weight, tag in sorted(found, key=lambda each: -each[0]) if weight > 0)


def lookups(language: str) -> Iterator[str]:
    """The tags to be tried for a language, best first: `zh-Hant`, `zh`, then `ANY` (RFC 4647, 3.4)."""
    subtags = language.split("-")
    for count in range(len(subtags), 0, -1):
        yield "-".join(subtags[:count])
    yield ANY
