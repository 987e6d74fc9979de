"""The settings whose number depends on the brand: those of each language, colour and sales channel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.domain.brand import PALETTE_TOKENS
from app.web.pages.settings_fields import CARDS_PER, INTENTS, Field, Group, Kind, Options

_LINES = "A line each, such as {example}. One that is taken out goes back to what brand.toml says."
_TOKENS = ("brand", "brand-mid", "brand-tint", "accent", "paper", "ink", "quiet")


def language_fields(document: Mapping[str, Any]) -> tuple[Field, ...]:
    """What the signer does, and how they are written, in each of the brand's languages."""
    return tuple(field for language in document["languages"] for field in _of_signer(language))


def own_groups(document: Mapping[str, Any]) -> tuple[Group, ...]:
    """The brand's words, categories and colours."""
    languages = document["languages"]
    words = tuple(field for language in languages for field in _words(language))
    categories = Field(
        path=("categories",),
        label="SKUs",
        help=_LINES.format(example="BOOK-* = book"),
        kind=Kind.TABLE,
    )
    names = tuple(
        Field(
            path=("category_names", language),
            label=f"Names of categories ({language})",
            help=_LINES.format(example="book = photo books"),
            kind=Kind.TABLE,
        )
        for language in languages
    )
    return (
        Group(code="words", title="Its words", about="What cards say of the brand itself.", fields=words),
        Group(
            code="categories",
            title="Categories",
            about="What is in an order, by SKU, and how cards call it.",
            fields=(categories, *names),
        ),
        Group(
            code="colours",
            title="Colours",
            about="Cyan, magenta, yellow and black in percent, at most three of them above 10.",
            fields=tuple(_colours()),
        ),
    )


def _of_signer(language: str) -> Iterator[Field]:
    yield Field(
        path=("signer", "role", language), label=f"What they do ({language})", help="Printed under the name."
    )
    yield Field(
        path=("signer", "name_in", language),
        label=f"Their name ({language})",
        help="Where it is written otherwise in this language.",
    )


def _words(language: str) -> Iterator[Field]:
    yield Field(path=("imprint", language), label=f"Imprint ({language})", help="At the foot of the card.")
    yield Field(
        path=("story", language),
        label=f"Story ({language})",
        help=_LINES.format(example="first = we bind each book by hand") + " * is for any occasion.",
        kind=Kind.TABLE,
    )


def _colours() -> Iterator[Field]:
    for token in sorted(PALETTE_TOKENS, key=_TOKENS.index):
        yield Field(path=("palette", token), label=token.capitalize(), help="", kind=Kind.INKS)


AS_BRAND = ""
"""Stands for "as for the brand" on a channel."""
YES_NO: Options = (("true", "get cards"), ("false", "get none"))


def channel_fields(channel: str) -> tuple[Field, ...]:
    """What may be otherwise on one sales channel."""
    at = ("policy", "channels", channel)
    same = ((AS_BRAND, "as for the brand"),)
    return (
        Field(path=(*at, "cards"), label="Its orders", help="", kind=Kind.CHOICE, options=YES_NO),
        Field(
            path=(*at, "cards_per"),
            label="One card for each",
            help="",
            kind=Kind.CHOICE,
            options=(*same, *CARDS_PER),
        ),
        Field(
            path=(*at, "order"),
            label="Priority",
            help="Codes of occasions and rules, with commas, the first wins. Empty: as for the brand.",
            kind=Kind.WORDS,
        ),
        Field(
            path=(*at, "intents"),
            label="A card may be",
            help="None ticked: as for the brand.",
            kind=Kind.CHOICES,
            options=INTENTS,
        ),
        Field(
            path=(*at, "soft_skip"),
            label="Leave out at random",
            help="Empty: as for the brand.",
            kind=Kind.PERCENT,
            unit="%",
        ),
        Field(
            path=(*at, "switched_off"),
            label="Never for",
            help="None ticked: as for the brand.",
            kind=Kind.CHOICES,
            options="occasions",
        ),
    )
