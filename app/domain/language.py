"""Languages, named by their BCP 47 tag, mostly the primary subtag alone (`en`, `de`, `ar`, `zh-Hant`)."""

from __future__ import annotations

from collections.abc import Iterator

ANY = "und"
"""BCP 47's tag for text whose language is not determined: words that come with each record."""

# Languages whose usual script runs right to left (Unicode CLDR, `characterOrder`).
_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"})


def direction(language: str) -> str:
    """`rtl` or `ltr`: the base direction of text in a language."""
    return "rtl" if language.partition("-")[0] in _RIGHT_TO_LEFT else "ltr"


def lookups(language: str) -> Iterator[str]:
    """The tags to be tried for a language, best first: `zh-Hant`, `zh`, then `ANY` (RFC 4647, 3.4)."""
    subtags = language.split("-")
    for count in range(len(subtags), 0, -1):
        yield "-".join(subtags[:count])
    yield ANY
