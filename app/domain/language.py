"""Languages, named by their primary BCP 47 subtag (`en`, `de`, `ar`)."""

from __future__ import annotations

# Languages whose usual script runs right to left (Unicode CLDR, `characterOrder`).
_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"})


def direction(language: str) -> str:
    """`rtl` or `ltr`: the base direction of text in a language."""
    return "rtl" if language.partition("-")[0] in _RIGHT_TO_LEFT else "ltr"
